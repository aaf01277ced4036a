import { host } from './host.ts';
import { writeMessage } from './parentPipe.ts';

/**
 * Why the child ends itself. `orphan`: the parent is gone. `stopped`: the parent broke off what it was doing. `memory`:
 * more was held than allowed. `exited`: the code ended the process (`os._exit`). `broken`: Python or Pyodide is beyond
 * use. `unlocked`: a layer that locks Python in is not there; the detail is its name (`layers.ts`).
 */
export const leaveReasons = ['orphan', 'stopped', 'memory', 'exited', 'broken', 'unlocked'] as const;
export type LeaveReason = (typeof leaveReasons)[number];

let lastWords: (() => void) | undefined;

/** Has this done when the process leaves, while there is somebody to tell. */
export function beforeLeaving(work: () => void): void {
  lastWords = work;
}

/** Says what is still to be said and why, and ends this process at once, whatever its threads are doing. */
export function leave(reason: LeaveReason, detail: unknown = ''): never {
  const words = lastWords;
  lastWords = undefined;
  try {
    if (reason !== 'orphan') {
      // First of all, for the parent may be about to end this process.
      writeMessage({ type: 'stopping' });
      words?.();
    }
    writeMessage({ type: 'leaving', reason, detail: String(detail).slice(0, 2000) });
  } catch {
    // Nobody reads it any more, or Python left nothing in a state to be told: the end is the same.
  }
  return host.end();
}
