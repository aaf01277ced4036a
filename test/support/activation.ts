import { waitFor } from './processes.ts';
import { testExtension } from './tools.ts';
import { startVsCode, type VsCode } from './vscode.ts';

/**
 * ms of loading the code and of activating, between VS Code's own marks for the two. Its list of running extensions
 * says more: it counts from before it looks for translations on, and what starts in the same moment loads its code one
 * after the other in the time of each, so that an extension of thirty lines is said to have taken 200 ms.
 */
export interface ActivationTimes {
  readonly ours: number;
  readonly git: number;
}

/** Both extensions in the same extension host of a window in which nothing of ours is open, a fresh one each time. */
export async function activationTimes(runs: number): Promise<readonly ActivationTimes[]> {
  const vscode = await startVsCode({ also: [await testExtension('hostProbe')] });
  try {
    const found: ActivationTimes[] = [];
    // The first one writes the caches of what is loaded.
    for (let run = 0; run <= runs; run++) {
      if (run > 0) await vscode.reload();
      const times = await waitFor(() => markedTimes(vscode), {
        what: 'both to have started',
        timeout: 30_000,
      });
      if (run > 0) found.push(times);
    }
    return found;
  } finally {
    await vscode.close();
  }
}

async function markedTimes({ workbench }: VsCode): Promise<ActivationTimes | undefined> {
  await workbench.runCommand('Host Probe: Activations');
  const told = await workbench.notification(/To start, /);
  await workbench.clearNotifications();
  const [ours = Number.NaN, git = Number.NaN] = [...told.matchAll(/took ([\d.]+|NaN) ms/g)].map(([, ms]) =>
    Number(ms),
  );
  return Number.isNaN(ours + git) ? undefined : { ours, git };
}
