/**
 * The steps of Python's event loop, each of which the parent can break off by SIGINT: also one that computes in C and
 * never looks for an interrupt. Being ready for that takes a thread, 0.1 to 0.5 ms: far too long for a loop that awaits
 * thousands of times a second, so that only so many steps of it are ready.
 */
import { host } from './host.ts';

/** Steps that may be ready in a row, and milliseconds until one more may. */
const most = 200;
const each = 5;

let left = most;
let before = 0;
let brokenOff = (): void => {};

/** What to do when a step is broken off: Python's state is undefined then. */
export function whenBrokenOff(work: () => void): void {
  brokenOff = work;
}

/** From here on steps are ready again, whatever was done before. */
export function renewSteps(): void {
  left = most;
}

/** Does one step of it. */
export function doStep(work: () => void): void {
  const now = host.now();
  left = Math.min(most, left + (now - before) / each);
  before = now;
  if (left < 1) {
    work();
    return;
  }
  left -= 1;
  if (!host.breakable(work)) brokenOff();
}
