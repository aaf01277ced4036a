/**
 * Failures as OpenAI's API words them: `{"error":{"message","type","param","code"}}`
 * (https://platform.openai.com/docs/guides/error-codes and recorded answers).
 */
export class ApiError extends Error {
  /** HTTP status. */
  readonly status: number;
  readonly type: string;
  readonly param: string | null;
  readonly code: string | null;
  /** Headers of the answer that tell it. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, told: ErrorDetails = {}) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.type = told.type ?? (status >= 500 ? 'server_error' : 'invalid_request_error');
    this.param = told.param ?? null;
    this.code = told.code ?? null;
    this.headers = told.headers ?? {};
  }

  /** The body that the client gets. */
  toBody(): { readonly error: WireErrorBody } {
    return { error: { message: this.message, type: this.type, param: this.param, code: this.code } };
  }
}

interface ErrorDetails {
  readonly type?: string;
  readonly param?: string | null;
  readonly code?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface WireErrorBody {
  readonly message: string;
  readonly type: string;
  readonly param: string | null;
  readonly code: string | null;
}

export function missingParameter(param: string): ApiError {
  return new ApiError(400, `Missing required parameter: '${param}'.`, {
    param,
    code: 'missing_required_parameter',
  });
}

export function unknownParameter(param: string): ApiError {
  const shown = param.slice(0, LONGEST_SHOWN);
  return new ApiError(400, `Unknown parameter: '${shown}'.`, { param: shown, code: 'unknown_parameter' });
}

export function invalidType(param: string, expected: string, got: unknown): ApiError {
  const message = `Invalid type for '${param}': expected ${expected}, but got ${kindOf(got)} instead.`;
  return new ApiError(400, message, { param, code: 'invalid_type' });
}

export function invalidValue(param: string, got: string, supported: readonly string[]): ApiError {
  const list = AND.format(supported.map((value) => `'${value}'`));
  const message = `Invalid value: '${got.slice(0, LONGEST_SHOWN)}'. Supported values are: ${list}.`;
  return new ApiError(400, message, { param, code: 'invalid_value' });
}

/** What the hosted service takes and this gateway cannot do. `message` says what to do instead. */
export function notHere(param: string, message: string): ApiError {
  return new ApiError(400, message, { param, code: 'unsupported_value' });
}

/** For a number below `least` or above `most`. */
export function outOfRange(
  param: string,
  kind: 'integer' | 'decimal',
  got: number,
  { least, most }: { readonly least: number; readonly most: number },
): ApiError {
  const [word, bound, end] =
    got < least
      ? ['below minimum', `>= ${least}`, 'below_min']
      : ['above maximum', `<= ${most}`, 'above_max'];
  return new ApiError(
    400,
    `Invalid '${param}': ${kind} ${word} value. Expected a value ${bound}, but got ${got} instead.`,
    { param, code: `${kind}_${end}_value` },
  );
}

export function stringTooLong(param: string, most: number, length: number): ApiError {
  return new ApiError(
    400,
    `Invalid '${param}': string too long. Expected a string with maximum length ${most}, but got a string with length ${length} instead.`,
    { param, code: 'string_above_max_length' },
  );
}

export function notFound(message: string, param: string | null = null): ApiError {
  return new ApiError(404, message, { param });
}

/** There is too much of something just now: 429, and after how many seconds it is worth asking again. */
export function tooMany(message: string, retryAfterSeconds: number): ApiError {
  const headers = { 'retry-after': String(retryAfterSeconds) };
  return new ApiError(429, message, {
    type: 'requests',
    code: 'rate_limit_exceeded',
    // The official clients ask again by themselves; where that takes long, people rather hear of it at once.
    headers: retryAfterSeconds > LONGEST_WAIT ? { ...headers, 'x-should-retry': 'false' } : headers,
  });
}

const LONGEST_WAIT = 10;

/** Names from requests are shown cut: an answer must not grow with them. */
const LONGEST_SHOWN = 100;

/** "'a' and 'b'", "'a', 'b', and 'c'": as the hosted service lists values. */
const AND = new Intl.ListFormat('en', { type: 'conjunction' });

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  switch (typeof value) {
    case 'string':
      return 'a string';
    case 'number':
      return Number.isInteger(value) ? 'an integer' : 'a decimal';
    case 'boolean':
      return 'a boolean';
    default:
      return 'an object';
  }
}
