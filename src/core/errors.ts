import type { ErrorKind, RunError } from './events.ts';

/** What a server said about sending the same request again. */
export interface RetryAdvice {
  /** Its header `x-should-retry`, which overrules what the status says; undefined where it left that open. */
  readonly should: boolean | undefined;
  /** Its `retry-after-ms` or `retry-after`: ms since the epoch. */
  readonly at: number | undefined;
}

/**
 * The one error that requests to a gateway throw. Carries what a person and a log may see: never a key, never a body.
 */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly kind: ErrorKind;
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  readonly detail: string | undefined;
  /** Whether the same request may succeed later; whether that is safe depends on what it does (`gateway/runs/retry.ts`). */
  readonly retryable: boolean;
  /** Undefined where no answer came. */
  readonly advice: RetryAdvice | undefined;

  constructor(
    error: RunError,
    options: { readonly retryable?: boolean; readonly advice?: RetryAdvice; readonly cause?: unknown } = {},
  ) {
    super(error.detail ? `${error.kind}: ${error.detail}` : error.kind, { cause: options.cause });
    this.kind = error.kind;
    this.status = error.status;
    this.requestId = error.requestId;
    this.detail = error.detail;
    this.retryable = options.retryable ?? false;
    this.advice = options.advice;
  }

  /** The error as plain data. */
  toRunError(): RunError {
    return {
      kind: this.kind,
      ...(this.status === undefined ? {} : { status: this.status }),
      ...(this.requestId === undefined ? {} : { requestId: this.requestId }),
      ...(this.detail === undefined ? {} : { detail: this.detail }),
      ...(this.advice?.at === undefined ? {} : { retryAt: this.advice.at }),
    };
  }
}
