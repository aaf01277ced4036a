import { tooMany } from './apiError.ts';

interface Waiter {
  readonly bytes: number;
  readonly admit: () => void;
}

/** Shares out the memory for the bodies of requests, in the order in which they ask. */
export class BodyMemory {
  readonly #limit: number;
  readonly #patience: number;
  readonly #waiting = new Set<Waiter>();
  #held = 0;

  /**
   * @param limit bytes of all together
   * @param patience ms that one waits for others to end
   */
  constructor(limit: number, patience: number) {
    this.#limit = limit;
    this.#patience = patience;
  }

  /**
   * Fulfilled when there is room.
   *
   * @throws ApiError 429 where there is none for too long
   */
  async take(bytes: number): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter: Waiter = { bytes, admit: resolve };
    this.#waiting.add(waiter);
    const timer = setTimeout(() => {
      this.#waiting.delete(waiter);
      reject(tooMany('Too many large requests at once. Try again when one of them has ended.', 1));
      this.#admit();
    }, this.#patience);
    this.#admit();
    try {
      await promise;
    } finally {
      clearTimeout(timer);
    }
  }

  give(bytes: number): void {
    this.#held -= bytes;
    this.#admit();
  }

  #admit(): void {
    for (const waiter of this.#waiting) {
      if (this.#held + waiter.bytes > this.#limit) return;
      this.#held += waiter.bytes;
      this.#waiting.delete(waiter);
      waiter.admit();
    }
  }
}
