import assert from 'node:assert/strict';
import { chmod, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Panel, python } from '../support/panel.ts';
import { commandLine, isAlive, processTree, waitFor } from '../support/processes.ts';
import { startVsCode, type VsCode } from '../support/vscode.ts';

const LIMITS = {
  'codeInterpreter.localGateway.runTimeout': 2,
  'codeInterpreter.localGateway.memoryLimit': 768,
  'codeInterpreter.localGateway.filesLimit': 8,
  'codeInterpreter.localGateway.outputLimit': 4,
};

describe('the limits of the local Python', () => {
  let vscode: VsCode;
  before(async () => {
    vscode = await startVsCode({ settings: LIMITS });
    await vscode.workbench.runCommand('Code Interpreter: New Session');
  });
  after(() => vscode?.close());

  /** What the panel shows of a piece of code. */
  async function shown(code: string): Promise<string> {
    const panel = new Panel(vscode);
    await panel.askAndWait(python(code));
    return await panel.text();
  }

  it('end code that runs too long, and keep its variables', async () => {
    assert.match(await shown('kept = 42\nwhile True:\n    pass'), /KeyboardInterrupt|too long|2 seconds/);
    assert.match(await shown('kept + 1'), /43/);
  });

  it('end code that takes too much memory, and say so', async () => {
    assert.match(
      await shown('data = []\nwhile True:\n    data.append(bytes(10_000_000))'),
      /MemoryError|memory/,
    );
    assert.match(await shown('data = None\n1 + 1'), /2/);
  });

  it('keep the files of a container within their room', async () => {
    const text = await shown('open("/mnt/data/big.bin", "wb").write(bytes(9 * 2**20))');
    assert.match(text, /No space left/);
    assert.match(text, /8 MiB/);
  });

  it('cut output that is too long, and say so', async () => {
    assert.match(await shown('print("x" * 100_000)'), /left out|too long/);
    await vscode.workbench.screenshot('limits');
  });

  it('count after a restart, which is offered', async () => {
    const { workbench } = vscode;
    await vscode.writeSettings({ ...LIMITS, 'codeInterpreter.localGateway.runTimeout': 60 });
    await workbench.notificationButton(/counts once the local Python/, 'Restart Local Python');
    assert.match(await shown('import time\ntime.sleep(3)\nprint("slept")'), /slept/);
  });

  it('are of no use with a Node.js that is too old: that is said, with a way to the setting', async () => {
    const old = path.join(vscode.workspace, 'old-node');
    await writeFile(old, '#!/bin/sh\necho v18.20.4\n');
    await chmod(old, 0o755);
    await vscode.writeSettings({ ...LIMITS, 'codeInterpreter.localGateway.nodePath': old });
    await vscode.workbench.notificationButton(/counts once the local Python/, 'Restart Local Python');
    const panel = new Panel(vscode);
    await panel.askAndWait(python('1 + 1'));
    assert.match(await panel.text(), /Python needs Node 22\.15 or later .* this is 18\.20\.4/);
    await vscode.workbench.screenshot('limits-old-node');
    await panel.frame.getByRole('button', { name: 'Open Settings' }).last().click();
    await vscode.page.getByText('Node Path').first().waitFor();
    await vscode.workbench.screenshot('limits-settings');
  });
});

describe('an editor that is killed', () => {
  const skip = process.platform === 'win32' ? 'a process tree cannot be read on Windows' : false;
  let vscode: VsCode;
  before(async () => {
    vscode = await startVsCode();
  });
  after(() => vscode?.close());

  it('leaves no process behind, even while code runs', { skip }, async () => {
    await vscode.workbench.runCommand('Code Interpreter: New Session');
    const panel = new Panel(vscode);
    await panel.ask(python('while True:\n    pass'));
    await panel.frame.getByText('Running').last().waitFor();
    const all = vscode.processes();
    const gateway = all.find((pid) => commandLine(pid).includes('localGateway.js'));
    assert.ok(gateway);
    const left = processTree(gateway);
    assert.ok(left.length > 1, 'Python runs below the gateway');
    for (const pid of all) if (!left.includes(pid) && isAlive(pid)) process.kill(pid, 'SIGKILL');
    await waitFor(() => !left.some(isAlive), { what: 'the end of the gateway and its Python' });
  });
});
