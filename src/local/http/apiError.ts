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

  constructor(
    status: number,
    message: string,
    told: { readonly type?: string; readonly param?: string | null; readonly code?: string | null } = {},
  ) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.type = told.type ?? (status >= 500 ? 'server_error' : 'invalid_request_error');
    this.param = told.param ?? null;
    this.code = told.code ?? null;
  }

  /** The body that the client gets. */
  toBody(): { readonly error: WireErrorBody } {
    return { error: { message: this.message, type: this.type, param: this.param, code: this.code } };
  }
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

export function invalidType(param: string, expected: string, got: unknown): ApiError {
  const message = `Invalid type for '${param}': expected ${expected}, but got ${kindOf(got)} instead.`;
  return new ApiError(400, message, { param, code: 'invalid_type' });
}

export function invalidValue(param: string, got: string, supported: readonly string[]): ApiError {
  const list = supported.map((value) => `'${value}'`).join(', ');
  const message = `Invalid value: '${got.slice(0, 100)}'. Supported values are: ${list}.`;
  return new ApiError(400, message, { param, code: 'invalid_value' });
}

export function notFound(message: string): ApiError {
  return new ApiError(404, message);
}

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
