import { type ApiError, tooMany } from '../http/apiError.ts';
import type { Container } from './container.ts';

/** Seconds after which it is worth asking again. */
const RUN_ENDS_IN = 2;

/** The container of a run, once it has one. */
type Holder = () => Container | undefined;

/**
 * The places for living Pythons. A run that may need one takes its place when it is accepted and holds it to its end:
 * one that could only find out later that there is none would fail after it was answered with 200.
 */
export class Places {
  readonly #most: number;
  readonly #holders = new Set<Holder>();

  /** @param most Pythons that may be alive at once */
  constructor(most: number) {
    this.#most = most;
  }

  /**
   * Takes a place. Runs in one container share it.
   *
   * @returns gives it back
   * @throws ApiError 429 where all are taken
   */
  take(holder: Holder): () => void {
    const taken = new Set([...this.#holders].map((held) => held() ?? held));
    const own = holder();
    const shared = own !== undefined && taken.has(own);
    if (!shared && taken.size >= this.#most) throw tooManyRuns();
    this.#holders.add(holder);
    return () => this.#holders.delete(holder);
  }

  /** Whether a run of this container has one. */
  has(container: Container): boolean {
    return [...this.#holders].some((holder) => holder() === container);
  }
}

export function tooManyRuns(): ApiError {
  return tooMany(
    'Too many runs at once: every Python that may be alive is busy. Try again when one has ended.',
    RUN_ENDS_IN,
  );
}
