/** The time at the host, and a tick for what shows it: one timer, and only while something is running. */
export class Clock {
  readonly #listeners = new Set<(now: number) => void>();
  #timer: ReturnType<typeof setInterval> | undefined;
  /** The host may be another machine, whose clock is not ours. */
  #offset = 0;

  /** Learns from an event that the host stamped a moment ago. */
  sync(hostTime: number): void {
    const offset = Date.now() - hostTime;
    // A small difference is the time the message took.
    this.#offset = Math.abs(offset) < 2_000 ? 0 : offset;
  }

  now(): number {
    return Date.now() - this.#offset;
  }

  /** Calls `listener` now and every second until the returned function is called. */
  follow(listener: (now: number) => void): () => void {
    this.#listeners.add(listener);
    this.#timer ??= setInterval(() => this.#tick(), 1_000);
    listener(this.now());
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
  }

  #tick(): void {
    const now = this.now();
    for (const listener of this.#listeners) listener(now);
  }
}
