import { setTimeout as wait } from 'node:timers/promises';

/** Time and chance, so that tests need neither wait nor guess. */
export interface Clock {
  /** ms since the epoch. */
  now(): number;
  /** @throws the signal's reason as soon as it is aborted */
  sleep(ms: number, signal: AbortSignal | undefined): Promise<void>;
  /** At least 0, less than 1. */
  random(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  random: () => Math.random(),
  async sleep(ms, signal) {
    signal?.throwIfAborted();
    try {
      await wait(ms, undefined, signal ? { signal } : {});
    } catch (error) {
      // Node throws an error of its own; whoever aborted wants to see the reason.
      signal?.throwIfAborted();
      throw error;
    }
  },
};
