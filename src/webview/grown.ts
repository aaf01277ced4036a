/**
 * What has been added to `before` to make `text` of it; undefined where it begins with something else. Compares slices,
 * which is one comparison of memory: `startsWith` looks at each character, which is felt once for every frame of a
 * long answer.
 */
export function addedTo(before: string, text: string): string | undefined {
  return text.slice(0, before.length) === before ? text.slice(before.length) : undefined;
}

/** Characters before what is new that have to be the ones that were last there. */
const OVERLAP = 64;

/** A text that grows while it is shown. */
export class GrownText {
  /** The pieces that were given, and what was told whole. */
  #shown = '';
  #latest = '';

  /**
   * What has been added to the text; undefined where it is another one.
   *
   * @param latest its end, as far as it is known to have been added of late: where that reaches back to what was there
   * before, the rest is not looked at
   * @param sure looks at all of it, as it was given
   */
  take(text: string, latest: string, sure: boolean): string | undefined {
    const seen = latest.length - (text.length - this.#shown.length);
    const joins = !sure && seen <= latest.length && this.#joins(latest, seen);
    const piece = joins ? latest.slice(seen) : addedTo(this.#shown, text);
    this.#shown = joins ? this.#shown + piece : text;
    this.#latest = latest;
    return piece;
  }

  #joins(latest: string, seen: number): boolean {
    const overlap = Math.min(seen, this.#latest.length, OVERLAP);
    if (overlap < Math.min(this.#shown.length, OVERLAP)) return false;
    return latest.slice(seen - overlap, seen) === this.#latest.slice(this.#latest.length - overlap);
  }
}
