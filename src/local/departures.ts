/** What people are told of a Python that ended while it ran code. */
import type { Departure } from './childLink.ts';
import type { PythonEnd } from './python.ts';
import { inWords, type Limits } from './sandbox/limits.ts';

/** How a run ended whose child is gone. */
export function endOf({ reason }: Departure, stopped: 'interrupted' | 'timed_out' | undefined): PythonEnd {
  if (reason === 'memory') return 'out_of_memory';
  return reason === 'killed' && stopped === 'timed_out' ? 'timed_out' : 'died';
}

/** @param rescued whether the child could send what the run had made before it ended */
export function sayDeparture({ reason }: Departure, rescued: boolean, limits: Limits): string {
  const left = rescued
    ? 'its variables are gone; what it had printed, shown and written is kept.'
    : 'its variables are gone, and what it made last may be lost; what had come of it before is kept.';
  return `${whyGone(reason, limits)}: ${left}`;
}

function whyGone(reason: Departure['reason'], limits: Limits): string {
  switch (reason) {
    case 'killed':
      return 'The code did not stop when it was interrupted, so that its Python was ended';
    case 'memory':
      return `The code needed more memory than the ${inWords(limits.memoryBytes)} of its container, so that its Python was ended`;
    case 'exited':
      return 'The code ended its Python itself';
    case 'closed':
      return 'Python was ended';
    case 'misbehaved':
      return 'Python sent what could not be read and was ended';
    case 'silent':
      return 'Python did not answer any more and was ended';
    case 'crashed':
    case 'unlocked':
      return 'Python crashed while it ran the code';
  }
}
