import { waitFor } from './processes.ts';
import { startVsCode, type VsCode } from './vscode.ts';

/** ms of loading the code and of `activate`, as VS Code itself measures them. */
export interface ActivationTimes {
  readonly ours: number;
  readonly git: number;
}

/** Both extensions in the same extension host, in a fresh one each time. */
export async function activationTimes(runs: number): Promise<readonly ActivationTimes[]> {
  const vscode = await startVsCode();
  try {
    const found: ActivationTimes[] = [];
    // The first one writes the caches of what is loaded.
    for (let run = 0; run <= runs; run++) {
      if (run > 0) await vscode.reload();
      await vscode.workbench.openView('Code Interpreter');
      await vscode.workbench.runCommand('Developer: Show Running Extensions');
      const ours = await activation(vscode, 'Code Interpreter');
      const git = await activation(vscode, 'Git');
      if (run > 0) found.push({ ours, git });
    }
    return found;
  } finally {
    await vscode.close();
  }
}

/** What the list of running extensions says of one of them. */
async function activation({ page }: VsCode, name: string): Promise<number> {
  return await waitFor(
    async () => {
      const rows = await page.locator('.runtime-extensions-editor .monaco-list-row').allInnerTexts();
      const text = rows.find((text) => text.split('\n')[0]?.trim() === name);
      const ms = /Activation: (\d+)ms/.exec(text ?? '')?.[1];
      if (ms === undefined) throw new Error(`${name} is not among: ${rows.join(' | ')}`);
      return Number(ms);
    },
    { what: `the activation of ${name}`, timeout: 30_000 },
  );
}
