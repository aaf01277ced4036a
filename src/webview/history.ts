/** Leads through what was sent before, from the draft back and again to it. */
export class HistoryCursor {
  readonly #texts: readonly string[];
  readonly #draft: string;
  #at: number;

  /**
   * @param texts oldest first
   * @param draft what stands in the composer now, and is come back to
   */
  constructor(texts: readonly string[], draft: string) {
    this.#texts = texts;
    this.#draft = draft;
    this.#at = texts.length;
  }

  /** The next text further back (-1) or forth (1), and undefined at either end. */
  move(direction: -1 | 1): string | undefined {
    let next = this.#at + direction;
    // What is in the composer already would seem to be nothing happening.
    if (this.#at === this.#texts.length && this.#texts[next] === this.#draft) next += direction;
    if (next < 0 || next > this.#texts.length) return undefined;
    this.#at = next;
    return next === this.#texts.length ? this.#draft : this.#texts[next];
  }
}

/** Whether the cursor can go no further up (-1) or down (1) among the lines that were typed. */
export function isAtEdge(text: string, cursor: number, direction: -1 | 1): boolean {
  return direction === -1 ? !text.slice(0, cursor).includes('\n') : !text.slice(cursor).includes('\n');
}
