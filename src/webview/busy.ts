/** Whether a run is under way, for what can be pressed only when none is. */
export class Busy {
  readonly #listeners = new Set<(busy: boolean) => void>();
  #busy = false;

  set(busy: boolean): void {
    if (busy === this.#busy) return;
    this.#busy = busy;
    for (const listener of this.#listeners) listener(busy);
  }

  /** Calls `listener` now and at each change until the returned function is called. */
  follow(listener: (busy: boolean) => void): () => void {
    this.#listeners.add(listener);
    listener(this.#busy);
    return () => this.#listeners.delete(listener);
  }
}
