/** What a client may take of the server. Times are in ms. */
export interface ServerLimits {
  /** Connections at once; further ones are closed at once. */
  readonly connections: number;
  /** From the connection, or the end of the request before, to the end of a request's headers. */
  readonly headersTimeout: number;
  /** The same to the end of its body. */
  readonly requestTimeout: number;
  /** How long a client may leave an answer unread. */
  readonly stallTimeout: number;
  /** How long, and how many bytes, a client that was refused may go on sending before its connection is cut. */
  readonly drainTimeout: number;
  readonly drainBytes: number;
  /** Bytes of the bodies of all requests together that are held in memory at once, and how long one waits for room. */
  readonly bodyBytes: number;
  readonly bodyTimeout: number;
}

export const DEFAULT_LIMITS: ServerLimits = {
  connections: 256,
  headersTimeout: 20_000,
  requestTimeout: 120_000,
  stallTimeout: 60_000,
  drainTimeout: 5_000,
  drainBytes: 512 * 1024 * 1024,
  bodyBytes: 256 * 1024 * 1024,
  bodyTimeout: 20_000,
};

/** Names and values; Node's own limit. Beyond it: 431. */
export const HEADER_BYTES = 16 * 1024;

export const MOST_HEADERS = 100;
