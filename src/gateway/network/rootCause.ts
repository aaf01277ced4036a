/** What the socket itself said: libraries wrap its error, and several where a name has several addresses. */
export function rootCause(error: unknown): unknown {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : undefined;
  const inner = first ?? (error instanceof Error ? error.cause : undefined);
  return inner instanceof Error ? rootCause(inner) : error;
}

/** A property of an error that its class does not declare, such as Node's `code` and `syscall`. */
export function errorProperty(error: unknown, name: string): unknown {
  return error instanceof Error ? Reflect.get(error, name) : undefined;
}
