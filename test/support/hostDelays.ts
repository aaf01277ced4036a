import { FaultServer } from './faultServer.ts';
import { openContainers } from './filesJob.ts';
import { manyFiles, nameOf } from './manyFiles.ts';
import { testExtension } from './tools.ts';
import { startVsCode, type VsCode } from './vscode.ts';

/** What is done with a long list, in the order in which it is done. */
export const LIST_WORK = [
  'listed',
  'sorted by size',
  'sorted by name',
  'filtered',
  'asked for again',
] as const;

/**
 * How long the extension host of a real VS Code was kept from doing anything else while a container with many files is
 * shown, by each thing that is done with its list.
 *
 * @param files how many the container has
 * @param runs how often all of it is done, each time in a fresh window
 * @returns ms of the longest task, in the order of {@link LIST_WORK}, for each run
 */
export async function hostDelays(files: number, runs: number): Promise<readonly (readonly number[])[]> {
  await using server = await FaultServer.start();
  server.answer = manyFiles({ containers: 1, files, latency: 5 });
  const vscode = await startVsCode({
    also: [await testExtension('hostProbe')],
    settings: { 'codeInterpreter.gateway.url': server.url, 'codeInterpreter.gateway.model': 'm' },
    env: { CODE_INTERPRETER_GATEWAY_KEY: 'sk-of-the-environment-0123456789' },
  });
  try {
    const found: (readonly number[])[] = [];
    for (let run = 0; run < runs; run++) {
      if (run > 0) await vscode.reload();
      found.push(await once(vscode, files));
    }
    return found;
  } finally {
    await vscode.close();
  }
}

async function once(vscode: VsCode, files: number): Promise<readonly number[]> {
  const { workbench } = vscode;
  const tree = workbench.tree('Containers');
  await openContainers(vscode);
  await workbench.runCommand('Code Interpreter: Sort Files By…');
  await workbench.quickPick('Newest First');
  const newest = nameOf(files - 1);
  const work: readonly (() => Promise<void>)[] = [
    async () => {
      await tree.expand('analysis 0');
      await tree.waitForRow(newest);
    },
    async () => {
      await sort(vscode, 'Size, Largest First');
      await tree.waitForRow(/^result_/, 60_000);
    },
    async () => {
      await sort(vscode, 'Name');
      await tree.waitForRow(nameOf(0), 60_000);
    },
    async () => {
      await workbench.runCommand('Code Interpreter: Filter Files…');
      await workbench.quickInput('result_777*.png');
      await tree.waitForRow(nameOf(7771));
      await workbench.runCommand('Code Interpreter: Show All Files');
    },
    async () => {
      await tree.titleAction('Refresh');
    },
  ];
  const delays: number[] = [];
  for (const act of work) {
    await workbench.runCommand('Host Probe: Begin');
    await act();
    // What is drawn asks for its rows a little later.
    await vscode.page.waitForTimeout(3_000);
    await workbench.runCommand('Host Probe: End');
    const told = await workbench.notification(/longest task took/);
    delays.push(Number(/([\d.]+) ms/.exec(told)?.[1]));
    await workbench.clearNotifications();
  }
  return delays;
}

async function sort({ workbench }: VsCode, label: string): Promise<void> {
  await workbench.runCommand('Code Interpreter: Sort Files By…');
  await workbench.quickPick(label);
}
