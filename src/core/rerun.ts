import { type CodeStep, hasEnded } from './runState.ts';
import type { RunEntry } from './session.ts';
import { uncaught } from './traceback.ts';

/** Colours of terminals. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this removes
const COLOURS = /\x1b\[[0-?]*[ -/]*[@-~]/g;

/**
 * The code to run again in a new container so that it comes to hold what a lost one held: all that ran there to its
 * end, in order. Where the gateway does not say where code ran, it ran there.
 *
 * @param containerId the lost container; undefined where it is not known
 */
export function codeToRerun(runs: readonly RunEntry[], containerId: string | undefined): readonly string[] {
  return runs.flatMap(({ state }) =>
    state.items.flatMap((item) => {
      if (item.kind !== 'code' || item.code.trim() === '' || !succeeded(item)) return [];
      const elsewhere = item.containerId !== undefined && item.containerId !== containerId;
      return elsewhere && containerId !== undefined ? [] : [item.code];
    }),
  );
}

/** Whether a run that was to run code did, to a good end. */
export function ranWell({ state }: RunEntry): boolean {
  const steps = state.items.filter((item) => item.kind === 'code');
  return hasEnded(state) && state.status === 'completed' && steps.length > 0 && steps.every(succeeded);
}

function succeeded({ status, outputs }: CodeStep): boolean {
  const logs = outputs?.flatMap((output) => (output.type === 'logs' ? [output.logs] : [])) ?? [];
  return status === 'completed' && uncaught(logs.join('\n').replace(COLOURS, '')) === undefined;
}
