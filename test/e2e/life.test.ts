import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Panel, python } from '../support/panel.ts';
import { waitFor } from '../support/processes.ts';
import { completed, created, ScriptedGateway, stream } from '../support/scriptedGateway.ts';
import type { TreeItem } from '../support/tree.ts';
import { startVsCode, type VsCode } from '../support/vscode.ts';
import { themes } from '../support/workbench.ts';

/** ms for a container that lives for a minute to come to its end, on a machine that does other things too. */
const A_LIFE = 100_000;

const MAKE = 'x = 6 * 7\nopen("/mnt/data/answer.csv", "w").write(f"x\\n{x}\\n")';

/** Waits until the status bar says this of the extension. */
async function statusSays({ workbench }: VsCode, pattern: RegExp, timeout = 20_000): Promise<void> {
  const says = async () => (await workbench.statusBar()).some((text) => pattern.test(text));
  await waitFor(says, { timeout, what: `${pattern} in the status bar` }).catch(async (error: unknown) => {
    throw new Error(`the status bar says: ${(await workbench.statusBar()).join(' | ')}`, { cause: error });
  });
}

/** Waits for a row of the tree that is as `is` says. */
async function rowIs(
  { workbench }: VsCode,
  what: string,
  is: (item: TreeItem) => boolean,
  timeout = 20_000,
): Promise<TreeItem> {
  const tree = workbench.tree('codeInterpreter');
  const find = async () => (await tree.items()).find(is);
  return waitFor(find, { timeout, what }).catch(async (error: unknown) => {
    const rows = (await tree.items()).map(({ label, description }) => `${label} (${description})`);
    throw new Error(`no ${what}; there are: ${rows.join(' | ')}`, { cause: error });
  });
}

describe('a container on this machine that lives for a minute', () => {
  let vscode: VsCode;
  const panel = () => new Panel(vscode);
  before(async () => {
    vscode = await startVsCode({ settings: { 'codeInterpreter.localGateway.containerLife': 1 } });
    await vscode.workbench.openView('Code Interpreter');
    await vscode.workbench.runCommand('Code Interpreter: New Session');
  });
  after(() => vscode?.close());

  it('says how long it lives, in the status bar, the tree and the panel', async () => {
    await panel().askAndWait(python(MAKE));
    await statusSays(vscode, /Local Python · 1 min left/);
    await rowIs(vscode, 'row of a living container', ({ level, description }) => {
      return level === 1 && /1 min left/.test(description);
    });
    await panel().run.getByText('(1 min left)').waitFor();
    await vscode.workbench.screenshot('life-living');
  });

  it('offers before its end, once, to keep what is not saved', async () => {
    const { workbench } = vscode;
    const offer = /ends in 1 min, with a file that is not saved/;
    await workbench.notification(offer, A_LIFE);
    await workbench.screenshot('life-offer');
    await workbench.notificationButton(offer, 'Keep');
    await workbench.notification(/The file is kept/);
    await workbench.screenshot('life-kept');
  });

  it('shows after its end what was kept, which opens and can be saved', async () => {
    const { workbench } = vscode;
    await rowIs(
      vscode,
      'row of an expired container',
      ({ level, description }) => level === 1 && /expired/.test(description),
      2 * A_LIFE,
    );
    await statusSays(vscode, /Local Python · expired/);
    const tree = workbench.tree('codeInterpreter');
    const [container] = await tree.labels();
    assert.ok(container);
    await tree.expand(container);
    await rowIs(vscode, 'kept file', ({ label, level }) => level === 2 && label === 'answer.csv');
    await workbench.screenshot('life-ended');
    await tree.click('answer.csv');
    await waitFor(async () => (await workbench.activeTab()) === 'answer.csv', { what: 'the kept file' });
    await tree.inlineAction('answer.csv', 'Save Kept File');
    await workbench.fileDialog(`${vscode.workspace}/restored.csv`);
    await workbench.notification(/Saved restored\.csv/);
  });

  it('is rebuilt with what the code makes when it runs again', async () => {
    const { workbench } = vscode;
    await workbench.runCommand('Code Interpreter: Rebuild Container…');
    await workbench.quickInputOpen();
    await workbench.screenshot('life-rebuild');
    const before = await panel().runCount();
    await workbench.quickPick('The Files, and Run the Code Again');
    await panel().next(before);
    assert.match(await panel().text(), /Run again: step 1 of 1/);
    await workbench.notification(/All of the code ran again in the new container/);
    await panel().askAndWait(python('print(x, open("/mnt/data/answer.csv").read().split())'));
    assert.match(await panel().logs(), /42 \['x', '42'\]/);
    await workbench.screenshot('life-rebuilt');
  });

  it('goes with all that have expired', async () => {
    const { workbench } = vscode;
    await workbench.runCommand('Code Interpreter: Delete Expired Containers…');
    assert.match(await workbench.dialog(), /Delete the container that has expired/);
    await workbench.dialogButton('Delete');
    // What was kept of it is still there, below a row of its own.
    const tree = workbench.tree('codeInterpreter');
    await rowIs(vscode, 'row of what was kept', ({ level, description }) => {
      return level === 1 && /kept/.test(description);
    });
    await workbench.screenshot('life-deleted');
    await tree.menu('answer.csv', 'Delete Kept File');
    assert.match(await workbench.dialog(), /Delete answer\.csv/);
    await workbench.dialogButton('Delete');
    await waitFor(async () => !(await tree.labels()).includes('answer.csv'), { what: 'its row to go' });
  });
});

describe('the offer before the end of a container', () => {
  let vscode: VsCode;
  before(async () => {
    vscode = await startVsCode({ settings: { 'codeInterpreter.localGateway.containerLife': 1 } });
    await vscode.workbench.openView('Code Interpreter');
  });
  after(() => vscode?.close());

  it('saves all of it, or leaves it at that and does not ask again', async () => {
    const { workbench } = vscode;
    for (const name of ['first', 'second']) {
      await workbench.runCommand('Code Interpreter: New Session');
      const panel = new Panel(vscode);
      await panel.frame.locator('.composer-input').waitFor();
      await panel.askAndWait(
        python(`# The ${name}\nfor n in "ab": open(f"/mnt/data/${name}_{n}.csv", "w").write(n)`),
      );
    }
    const offer = (name: string) =>
      new RegExp(`The ${name}[^”]*” ends in 1 min, with 2 files that are not saved`);
    await workbench.notification(offer('first'), A_LIFE);
    await workbench.notificationButton(offer('first'), 'Save All');
    await workbench.fileDialog(`${vscode.workspace}/`);
    await workbench.notification(/Saved 2 files to/);
    const saved = ['first_a.csv', 'first_b.csv'].map((name) => path.join(vscode.workspace, name));
    assert.deepEqual(await Promise.all(saved.map((file) => readFile(file, 'utf8'))), ['a', 'b']);
    await workbench.notification(offer('second'), A_LIFE);
    await workbench.screenshot('life-offer-several');
    await workbench.notificationButton(offer('second'), 'Not Now');
    const gone = async () =>
      (await vscode.page.locator('.notification-list-item', { hasText: 'ends in' }).count()) === 0;
    await waitFor(gone, { what: 'the offer to go' });
    await rowIs(
      vscode,
      'row of the second container, expired and with nothing kept',
      ({ label, description }) => /The second/.test(label) && description === 'expired',
      2 * A_LIFE,
    );
    assert.ok(await gone(), 'it was not asked again');
  });
});

describe('files that are kept by themselves', () => {
  let vscode: VsCode;
  before(async () => {
    vscode = await startVsCode({ settings: { 'codeInterpreter.containers.keepFiles': true } });
    await vscode.workbench.openView('Code Interpreter');
    await vscode.workbench.runCommand('Code Interpreter: New Session');
  });
  after(() => vscode?.close());

  it('are there after the window was loaded anew and its containers are gone', async () => {
    await new Panel(vscode).askAndWait(python(MAKE));
    await rowIs(vscode, 'row of a container with a kept file', ({ description }) =>
      /1 kept/.test(description),
    );
    await vscode.reload();
    await vscode.workbench.openView('Code Interpreter');
    const kept = await rowIs(vscode, 'row of what was kept', ({ description }) => /kept/.test(description));
    await vscode.workbench.tree('codeInterpreter').expand(kept.label);
    await rowIs(vscode, 'kept file', ({ label }) => label === 'answer.csv');
  });
});

describe('containers at a gateway', () => {
  let gateway: ScriptedGateway;
  let vscode: VsCode;
  const panel = () => new Panel(vscode);
  before(async () => {
    gateway = await ScriptedGateway.start();
    vscode = await startVsCode({
      settings: { 'codeInterpreter.gateway.url': gateway.server.url, 'codeInterpreter.gateway.model': 'm' },
      env: { CODE_INTERPRETER_GATEWAY_KEY: 'sk-of-the-environment-0123456789' },
    });
    await vscode.workbench.openView('Code Interpreter');
  });
  after(async () => {
    await vscode?.close();
    await gateway?.[Symbol.asyncDispose]();
  });

  it('are made with a name and memory at its price; that a gateway did not pass it on is said', async () => {
    const { workbench } = vscode;
    await workbench.runCommand('Code Interpreter: Create Container…');
    await workbench.quickInputTitled(/Create a Container/, 'n');
    await waitFor(async () => (await workbench.quickRows()).some((row) => /4 GB.*\$0\.12/.test(row)), {
      what: 'the prices',
    });
    await workbench.screenshot('life-memory');
    await workbench.quickPick('4 GB');
    await workbench.notification(/does not say that it has 4 GB of memory/);
    const [made] = gateway.sent('POST', '/containers');
    assert.deepEqual(JSON.parse(made?.body ?? ''), { name: 'n', memory_limit: '4g' });
    await rowIs(vscode, 'row with its life and estimated cost', ({ label, description }) => {
      return label === 'n' && /20 min left · about \$0\.03/.test(description);
    });
    await workbench.clearNotifications();
    for (const theme of Object.keys(themes) as (keyof typeof themes)[]) {
      await workbench.setTheme(theme);
      await workbench.screenshot(`life-tree-${theme}`);
    }
  });

  it('that have expired are rebuilt with the files that were sent, and the next message goes there', async () => {
    const { workbench } = vscode;
    await workbench.runCommand('Code Interpreter: Attach File…');
    await workbench.fileDialog(`${vscode.workspace}/sales.csv`);
    await panel().frame.locator('.composer .chip', { hasText: 'sales.csv' }).waitFor();
    gateway.runs.push(stream(created('resp_1'), completed('resp_1', 'It has a header.')));
    await panel().askAndWait('What is in this file?');
    const [upload] = gateway.uploads;
    assert.ok(upload);
    gateway.expire(upload.containerId);
    await workbench.runCommand('Code Interpreter: Refresh Containers');
    const expired = await rowIs(vscode, 'expired row', ({ description }) => /expired/.test(description));
    await workbench.tree('codeInterpreter').inlineAction(expired.label, 'Rebuild Container');
    await workbench.quickPick('The Files That Were Sent');
    await workbench.notification(/The session has a new container with 1 file/);
    const again = gateway.uploads.at(-1);
    assert.notEqual(again?.containerId, upload.containerId);
    assert.equal(again?.bytes, upload.bytes);
    gateway.runs.push(stream(created('resp_2'), completed('resp_2', 'Still there.')));
    await panel().askAndWait('And now?');
    assert.match(JSON.stringify(gateway.asked().at(-1)), new RegExp(`"container":"${again?.containerId}"`));
    assert.equal(gateway.asked().length, 2, 'no request met the expired container');
  });

  it('keep their clocks over a reload of the window', async () => {
    await vscode.reload();
    await vscode.workbench.openView('Code Interpreter');
    await rowIs(vscode, 'row with its life', ({ description }) => /1[0-9]|20 min left/.test(description));
  });

  it('are rebuilt from the tree where no panel shows their session, which is brought back', async () => {
    const { workbench, page } = vscode;
    const before = gateway.uploads.at(-1);
    assert.ok(before);
    await workbench.closeEditors();
    await vscode.reloadWithEditors();
    await workbench.openView('Code Interpreter');
    await rowIs(vscode, 'row with its life', ({ description }) => /1[0-9]|20 min left/.test(description));
    assert.equal(await page.locator('iframe.webview').count(), 0, 'no panel is open');
    await workbench.runCommand('Code Interpreter: Delete Expired Containers…');
    await workbench.dialogButton('Delete');
    gateway.expire(before.containerId);
    await workbench.runCommand('Code Interpreter: Refresh Containers');
    const expired = await rowIs(vscode, 'expired row', ({ description }) => /expired/.test(description));
    await workbench.tree('Containers').inlineAction(expired.label, 'Rebuild Container');
    await workbench.quickPick('The Files That Were Sent');
    await workbench.notification(/The session has a new container with 1 file/);
    await panel().frame.getByText('Still there.').first().waitFor();
    assert.notEqual(gateway.uploads.at(-1)?.containerId, before.containerId);
  });
});
