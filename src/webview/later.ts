/** ms of such work at a time, so that a frame or a key that is waiting is not felt to wait. */
const SLICE = 8;

/** Work that nobody waits for, done soon: what was put off last comes first, a little between any two other tasks. */
export class Later {
  readonly #tasks = new Set<() => void>();
  #waits = false;

  /** @returns takes it back, where it has not been done */
  add(task: () => void): () => void {
    this.#tasks.add(task);
    if (!this.#waits) {
      this.#waits = true;
      // What is being drawn now is to be seen first.
      requestAnimationFrame(() => setTimeout(() => this.#work()));
    }
    return () => this.#tasks.delete(task);
  }

  /** Does it now, as far as it takes for something to be there. */
  until(isThere: () => boolean): void {
    for (const task of [...this.#tasks].reverse()) {
      if (isThere()) return;
      if (this.#tasks.delete(task)) task();
    }
  }

  #work(): void {
    const end = performance.now() + SLICE;
    try {
      this.until(() => performance.now() >= end);
    } finally {
      this.#waits = this.#tasks.size > 0;
      if (this.#waits) setTimeout(() => this.#work());
    }
  }
}
