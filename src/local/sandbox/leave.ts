import { encodeFrame } from '../frame.ts';
import { host } from './host.ts';

/**
 * Why the child ends itself. `orphan`: the parent is gone. `memory`: more was held than allowed. `exited`: the code
 * ended the process (`os._exit`). `broken`: Python or Pyodide is beyond use.
 */
export const leaveReasons = ['orphan', 'memory', 'exited', 'broken'] as const;
export type LeaveReason = (typeof leaveReasons)[number];

/** The descriptor of the pipe to the parent. */
export const parentPipe = 1;

/** Says why, and ends this process at once, whatever its threads are doing. */
export function leave(reason: LeaveReason, detail: unknown = ''): never {
  try {
    const header = { type: 'leaving', reason, detail: String(detail).slice(0, 2000) };
    for (const piece of encodeFrame(header)) host.write(parentPipe, piece);
  } catch {
    // Nobody reads it any more: the end is the same.
  }
  return host.end();
}
