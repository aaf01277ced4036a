import { Readable } from 'node:stream';
import type { Dispatcher as AnyDispatcher } from 'undici';
import api from 'undici/lib/api/index.js';
import Agent from 'undici/lib/dispatcher/agent.js';
import Dispatcher from 'undici/lib/dispatcher/dispatcher.js';
import ProxyAgent from 'undici/lib/dispatcher/proxy-agent.js';
import { GatewayError } from '../core/errors.ts';
import type { ErrorKind } from '../core/events.ts';
import { type NetworkSettings, proxyFor, trustedAuthorities } from './network.ts';

// What undici's index does for its own users, without the rest of the index (`undici.d.ts`).
Object.assign(Dispatcher.prototype, api);

/** ms to reach the server. */
const CONNECT_TIMEOUT = 15_000;

export interface TransportRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | AsyncIterable<Uint8Array>;
  readonly signal?: AbortSignal | undefined;
  /** ms until the headers of the answer must be there; 0 for no limit. */
  readonly headersTimeout: number;
  /** ms that the body may be silent; 0 for no limit. */
  readonly bodyTimeout: number;
}

export interface TransportResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Reading may throw a {@link GatewayError}. Leaving the loop early closes the connection. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Closes the connection of an answer that nobody reads. */
  discard(): void;
}

/** HTTP for the gateway client; the only place that knows undici. Follows no redirects. */
export class Transport {
  readonly #settings: () => NetworkSettings;
  readonly #dispatchers = new Map<string, AnyDispatcher>();
  #ca: string[] | undefined;

  /** @param settings asked for each request, so that a change counts from the next one on and breaks none under way */
  constructor(settings: () => NetworkSettings) {
    this.#settings = settings;
  }

  /**
   * Sends one request.
   *
   * @throws GatewayError where no answer came; the signal's reason where it was aborted
   */
  async request(request: TransportRequest): Promise<TransportResponse> {
    request.signal?.throwIfAborted();
    try {
      const { statusCode, headers, body } = await this.#dispatcher(request.url).request({
        origin: request.url.origin,
        path: request.url.pathname + request.url.search,
        method: request.method,
        headers: { ...request.headers },
        body: isIterable(request.body)
          ? Readable.from(request.body, { objectMode: false })
          : (request.body ?? null),
        signal: request.signal ?? null,
        headersTimeout: request.headersTimeout,
        bodyTimeout: request.bodyTimeout,
      });
      return {
        status: statusCode,
        headers: flatten(headers),
        body: readBody(body, request.signal),
        discard: () => {
          body.on('error', () => {});
          body.destroy();
        },
      };
    } catch (error) {
      throw translate(error, request.signal);
    }
  }

  /** Closes every connection. */
  async close(): Promise<void> {
    const dispatchers = [...this.#dispatchers.values()];
    this.#dispatchers.clear();
    await Promise.all(dispatchers.map((dispatcher) => dispatcher.destroy()));
  }

  #dispatcher(url: URL): AnyDispatcher {
    const settings = this.#settings();
    const proxy = proxyFor(url, settings);
    // The trust store is large and slow to read: only where TLS needs it.
    const secure = url.protocol === 'https:' || proxy?.startsWith('https:');
    const key = `${proxy ?? ''}|${secure}|${settings.strictTls}`;
    let dispatcher = this.#dispatchers.get(key);
    if (dispatcher === undefined) {
      const tls = secure ? this.#tls(settings.strictTls) : {};
      const options = { connect: { timeout: CONNECT_TIMEOUT, ...tls }, allowH2: false };
      dispatcher = proxy
        ? new ProxyAgent({ ...options, uri: proxy, requestTls: tls, proxyTls: tls, proxyTunnel: true })
        : new Agent(options);
      this.#dispatchers.set(key, dispatcher);
    }
    return dispatcher;
  }

  #tls(rejectUnauthorized: boolean): { ca: string[]; rejectUnauthorized: boolean } {
    this.#ca ??= trustedAuthorities();
    return { ca: this.#ca, rejectUnauthorized };
  }
}

function isIterable(body: TransportRequest['body']): body is AsyncIterable<Uint8Array> {
  return typeof body === 'object' && Symbol.asyncIterator in body;
}

async function* readBody(
  body: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw translate(error, signal);
  }
}

function flatten(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}

const KINDS: Readonly<Record<string, ErrorKind>> = {
  ECONNREFUSED: 'connection_refused',
  EHOSTUNREACH: 'connection_refused',
  ENETUNREACH: 'connection_refused',
  ENOTFOUND: 'name_not_found',
  EAI_AGAIN: 'name_not_found',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  UND_ERR_PRX_TLS: 'proxy',
  HPE_INVALID_CONSTANT: 'not_an_api',
  EPROTO: 'tls',
};

/** Node's codes for certificates it does not accept (https://nodejs.org/api/tls.html#x509-certificate-error-codes). */
const CERTIFICATE =
  /^(?:CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERR_TLS_|ERR_SSL_|HOSTNAME_MISMATCH|INVALID_CA)/;

function translate(error: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) return signal.reason;
  if (error instanceof GatewayError) return error;
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : '';
  const kind: ErrorKind = CERTIFICATE.test(code)
    ? 'tls'
    : /^Proxy response|407/.test(message)
      ? 'proxy'
      : (KINDS[code] ?? 'connection_lost');
  return new GatewayError(code ? { kind, detail: code } : { kind }, {
    cause: error,
    retryable: kind !== 'tls',
  });
}

/** The innermost code: undici and Node wrap the socket's error, several at once when a name has several addresses. */
function codeOf(error: unknown): string {
  const inner =
    error instanceof AggregateError ? error.errors[0] : error instanceof Error ? error.cause : undefined;
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  return (inner === undefined ? '' : codeOf(inner)) || (typeof code === 'string' ? code : '');
}
