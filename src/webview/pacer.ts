/** Draws in a row, one a frame, before every other frame is left out. */
const STREAK = 3;

/**
 * Draws what has changed: in the next frame, and in every other one while changes keep coming in each, for which half of
 * the work is enough to be read. Nothing is ever drawn more than one frame later than it could be.
 */
export class Pacer {
  readonly #draw: () => void;
  #frame = 0;
  #changed = false;
  /** Frames drawn without one between them in which nothing had changed. */
  #streak = 0;
  #rests = false;

  constructor(draw: () => void) {
    this.#draw = draw;
  }

  /** There is something to be drawn. */
  change(): void {
    this.#changed = true;
    this.#await();
  }

  #await(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#onFrame());
  }

  #onFrame(): void {
    this.#frame = 0;
    if (!this.#changed) {
      this.#streak = 0;
      this.#rests = false;
      return;
    }
    this.#await();
    if (this.#rests) {
      this.#rests = false;
      return;
    }
    this.#changed = false;
    this.#streak++;
    this.#rests = this.#streak > STREAK;
    this.#draw();
  }
}
