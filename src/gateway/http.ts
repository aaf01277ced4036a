import { classify, errorFromWire, safeDetail } from '../core/classify.ts';
import { GatewayError } from '../core/errors.ts';
import type { RunError, WireError } from '../core/events.ts';
import { arrayField, field, isObject, parseJson, stringField } from '../core/json.ts';
import { parseWireError } from '../core/parse.ts';
import { apiBase, type GatewayAddress } from './address.ts';
import type { Clock } from './clock.ts';
import type { Transport, TransportRequest, TransportResponse } from './network/transport.ts';
import { type Effect, type Patience, persistQuietly, QUIET_PATIENCE, readAdvice } from './runs/retry.ts';

/** ms; the answer to anything but a run or a file. */
const ANSWER_TIMEOUT = 60_000;
/** Bytes of an answer that is read whole: a response object with many pictures is large. */
const LARGEST_ANSWER = 512 * 1024 * 1024;
/** Bytes of an error that are read. */
const LARGEST_ERROR = 64 * 1024;

export interface GatewayRequest {
  readonly method: TransportRequest['method'];
  /** Below `/v1`, its segments already encoded; may hold a query. */
  readonly path: string;
  readonly json?: unknown;
  /** A body that is not JSON, with its headers. Read anew at each try. */
  readonly body?: {
    readonly headers: Readonly<Record<string, string>>;
    readonly bytes: AsyncIterable<Uint8Array>;
  };
  readonly accept?: string;
  /** Beyond what every request has; names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /** ms that the server may be silent at any point; 0 for no limit. */
  readonly silence?: number;
  /** What sending it twice would do; GET and DELETE do nothing more, all others add something where it is not said. */
  readonly effect?: Effect;
  readonly patience?: Patience;
}

/** Requests to one gateway with its key, its errors told apart. */
export class GatewayHttp {
  readonly #base: URL;
  readonly #key: string | undefined;
  readonly #transport: Transport;
  readonly clock: Clock;

  /** @throws GatewayError `address_invalid` */
  constructor(address: GatewayAddress, transport: Transport, clock: Clock) {
    this.#base = apiBase(address.baseUrl);
    this.#key = address.key || undefined;
    this.#transport = transport;
    this.clock = clock;
  }

  /**
   * Sends a request once and gives the answer with its body unread.
   *
   * @throws GatewayError for every answer but 2xx, and where none came
   */
  async send(request: GatewayRequest): Promise<TransportResponse> {
    const silence = request.silence ?? ANSWER_TIMEOUT;
    const body = request.json === undefined ? request.body?.bytes : JSON.stringify(request.json);
    const response = await this.#transport.request({
      method: request.method,
      url: new URL(this.#base.href + request.path),
      headers: {
        accept: request.accept ?? 'application/json',
        'user-agent': 'code-interpreter-gateway',
        ...(this.#key === undefined ? {} : { authorization: `Bearer ${this.#key}` }),
        ...(request.json === undefined ? request.body?.headers : { 'content-type': 'application/json' }),
        ...request.headers,
      },
      ...(body === undefined ? {} : { body }),
      signal: request.signal,
      headersTimeout: silence,
      bodyTimeout: silence,
    });
    if (response.status >= 200 && response.status < 300) return response;
    throw await this.#failure(response);
  }

  /** Sends a request, again where that is safe, until there is an answer; its body is unread. @throws GatewayError as {@link send} */
  async answer(request: GatewayRequest): Promise<TransportResponse> {
    return this.#persist(request, () => this.send(request));
  }

  /** Sends a request, again where that is safe, and gives the JSON of its answer. @throws GatewayError also where it is not JSON */
  async json(request: GatewayRequest): Promise<unknown> {
    return this.#persist(request, async () => readJson(await this.send(request)));
  }

  /** Deletes what `path` names. Gone at a second try, it was the first one that did it. @throws GatewayError */
  async remove(path: string, signal: AbortSignal | undefined): Promise<void> {
    const request = { method: 'DELETE', path, signal } as const;
    await this.#persist(request, async (attempt) => {
      try {
        await readText(await this.send(request), LARGEST_ERROR, 'truncate');
      } catch (error) {
        if (attempt === 1 || !(error instanceof GatewayError) || error.status !== 404) throw error;
      }
    });
  }

  #persist<T>(request: GatewayRequest, send: (attempt: number) => Promise<T>): Promise<T> {
    return persistQuietly(send, {
      effect: request.effect ?? (request.method === 'POST' ? 'adds' : 'nothing'),
      patience: request.patience ?? QUIET_PATIENCE,
      clock: this.clock,
      signal: request.signal,
    });
  }

  /** `text` without the key, where a server repeats it. */
  #hideKey(text: string): string {
    const key = this.#key;
    // What is shorter is no secret, and taking it out would take words apart.
    if (key === undefined || key.length < 4) return text;
    return text.replaceAll(JSON.stringify(key).slice(1, -1), '…').replaceAll(key, '…');
  }

  /** A server's error without the key in its words; to be used before they are shortened. */
  withoutKey(error: WireError): WireError {
    return error.message === undefined ? error : { ...error, message: this.#hideKey(error.message) };
  }

  async #failure(response: TransportResponse): Promise<GatewayError> {
    const { status } = response;
    if (status >= 300 && status < 400) {
      response.discard();
      const place = redirection(response.headers['location'], this.#base);
      return new GatewayError({ kind: 'redirected', status, ...(place && { detail: place }) });
    }
    const text = this.#hideKey(await readText(response, LARGEST_ERROR, 'truncate').catch(() => ''));
    const body = parseJson(text);
    const error = describeFailure(body, status, text);
    if (this.#key === undefined && error.kind === 'key_rejected')
      return new GatewayError({ ...error, kind: 'key_missing' });
    const requestId = response.headers['x-request-id'] ?? response.headers['x-litellm-call-id'];
    const advice = readAdvice(response.headers, this.clock.now());
    return new GatewayError({ ...error, ...(requestId ? { requestId } : {}) }, { advice });
  }
}

/** Where an answer leads to, for people: another origin, or a path of the same one. What follows may hold secrets. */
function redirection(location: string | undefined, base: URL): string | undefined {
  const target =
    location !== undefined && URL.canParse(location, base.href) ? new URL(location, base) : undefined;
  if (target === undefined) return undefined;
  return safeDetail(target.origin === base.origin ? target.origin + target.pathname : target.origin);
}

function describeFailure(body: unknown, status: number, text: string): RunError {
  const error = field(body, 'error');
  const wire = parseWireError(error);
  if (wire) return errorFromWire(wire, status);
  // FastAPI's own errors: `{"detail": "…"}` or a list of what is wrong with each field.
  const detail = field(body, 'detail');
  if (detail !== undefined) {
    const message = typeof detail === 'string' ? detail : (wordsOf(detail) ?? fieldsIn(detail));
    // FastAPI says just this for a path it does not know; a thing that is gone has its own words.
    if (status === 404 && message === 'Not Found') return { kind: 'route_missing', status };
    return errorFromWire({ code: undefined, type: undefined, message }, status);
  }
  const html = isHtml(text);
  const words = wordsOf(body) ?? (isObject(body) || html ? '' : text);
  // A page's words count only where a web server tells what was wrong with the request itself.
  const told = html && status === 400 ? text : words;
  const kind = classify({ code: undefined, type: undefined, message: told }, status);
  const vague = kind === 'bad_request' || kind === 'not_found' || kind === 'key_not_allowed';
  // A page for people where an answer for programs was asked for: nothing that speaks the API is there.
  if (html && (vague || kind === 'route_missing')) return { kind: 'not_an_api', status };
  return { kind, status, ...(words ? { detail: safeDetail(words) } : {}) };
}

/** FastAPI's list of the fields it did not accept, each with what is wrong with it. */
function fieldsIn(detail: unknown): string {
  if (!Array.isArray(detail)) return JSON.stringify(detail);
  const fields = detail.map((entry: unknown) => {
    const place = (arrayField(entry, 'loc') ?? []).join('.');
    return [place, stringField(entry, 'msg')].filter(Boolean).join(': ');
  });
  return fields.slice(0, 5).join('; ');
}

/** What other gateways and proxies put their words into: a text as `error`, or `message`. */
function wordsOf(body: unknown): string | undefined {
  return (
    stringField(body, 'error') ?? stringField(field(body, 'error'), 'message') ?? stringField(body, 'message')
  );
}

export function isHtml(text: string): boolean {
  return /^\s*<(?:!doctype|html|head|body|\?xml)/i.test(text);
}

/** The JSON of an answer. @throws GatewayError `not_an_api` for a web page, `not_understood` for anything else */
export async function readJson(response: TransportResponse): Promise<unknown> {
  const text = await readText(response, LARGEST_ANSWER, 'refuse');
  const value = parseJson(text);
  if (value !== undefined) return value;
  const html = (response.headers['content-type']?.includes('text/html') ?? false) || isHtml(text);
  throw new GatewayError({ kind: html ? 'not_an_api' : 'not_understood', status: response.status });
}

async function readText(
  response: TransportResponse,
  limit: number,
  beyond: 'truncate' | 'refuse',
): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.byteLength;
    if (size > limit) {
      if (beyond === 'truncate') break;
      throw new GatewayError({ kind: 'not_understood', status: response.status });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
