import { errorFromWire } from '../../core/classify.ts';
import { GatewayError } from '../../core/errors.ts';
import { field, isObject, parseJson } from '../../core/json.ts';
import { parseWireError } from '../../core/parse.ts';
import type { GatewayHttp } from '../http.ts';
import type { TransportResponse } from '../network/transport.ts';
import { backoff, mayRepeat, SHOWN_PATIENCE } from '../runs/retry.ts';

/** Bytes below which a "file" may be an error that some LiteLLM builds serve with status 200 (BerriAI/litellm#37737). */
const LARGEST_DISGUISED_ERROR = 16 * 1024;
const OPENING_BRACE = 0x7b;
/** ms that a download may be silent. */
const DOWNLOAD_SILENCE = 120_000;

/** Stands between chunks where the file begins again: what came before it is void. */
export const START_OVER = Symbol('start over');

/** A file's bytes as they come. */
export interface FileContent {
  /** Announced length in bytes, where the server announced one. */
  readonly length: number | undefined;
  readonly chunks: AsyncIterable<Uint8Array | typeof START_OVER>;
  /** Closes the connection of bytes that nobody reads. */
  discard(): void;
}

/**
 * A file's content. A download that breaks goes on where it broke where the server can tell that the file is the same
 * (a range with the entity tag it gave, https://httpwg.org/specs/rfc9110.html#field.if-range), else begins again; with
 * pauses, and at most as often as a request is tried.
 *
 * @param path below `/v1`
 * @param filename tells what the content cannot be
 * @throws GatewayError here or while reading; `file_changed` where the bytes are not as many as announced
 */
export async function readContent(
  http: GatewayHttp,
  path: string,
  filename: string,
  signal?: AbortSignal,
): Promise<FileContent> {
  const get = async (range: Range | undefined) => {
    const response = await http.answer({
      method: 'GET',
      path,
      accept: '*/*',
      // Lengths and ranges count the file's own bytes.
      headers: { 'accept-encoding': 'identity', ...range },
      signal,
      silence: DOWNLOAD_SILENCE,
      patience: SHOWN_PATIENCE,
    });
    const kind = isPage(response, filename) ? 'not_an_api' : 'not_understood';
    if (kind === 'not_an_api' || (response.status === 206 && range === undefined)) {
      response.discard();
      throw new GatewayError({ kind, status: response.status });
    }
    return response;
  };
  const download = new Download(await get(undefined), get, { http, filename, signal });
  return { length: download.length, chunks: download.chunks(), discard: () => download.discard() };
}

interface Range {
  readonly range: string;
  readonly 'if-range': string;
}

interface DownloadContext {
  readonly http: GatewayHttp;
  readonly filename: string;
  readonly signal: AbortSignal | undefined;
}

class Download {
  readonly #get: (range: Range | undefined) => Promise<TransportResponse>;
  readonly #context: DownloadContext;
  #response: TransportResponse;
  /** Bytes announced for the whole file. */
  #length: number | undefined;
  /** Bytes given so far that still count. */
  #taken = 0;

  constructor(
    first: TransportResponse,
    get: (range: Range | undefined) => Promise<TransportResponse>,
    context: DownloadContext,
  ) {
    this.#response = first;
    this.#length = lengthOf(first);
    this.#get = get;
    this.#context = context;
  }

  get length(): number | undefined {
    return this.#length;
  }

  discard(): void {
    this.#response.discard();
  }

  async *chunks(): AsyncGenerator<Uint8Array | typeof START_OVER> {
    const { http, signal } = this.#context;
    for (let attempt = 1; ; attempt++) {
      try {
        yield* this.#rest();
        return;
      } catch (error) {
        const again = error instanceof GatewayError && mayRepeat(error, 'nothing');
        if (!again || attempt >= SHOWN_PATIENCE.tries) throw error;
        await http.clock.sleep(backoff(attempt, http.clock.random()), signal);
        if (error.kind !== 'file_changed' && (await this.#goOn())) continue;
      }
      this.#response = await this.#get(undefined);
      this.#length = lengthOf(this.#response);
      this.#taken = 0;
      yield START_OVER;
    }
  }

  /** What the answer under way still holds. */
  async *#rest(): AsyncGenerator<Uint8Array> {
    const { http, filename } = this.#context;
    const { body } = this.#response;
    const mayBeError =
      this.#taken === 0 &&
      !filename.toLowerCase().endsWith('.json') &&
      (this.#length ?? 0) <= LARGEST_DISGUISED_ERROR;
    for await (const chunk of mayBeError ? refuseError(body, http) : body) {
      this.#taken += chunk.byteLength;
      yield chunk;
    }
    if (this.#length !== undefined && this.#taken !== this.#length)
      throw new GatewayError({ kind: 'file_changed' }, { retryable: true });
  }

  /** Asks for the bytes that are missing; false where the server cannot give just them, or they may be another file's. */
  async #goOn(): Promise<boolean> {
    const tag = this.#response.headers['etag'];
    // A weak tag stands for files that only mean the same.
    if (this.#taken === 0 || tag === undefined || !tag.startsWith('"')) return false;
    const response = await this.#get({ range: `bytes=${this.#taken}-`, 'if-range': tag }).catch(
      (error: unknown) => {
        if (error instanceof GatewayError && error.status === 416) return undefined;
        throw error;
      },
    );
    if (response === undefined) return false;
    const [, from, whole] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers['content-range'] ?? '') ?? [];
    const fits = this.#length === undefined || whole === '*' || Number(whole) === this.#length;
    if (response.status === 206 && Number(from) === this.#taken && fits) {
      this.#response = response;
      return true;
    }
    response.discard();
    return false;
  }
}

function lengthOf({ headers }: TransportResponse): number | undefined {
  const announced = Number(headers['content-length'] ?? Number.NaN);
  return Number.isSafeInteger(announced) && !headers['content-encoding'] ? announced : undefined;
}

/** Whether a page for people came in a file's place, perhaps a login page. */
function isPage(response: TransportResponse, filename: string): boolean {
  const html = response.headers['content-type']?.includes('text/html') ?? false;
  return html && !/\.html?$/i.test(filename);
}

/** A whole file in memory. @throws GatewayError; `too_large` beyond `limit` bytes */
export async function readWhole(content: FileContent, limit: number): Promise<Uint8Array> {
  let chunks: Uint8Array[] = [];
  let size = 0;
  if ((content.length ?? 0) > limit) {
    content.discard();
    throw new GatewayError({ kind: 'too_large' });
  }
  for await (const chunk of content.chunks) {
    if (chunk === START_OVER) {
      chunks = [];
      size = 0;
      continue;
    }
    size += chunk.byteLength;
    if (size > limit) throw new GatewayError({ kind: 'too_large' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The beginning of a file, and whether that is all of it. What comes after `limit` bytes is not read. @throws GatewayError */
export async function readStart(
  content: FileContent,
  limit: number,
): Promise<{ readonly bytes: Uint8Array; readonly whole: boolean }> {
  let chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of content.chunks) {
    if (chunk === START_OVER) {
      chunks = [];
      size = 0;
      continue;
    }
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size > limit) break;
  }
  if (size > limit) content.discard();
  return { bytes: Buffer.concat(chunks).subarray(0, limit), whole: size <= limit };
}

/** The bytes, unless they are nothing but `{"error": {"message": …}}`: LiteLLM serves that as octets too. */
async function* refuseError(body: AsyncIterable<Uint8Array>, http: GatewayHttp): AsyncGenerator<Uint8Array> {
  const held: Uint8Array[] = [];
  let size = 0;
  let decided = false;
  for await (const chunk of body) {
    if (decided) {
      yield chunk;
      continue;
    }
    held.push(chunk);
    size += chunk.byteLength;
    const first = held.find((part) => part.byteLength > 0)?.[0];
    if (size > LARGEST_DISGUISED_ERROR || (first !== undefined && first !== OPENING_BRACE)) {
      decided = true;
      yield* held;
    }
  }
  if (decided) return;
  const value = parseJson(Buffer.concat(held).toString('utf8'));
  const error = isObject(value) && Object.keys(value).length === 1 ? field(value, 'error') : undefined;
  const wire = parseWireError(error);
  if (wire?.message !== undefined) throw new GatewayError(errorFromWire(http.withoutKey(wire)));
  yield* held;
}
