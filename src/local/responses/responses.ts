import { setTimeout as delay } from 'node:timers/promises';
import { ApiError, notFound } from '../http/apiError.ts';
import type { ResponseRecord } from './record.ts';

/** Responses kept for chains and for GET, and the characters that they may hold together: pictures take most. */
const MOST_KEPT = 200;
const STOP_SEEN_MS = 200;
const MOST_CHARACTERS = 128 * 1024 * 1024;

/** The responses that can be retrieved or continued, and those under way. */
export class Responses {
  readonly #kept = new Map<string, ResponseRecord>();
  readonly #running = new Set<ResponseRecord>();

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

  /** @throws ApiError 404 */
  get(id: string): ResponseRecord {
    const record = this.#kept.get(id);
    if (record) return record;
    throw notFound(`Response with id '${id.slice(0, 100)}' not found.`);
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

  delete(id: string): void {
    this.get(id).stop.abort();
    this.#kept.delete(id);
  }

  /** Stops what runs and waits for its end. */
  async close(): Promise<void> {
    const running = [...this.#running];
    for (const record of running) record.stop.abort();
    await Promise.all(running.map((record) => record.ended));
    this.#kept.clear();
  }
}
