import type { Clock } from '../../src/gateway/clock.ts';

/** A clock on which waiting takes no time, and that remembers what was waited for. */
export class FakeClock implements Clock {
  /** ms of each wait. */
  readonly waits: number[] = [];
  /** What chance gives. */
  chance = 0;
  /** Called in each wait, before it is over. */
  onSleep: (ms: number) => void = () => {};
  #now = Date.parse('2026-11-24T12:00:00Z');

  now(): number {
    return this.#now;
  }

  random(): number {
    return this.chance;
  }

  async sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    this.waits.push(ms);
    this.onSleep(ms);
    this.#now += ms;
    signal?.throwIfAborted();
  }
}
