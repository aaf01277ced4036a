import { setTimeout as delay } from 'node:timers/promises';
import { ApiError, notFound, tooMany } from '../http/apiError.ts';
import type { EventLog } from './eventLog.ts';
import type { ResponseRecord } from './record.ts';

/** Responses kept for chains and for GET, and the characters that they may hold together: pictures take most. */
const MOST_KEPT = 200;
const MOST_CHARACTERS = 128 * 1024 * 1024;

/** Responses under way at once; most of them wait for a Python. */
const MOST_RUNNING = 64;

const STOP_SEEN_MS = 200;

/** ms after its end in which a background response can be streamed again, as with the hosted service. */
const LOG_LIFE = 5 * 60_000;

/** The responses that can be retrieved or continued, and those under way. */
export class Responses {
  readonly #kept = new Map<string, ResponseRecord>();
  readonly #running = new Set<ResponseRecord>();

  /** @throws ApiError 429 where one more would be too many */
  checkRoom(): void {
    if (this.#running.size < MOST_RUNNING) return;
    throw tooMany('Too many responses at once. Try again when one has ended.', 2);
  }

  /** Keeps a response that begins; it is stopped when the gateway closes. */
  begin(record: ResponseRecord): void {
    this.#running.add(record);
    void record.ended.then(() => this.#running.delete(record));
    if (!record.request.store) return;
    this.#kept.set(record.id, record);
    let size = [...this.#kept.values()].reduce((sum, kept) => sum + kept.size, 0);
    for (const [id, old] of this.#kept) {
      if (this.#kept.size <= MOST_KEPT && size <= MOST_CHARACTERS) break;
      if (old === record || !old.hasEnded) continue;
      this.#kept.delete(id);
      size -= old.size;
    }
  }

  /**
   * A response that can be looked at: one that its client still waits for cannot, as with the hosted service.
   *
   * @throws ApiError 404
   */
  get(id: string): ResponseRecord {
    const record = this.#kept.get(id);
    if (record && (record.request.background || record.hasEnded)) return record;
    throw notFound(`Response with id '${id.slice(0, 100)}' not found.`);
  }

  /**
   * The events of a response, to be streamed again.
   *
   * @throws ApiError 400 where it cannot be, in the hosted service's words
   */
  log(record: ResponseRecord, now: number): EventLog {
    const { background, stream } = record.request;
    if (!background) throw notStreamable('it was not created with background=true');
    if (!stream) throw notStreamable('it was not created with stream=true');
    if (record.log !== undefined && !isOld(record, now)) return record.log;
    throw new ApiError(
      400,
      'This response can no longer be streamed because it is more than 5 minutes old.',
      {
        param: 'stream',
        code: 'invalid_request_error',
      },
    );
  }

  /**
   * The response that another one continues. One that is being stopped is waited for.
   *
   * @throws ApiError 400, as for a chain that does not exist; also where it has not ended yet
   */
  async previous(id: string | undefined): Promise<ResponseRecord | undefined> {
    if (id === undefined) return undefined;
    const record = this.#kept.get(id);
    if (record) {
      // A client that leaves a stream and goes on at once is seen to leave a little later.
      if (!record.hasEnded)
        await Promise.race([record.ended, delay(STOP_SEEN_MS, undefined, { ref: false })]);
      if (record.stop.signal.aborted) await record.ended;
      if (record.hasEnded) return record;
      throw new ApiError(
        400,
        `Previous response with id '${id.slice(0, 100)}' is still in progress. Wait for its end or cancel it.`,
        { param: 'previous_response_id' },
      );
    }
    throw new ApiError(400, `Previous response with id '${id.slice(0, 100)}' not found.`, {
      param: 'previous_response_id',
      code: 'previous_response_not_found',
    });
  }

  /**
   * Stops a background response.
   *
   * @returns fulfilled when it has ended
   * @throws ApiError 400 where it is not in the background, or has ended in another way
   */
  async cancel(record: ResponseRecord): Promise<void> {
    if (!record.request.background) throw new ApiError(400, 'Cannot cancel a synchronous response.');
    if (record.hasEnded && record.status !== 'cancelled') {
      const article = record.status === 'incomplete' ? 'an' : 'a';
      throw new ApiError(400, `Cannot cancel ${article} ${record.status} response.`);
    }
    record.stop.abort();
    await record.ended;
  }

  /** @throws ApiError 400 where it has not ended */
  delete(record: ResponseRecord): void {
    if (!record.hasEnded) throw new ApiError(400, 'Cannot delete an in-flight response.');
    this.#kept.delete(record.id);
  }

  /** Drops the events that nobody can ask for any more. To be called now and then. */
  sweep(now: number): void {
    for (const record of this.#kept.values()) if (isOld(record, now)) record.log = undefined;
  }

  /** Stops what runs and waits for its end. */
  async close(): Promise<void> {
    const running = [...this.#running];
    for (const record of running) record.stop.abort();
    await Promise.all(running.map((record) => record.ended));
    this.#kept.clear();
  }
}

function isOld({ endedAt }: ResponseRecord, now: number): boolean {
  return endedAt !== undefined && now - endedAt > LOG_LIFE;
}

function notStreamable(why: string): ApiError {
  return new ApiError(400, `This response cannot be streamed because ${why}.`, {
    param: 'stream',
    code: 'invalid_request_error',
  });
}
