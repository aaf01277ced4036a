import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApiError } from './apiError.ts';
import type { BodyMemory } from './bodyMemory.ts';

/** Bytes of a JSON body: a file sent as `file_data` is a third larger than its bytes. */
export const JSON_LIMIT = 32 * 1024 * 1024;

/** Bytes of an upload. Python keeps a container's files in its memory, so far below the hosted service's 512 MB. */
export const UPLOAD_LIMIT = 64 * 1024 * 1024;

/** Bytes that a body may have without being counted: a prompt must not wait for others' uploads. */
const SMALL = 1024 * 1024;

/** The error for a body above `limit` bytes, in the hosted service's words. */
function tooLarge(limit: number): ApiError {
  return new ApiError(413, `Maximum content size limit (${limit}) exceeded.`, { code: 'request_too_large' });
}

/** The body of a request, to be read once. */
export class RequestBody {
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #memory: BodyMemory;
  #waiting: boolean;
  #held = 0;

  /** @param waiting whether the client sends the body only when it is told to (`Expect: 100-continue`) */
  constructor(request: IncomingMessage, response: ServerResponse, memory: BodyMemory, waiting: boolean) {
    this.#request = request;
    this.#response = response;
    this.#memory = memory;
    this.#waiting = waiting;
    response.once('close', () => this.release());
  }

  /** Whether the client still waits for leave to send it. */
  get waiting(): boolean {
    return this.#waiting;
  }

  /** The Content-Type header as sent. */
  get contentType(): string | undefined {
    return this.#request.headers['content-type'];
  }

  /** The media type without its parameters, in lower case; empty where the request names none. */
  get mediaType(): string {
    return (this.contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  }

  /**
   * The body, piece by piece.
   *
   * @throws ApiError 413 before the piece that exceeds `limit` bytes, 415 for a compressed one, 429 where others take
   * all the memory there is for bodies
   */
  async *chunks(limit: number): AsyncGenerator<Buffer> {
    const { headers } = this.#request;
    const encoding = headers['content-encoding'] ?? 'identity';
    if (encoding.toLowerCase() !== 'identity') {
      throw new ApiError(415, 'Compressed request bodies are not accepted.', {
        code: 'unsupported_content_encoding',
      });
    }
    if ((headers['transfer-encoding'] ?? 'chunked').toLowerCase() !== 'chunked') {
      throw new ApiError(400, 'The only transfer encoding that is accepted is chunked.');
    }
    const length = Number(headers['content-length'] ?? limit);
    if (length > limit) throw tooLarge(limit);
    if (length > SMALL) await this.#take(length);
    if (this.#waiting) {
      this.#waiting = false;
      this.#response.writeContinue();
    }
    let size = 0;
    // A request left unread stays open, so that the client gets the answer that says why (`refuse.ts`).
    for await (const chunk of this.#request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > limit) throw tooLarge(limit);
      yield chunk;
    }
  }

  /** All that the body may come to at once: taken piece by piece, many could get halfway and none to its end. */
  async #take(bytes: number): Promise<void> {
    await this.#memory.take(bytes);
    this.#held += bytes;
    if (this.#response.closed) this.release();
  }

  /** To be called when what was read is not held any more; happens by itself at the end of the answer. */
  release(): void {
    this.#memory.give(this.#held);
    this.#held = 0;
  }
}
