import type { WireEvent } from './wire.ts';

/** Characters that an event takes beside the text that is its own: its object, its ids. Measured at 150 to 250 bytes. */
const EVENT_SIZE = 250;

/** The events of one response, kept so that each reader takes them at its own pace and from where it likes. */
export class EventLog {
  readonly #events: WireEvent[] = [];
  #ended = false;
  #size = 0;
  #wake: PromiseWithResolvers<void> = Promise.withResolvers<void>();

  /** About how many characters it holds, without what it shares with the response. */
  get size(): number {
    return this.#size;
  }

  /** Adds an event and gives it its number. */
  append(type: string, fields: Readonly<Record<string, unknown>>): void {
    this.#events.push({ type, sequence_number: this.#events.length, ...fields });
    const { delta } = fields;
    this.#size += EVENT_SIZE + (typeof delta === 'string' ? delta.length : 0);
    this.#notify();
  }

  end(): void {
    this.#ended = true;
    this.#notify();
  }

  /** All events with a number above `after`, those to come too, until the log ends or the signal is aborted. */
  async *read(after: number, signal: AbortSignal): AsyncGenerator<WireEvent> {
    const wake = () => this.#notify();
    signal.addEventListener('abort', wake);
    try {
      for (let at = after + 1; !signal.aborted; at++) {
        while (at >= this.#events.length) {
          if (this.#ended || signal.aborted) return;
          await this.#wake.promise;
        }
        yield this.#events[at] as WireEvent;
      }
    } finally {
      signal.removeEventListener('abort', wake);
    }
  }

  #notify(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers<void>();
  }
}
