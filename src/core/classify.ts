import type { ErrorKind, RunError, WireError } from './events.ts';
import { field, parseJson, stringField } from './json.ts';

/** Kinds that only say "something went wrong": any other kind tells more. */
const VAGUE: ReadonlySet<ErrorKind> = new Set<ErrorKind>([
  'server',
  'bad_request',
  'stream_cut',
  'not_understood',
]);

/**
 * Codes and types that servers use, each for one thing only
 * (https://platform.openai.com/docs/guides/error-codes; LiteLLM 1.106's `ProxyErrorTypes` and exception map).
 */
const BY_CODE = tableOf({
  invalid_api_key: 'key_rejected',
  expired_key: 'key_rejected',
  no_db_connection: 'key_rejected',
  token_not_found_in_db: 'key_rejected',
  permission_denied: 'key_not_allowed',
  permission_error: 'key_not_allowed',
  key_model_access_denied: 'model_unknown',
  team_model_access_denied: 'model_unknown',
  user_model_access_denied: 'model_unknown',
  customer_model_access_denied: 'model_unknown',
  org_model_access_denied: 'model_unknown',
  project_model_access_denied: 'model_unknown',
  agent_model_access_denied: 'model_unknown',
  model_not_found: 'model_unknown',
  DeploymentNotFound: 'model_unknown',
  insufficient_quota: 'quota',
  budget_exceeded: 'quota',
  billing_hard_limit_reached: 'quota',
  rate_limit_exceeded: 'rate_limited',
  content_filter: 'content_refused',
  content_policy_violation: 'content_refused',
  invalid_prompt: 'content_refused',
  context_length_exceeded: 'too_large',
  string_above_max_length: 'too_large',
  container_expired: 'container_expired',
  previous_response_not_found: 'answers_gone',
  timeout: 'timeout',
  local_python_unavailable: 'local_gateway',
});

/** Texts that say what no code does; first match wins. Sources: wire.md, sections 4 and 5, and the issues named. */
const BY_MESSAGE: readonly (readonly [RegExp, ErrorKind])[] = [
  [/container (?:is|has) expired|container .{0,100}expired/i, 'container_expired'],
  // Of a chain whose container has expired (pydantic/pydantic-ai#7461).
  [/^expected container_id: cntr_/i, 'container_expired'],
  // Of a chain at a service that keeps nothing, by contract or by `store` (openai/openai-agents-python#1603).
  [/previous response .{0,200}(?:not found|data retention)|items are not persisted/i, 'answers_gone'],
  // What LiteLLM 1.106 answers to the id of a response that it did not make.
  [/passed in model=None/i, 'not_found'],
  // LiteLLM before BerriAI/litellm#39464 takes the provider's error for a broken container.
  [/validation errors? for Container\w*[\s\S]*?'error'/i, 'not_found'],
  // LiteLLM before BerriAI/litellm#19115 knows no container route for keys that are not an administrator's.
  [/only proxy admin can be used/i, 'admin_only'],
  [/exceeded your current quota|budget has been exceeded|exceededbudget/i, 'quota'],
  [
    /no connected db|invalid (?:proxy server )?(?:api key|token)|incorrect api key|virtual key expected/i,
    'key_rejected',
  ],
  [/plain http request was sent to https port|http request to an https server/i, 'wrong_scheme'],
  [
    /invalid model name|model .{0,200}(?:does not exist|not found)|unknown model|key not allowed to access model/i,
    'model_unknown',
  ],
  [
    /code_interpreter.{0,200}(?:not supported|unsupported|not available)|(?:not supported|unsupported|does not support|invalid value).{0,200}code_interpreter|container api not supported/i,
    'no_code_interpreter',
  ],
  [
    /contextwindowexceeded|maximum context length|(?:request|payload) (?:body |entity )?(?:is )?too large/i,
    'too_large',
  ],
  [/contentpolicyviolation|content management policy|usage polic(?:y|ies)/i, 'content_refused'],
];

/** LiteLLM's words where a provider refused a key: the one in its own configuration, not the one it was sent. */
const PROVIDER_KEY = /^litellm\.AuthenticationError/;

/** Types that say no more than the status does, and less than the message may. */
const BY_LOOSE_TYPE = tableOf({
  authentication_error: 'key_rejected',
  auth_error: 'key_rejected',
  // What LiteLLM says of a used-up quota too.
  rate_limit_error: 'rate_limited',
  throttling_error: 'rate_limited',
});

/** A map, for names that servers choose may be ones that every object has. */
function tableOf(kinds: Readonly<Record<string, ErrorKind>>): ReadonlyMap<string, ErrorKind> {
  return new Map(Object.entries(kinds));
}

const BY_STATUS: Readonly<Record<number, ErrorKind>> = {
  401: 'key_rejected',
  403: 'key_not_allowed',
  404: 'not_found',
  405: 'route_missing',
  407: 'proxy',
  408: 'timeout',
  413: 'too_large',
  429: 'rate_limited',
  501: 'route_missing',
  504: 'timeout',
  // Cloudflare's own: the server behind it was not reached, or was silent, in time.
  522: 'timeout',
  524: 'timeout',
};

/** Which kind of failure a server's error object and HTTP status speak of. */
export function classify(error: WireError | undefined, status?: number): ErrorKind {
  if (error?.message !== undefined && PROVIDER_KEY.test(error.message.slice(0, 2_000))) return 'provider_key';
  const named = BY_CODE.get(error?.code ?? '') ?? BY_CODE.get(error?.type ?? '');
  if (named) return named;
  const message = error?.message;
  const told = message && BY_MESSAGE.find(([pattern]) => pattern.test(message.slice(0, 2_000)));
  if (told) return told[1];
  // LiteLLM calls what a key may not do an `auth_error` too.
  const loose = status === 403 ? undefined : BY_LOOSE_TYPE.get(error?.type ?? '');
  if (loose) return loose;
  // LiteLLM puts the HTTP status into `code` as a string.
  const code = status ?? (/^[45]\d\d$/.test(error?.code ?? '') ? Number(error?.code) : undefined);
  if (code === undefined) return error?.type === 'invalid_request_error' ? 'bad_request' : 'server';
  return BY_STATUS[code] ?? (code >= 500 ? 'server' : 'bad_request');
}

/** @param status of the HTTP answer; undefined for an error told in a stream or a response */
export function errorFromWire(error: WireError, status?: number): RunError {
  const inner = unwrapped(error);
  const detail = inner.message === undefined ? undefined : safeDetail(inner.message);
  return {
    kind: classify(inner === error || PROVIDER_KEY.test(error.message ?? '') ? error : inner, status),
    ...(status === undefined ? {} : { status }),
    ...(detail ? { detail } : {}),
  };
}

/**
 * The provider's error inside LiteLLM's words for it, such as `litellm.BadRequestError: OpenAIException - {"error": …}`
 * followed by what LiteLLM did about it (seen on 1.106); the error itself where there is none.
 */
function unwrapped(error: WireError): WireError {
  const [, words] = LITELLM_WORDS.exec(error.message ?? '') ?? [];
  if (words === undefined) return error;
  const told = words.replace(LITELLM_AFTERWORD, '').trim();
  const inner = field(parseJson(told), 'error');
  const code = stringField(inner, 'code') ?? error.code;
  return {
    code,
    type: stringField(inner, 'type') ?? error.type,
    message: stringField(inner, 'message') ?? told,
  };
}

/** Of Azure it tells twice what kind of error it is: `litellm.BadRequestError: AzureException BadRequestError - {…}`. */
const LITELLM_WORDS = /^litellm\.[\s\S]{0,200}?Exception(?: [\w ]{1,40})? - ([\s\S]+)$/;
const LITELLM_AFTERWORD =
  /\n(?:model=|\nLiteLLM: |\nReceived Model Group=)[\s\S]*$|Received Model Group=[\s\S]*$/;

/**
 * Whether a failure is only that the gateway lost its own connection to the provider: LiteLLM tells that as a failed
 * response (seen on 1.106), though nobody knows how the run goes on.
 */
export function isCutBehind(error: WireError | undefined): boolean {
  return CUT_BEHIND.test(error?.message?.slice(0, 2_000) ?? '');
}

const CUT_BEHIND =
  /stream before any terminal event|payload is not completed|without sending complete message body|server disconnected/i;

/** Of two reports of one failure, the one that says more. */
export function moreTelling(a: RunError | undefined, b: RunError | undefined): RunError | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return weight(b) > weight(a) ? b : a;
}

function weight(error: RunError): number {
  return (VAGUE.has(error.kind) ? 0 : 2) + (error.detail ? 1 : 0);
}

/** A server's words made fit to show: one line, at most 300 characters, nothing in it that looks like a key. */
export function safeDetail(message: string): string {
  const line = message
    .slice(0, 4_000)
    .replace(/\b(?:sk|rk|pk)[-_][A-Za-z0-9*._-]{6,}|\bBearer\s+\S+/gi, '…')
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim();
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}
