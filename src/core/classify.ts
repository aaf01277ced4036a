import type { ErrorKind, RunError, WireError } from './events.ts';

/** Kinds that only say "something went wrong": any other kind tells more. */
const VAGUE: ReadonlySet<ErrorKind> = new Set<ErrorKind>([
  'server',
  'bad_request',
  'stream_cut',
  'not_understood',
]);

/** Codes and types that servers use (https://platform.openai.com/docs/guides/error-codes, LiteLLM's exception map). */
const BY_CODE: Readonly<Record<string, ErrorKind>> = {
  invalid_api_key: 'key_rejected',
  authentication_error: 'key_rejected',
  auth_error: 'key_rejected',
  no_db_connection: 'key_rejected',
  token_not_found_in_db: 'key_rejected',
  permission_denied: 'key_not_allowed',
  permission_error: 'key_not_allowed',
  key_model_access_denied: 'model_unknown',
  team_model_access_denied: 'model_unknown',
  model_not_found: 'model_unknown',
  insufficient_quota: 'quota',
  budget_exceeded: 'quota',
  billing_hard_limit_reached: 'quota',
  rate_limit_exceeded: 'rate_limited',
  rate_limit_error: 'rate_limited',
  throttling_error: 'rate_limited',
  content_filter: 'content_refused',
  content_policy_violation: 'content_refused',
  context_length_exceeded: 'too_large',
  string_above_max_length: 'too_large',
  container_expired: 'container_expired',
  timeout: 'timeout',
  local_python_unavailable: 'local_gateway',
};

/** Texts that say what no code does; first match wins. Sources: wire.md, sections 4 and 5. */
const BY_MESSAGE: readonly (readonly [RegExp, ErrorKind])[] = [
  [/container (?:is|has) expired|container .{0,100}expired/i, 'container_expired'],
  [/exceeded your current quota|budget has been exceeded|exceededbudget/i, 'quota'],
  [
    /no connected db|invalid (?:proxy server )?(?:api key|token)|incorrect api key|authentication error/i,
    'key_rejected',
  ],
  [/invalid model name|model .{0,200}(?:does not exist|not found)|unknown model/i, 'model_unknown'],
  [
    /code_interpreter.{0,200}(?:not supported|unsupported|not available)|(?:not supported|unsupported).{0,200}code_interpreter/i,
    'no_code_interpreter',
  ],
  [/contextwindowexceeded|maximum context length/i, 'too_large'],
];

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
};

/** Which kind of failure a server's error object and HTTP status speak of. */
export function classify(error: WireError | undefined, status?: number): ErrorKind {
  const named = BY_CODE[error?.code ?? ''] ?? BY_CODE[error?.type ?? ''];
  if (named) return named;
  const message = error?.message;
  const told = message && BY_MESSAGE.find(([pattern]) => pattern.test(message.slice(0, 2_000)));
  if (told) return told[1];
  // LiteLLM puts the HTTP status into `code` as a string.
  const code = status ?? (/^[45]\d\d$/.test(error?.code ?? '') ? Number(error?.code) : undefined);
  if (code === undefined) return error?.type === 'invalid_request_error' ? 'bad_request' : 'server';
  return BY_STATUS[code] ?? (code >= 500 ? 'server' : 'bad_request');
}

export function errorFromWire(error: WireError, status?: number): RunError {
  const detail = error.message === undefined ? undefined : safeDetail(error.message);
  return {
    kind: classify(error, status),
    ...(status === undefined ? {} : { status }),
    ...(detail ? { detail } : {}),
  };
}

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
