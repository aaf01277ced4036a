import type { ErrorKind, RunError } from './events.ts';

/**
 * The one error that requests to a gateway throw. Carries what a person and a log may see: never a key, never a body.
 */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly kind: ErrorKind;
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  readonly detail: string | undefined;
  /** Whether the same request may be sent again without doing anything twice. */
  readonly retryable: boolean;

  constructor(error: RunError, options: { readonly retryable?: boolean; readonly cause?: unknown } = {}) {
    super(error.detail ? `${error.kind}: ${error.detail}` : error.kind, { cause: options.cause });
    this.kind = error.kind;
    this.status = error.status;
    this.requestId = error.requestId;
    this.detail = error.detail;
    this.retryable = options.retryable ?? false;
  }

  /** The error as plain data. */
  toRunError(): RunError {
    return {
      kind: this.kind,
      ...(this.status === undefined ? {} : { status: this.status }),
      ...(this.requestId === undefined ? {} : { requestId: this.requestId }),
      ...(this.detail === undefined ? {} : { detail: this.detail }),
    };
  }
}
