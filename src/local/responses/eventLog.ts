import type { WireEvent } from './wire.ts';

/** The events of one response, kept so that each reader takes them at its own pace and from where it likes. */
export class EventLog {
  readonly #events: WireEvent[] = [];
  #ended = false;
  #wake: PromiseWithResolvers<void> = Promise.withResolvers<void>();

  /** Adds an event and gives it its number. */
  append(type: string, fields: Readonly<Record<string, unknown>>): void {
    this.#events.push({ type, sequence_number: this.#events.length, ...fields });
    this.#notify();
  }

  end(): void {
    this.#ended = true;
    this.#notify();
  }

  /** All events with a number above `after`, those to come too, until the log ends. */
  async *read(after = -1): AsyncGenerator<WireEvent> {
    for (let at = after + 1; ; at++) {
      while (at >= this.#events.length) {
        if (this.#ended) return;
        await this.#wake.promise;
      }
      yield this.#events[at] as WireEvent;
    }
  }

  #notify(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers<void>();
  }
}
