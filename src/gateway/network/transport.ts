import { Readable } from 'node:stream';
import { GatewayError } from '../../core/errors.ts';
import { Route, type Way } from './dispatchers.ts';
import type { NetworkSettings } from './network.ts';
import { chooseProxy } from './proxy.ts';
import { speaksTls } from './tlsProbe.ts';
import { connectionError, tunnelRefused } from './transportError.ts';
import { TrustStore } from './trust.ts';

/** Servers whose connections are kept at hand: the gateway's, a few that were tried out. */
const MOST_ROUTES = 8;

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

/** Told of what the user may want to know and can go on without. Secrets never go here. */
export interface TransportLog {
  info(text: string): void;
  warn(text: string): void;
}

const SILENT: TransportLog = { info: () => {}, warn: () => {} };

/** A server, and how it is reached at present. */
interface Connected {
  readonly way: Way;
  readonly route: Route;
  /** Whether it has ever answered. */
  answered: boolean;
}

/** HTTP for the gateway client, with the proxies and certificates of its user. Follows no redirects. */
export class Transport {
  readonly #settings: () => NetworkSettings;
  readonly #log: TransportLog;
  readonly #trustStore: TrustStore;
  readonly #routes = new Map<string, Connected>();
  /** Those of earlier settings, until what is under way on them has ended. */
  readonly #leaving = new Set<Route>();
  #warned = false;

  /** @param settings asked for each request, so that a change counts from the next one on and breaks none under way */
  constructor(settings: () => NetworkSettings, log = SILENT) {
    this.#settings = settings;
    this.#log = log;
    this.#trustStore = new TrustStore((text) => log.warn(text));
  }

  /**
   * Sends one request.
   *
   * @throws GatewayError where no answer came; the signal's reason where it was aborted
   */
  async request(request: TransportRequest): Promise<TransportResponse> {
    const { signal, url } = request;
    signal?.throwIfAborted();
    try {
      const way = await unlessAborted(this.#way(url), signal);
      const connected = this.#connected(url, way);
      return await this.#send(request, connected).catch(async (error: unknown) => {
        throw await explain(error, request, connected);
      });
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      throw error;
    }
  }

  async #send(request: TransportRequest, connected: Connected): Promise<TransportResponse> {
    const { body: sent, signal } = request;
    const { statusCode, headers, body } = await connected.route.request(request.url, {
      method: request.method,
      headers: request.headers,
      body: isIterable(sent) ? Readable.from(sent, { objectMode: false }) : (sent ?? null),
      signal: signal ?? null,
      headersTimeout: request.headersTimeout,
      bodyTimeout: request.bodyTimeout,
    });
    connected.answered = true;
    const discard = () => {
      body.on('error', () => {});
      body.destroy();
    };
    if (connected.way.proxy !== undefined && statusCode === 407) {
      discard();
      throw tunnelRefused(statusCode);
    }
    return { status: statusCode, headers: flatten(headers), body: readBody(body, signal), discard };
  }

  /** Closes every connection. */
  async close(): Promise<void> {
    const routes = [...this.#leaving, ...[...this.#routes.values()].map(({ route }) => route)];
    this.#routes.clear();
    await Promise.all(routes.map((route) => route.destroy()));
  }

  async #way(url: URL): Promise<Way> {
    const settings = this.#settings();
    const proxy = await chooseProxy(url, settings);
    // The trust store is large and slow to read: only where TLS needs it.
    const secure = url.protocol === 'https:' || proxy?.origin.startsWith('https:') === true;
    if (secure && !settings.strictTls && !this.#warned) {
      this.#warned = true;
      this.#log.warn(
        'http.proxyStrictSSL is off: certificates of the gateway and of proxies are not checked.',
      );
    }
    const trust = secure ? await this.#trustStore.trust(settings) : undefined;
    return { proxy, trust, strict: settings.strictTls };
  }

  /** The connections to a server; those on another way than the one that counts now are left. */
  #connected(url: URL, way: Way): Connected {
    const known = this.#routes.get(url.origin);
    if (known !== undefined && sameWay(known.way, way)) return known;
    if (known !== undefined) this.#leave(url.origin, known.route);
    const [oldest] = this.#routes;
    if (oldest !== undefined && this.#routes.size >= MOST_ROUTES) this.#leave(oldest[0], oldest[1].route);
    if (way.proxy !== undefined)
      this.#log.info(`${url.origin} is reached through the proxy ${way.proxy.name}.`);
    const connected = { way, route: new Route(way, url.protocol === 'https:'), answered: false };
    this.#routes.set(url.origin, connected);
    return connected;
  }

  #leave(origin: string, route: Route): void {
    this.#routes.delete(origin);
    this.#leaving.add(route);
    void route.close().then(() => this.#leaving.delete(route));
  }
}

/** What a promise gives, unless the signal is aborted first: then its reason is thrown. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort);
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

function sameWay(a: Way, b: Way): boolean {
  return (
    a.trust === b.trust &&
    a.strict === b.strict &&
    a.proxy?.origin === b.proxy?.origin &&
    a.proxy?.authorization === b.proxy?.authorization
  );
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
    throw signal?.aborted ? signal.reason : connectionError(error);
  }
}

function flatten(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}

/** Why there was no answer. */
async function explain(
  error: unknown,
  { url, signal }: TransportRequest,
  { way, answered }: Connected,
): Promise<GatewayError> {
  const told = connectionError(error);
  const mute = told.kind === 'connection_lost' || told.kind === 'not_understood';
  const mayBeTls = mute && url.protocol === 'http:' && way.proxy === undefined && !answered;
  // Most servers close a connection without a word when they are spoken to in plain HTTP and expect TLS.
  if (!mayBeTls || signal?.aborted || !(await speaksTls(url, signal))) return told;
  return new GatewayError({ kind: 'wrong_scheme', detail: 'https' }, { cause: told });
}
