import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { FaultServer } from '../support/faultServer.ts';
import { isRecord } from '../support/json.ts';
import { Panel, python } from '../support/panel.ts';
import { waitFor } from '../support/processes.ts';
import { testExtension } from '../support/tools.ts';
import { startVsCode, type VsCode } from '../support/vscode.ts';

const MAKE = '# One of mine\nfrom pathlib import Path\nPath("/mnt/data/mine.csv").write_text("of the run")';

describe('a workspace that is on no disk', () => {
  let vscode: VsCode;
  before(async () => {
    vscode = await startVsCode({ also: [await testExtension('memoryFolder')] });
    const explorer = vscode.workbench.tree('Explorer Section');
    const open = async () => {
      await vscode.workbench.runCommand('Memory Folder: Open');
      await vscode.workbench.openView('Explorer');
      await explorer.waitForRow('out', 25_000);
      return true;
    };
    // The window opens anew for another first folder, and VS Code has been seen to forget the folder on the way.
    await waitFor(open, { what: 'the folder in memory', timeout: 90_000 }).catch(async (error: unknown) => {
      await vscode.workbench.screenshot('failed-memory-folder');
      throw error;
    });
    await vscode.workbench.runCommand('Code Interpreter: New Session');
    await panel().askAndWait(python(MAKE));
  });
  after(() => vscode?.close());
  const panel = () => new Panel(vscode);
  const opened = (text: string) =>
    vscode.page
      .locator('.editor-instance .view-line', { hasText: text })
      .first()
      .waitFor({ timeout: 20_000 });

  const toPanel = () => vscode.page.locator('.tab', { hasText: 'One of mine' }).first().click();

  /** VS Code's dialog in a browser leads to the disk only, so saving is told as it tells itself where files go. */
  async function goToMemory(): Promise<void> {
    const storage = path.join(path.dirname(vscode.workspace), 'user', 'User', 'workspaceStorage');
    const files = await readdir(storage, { recursive: true });
    const memory = files.find((file) => file.endsWith(path.join('saving', 'memory.json')));
    assert.ok(memory, 'nothing is remembered');
    const file = path.join(storage, memory);
    const stored: unknown = JSON.parse(await readFile(file, 'utf8'));
    assert.ok(isRecord(stored));
    await writeFile(file, JSON.stringify({ ...stored, folder: 'memory:/out' }));
  }

  it('takes a file beside another', async () => {
    const { workbench } = vscode;
    const onDisk = path.join(vscode.workspace, 'mine.csv');
    await panel().press('Save mine.csv');
    await workbench.fileDialog(onDisk);
    await waitFor(async () => (await readFile(onDisk, 'utf8')) === 'of the run', {
      what: onDisk,
      timeout: 20_000,
    });
    await workbench.notification(/Saved mine\.csv/);
    await workbench.clearNotifications();
    await goToMemory();
    await panel().press('Save mine.csv');
    await workbench.quickPick('Keep Both');
    await workbench.notificationButton(/Saved mine \(2\)\.csv/, 'Open');
    await opened('of the run');
    await workbench.screenshot('saving-memory');
    await workbench.clearNotifications();
  });

  it('lets one be replaced and put back', async () => {
    const { workbench } = vscode;
    await toPanel();
    await panel().press('Save mine.csv');
    await workbench.quickPick('Replace');
    await workbench.notificationButton(/replacing/, 'Undo Replace');
    await workbench.notification(/is as it was before/);
    const explorer = workbench.tree('Explorer Section');
    await explorer.expand('out');
    await explorer.click('mine.csv');
    await opened('mine');
    await workbench.clearNotifications();
  });

  it('that does not take a file: a sentence', async () => {
    const { workbench } = vscode;
    await toPanel();
    await panel().askAndWait(python('Path("/mnt/data/locked.csv").write_text("x")'));
    await panel().press('Save locked.csv');
    await workbench.notification(/this folder cannot be written to/);
    await workbench.clearNotifications();
  });
});

describe('a file that takes long', () => {
  const CONTAINER = 'cntr_0123456789abcdef';
  let server: FaultServer;
  let vscode: VsCode;
  let sending: ServerResponse | undefined;
  before(async () => {
    server = await FaultServer.start();
    const list = (data: readonly object[]) =>
      JSON.stringify({ object: 'list', data, has_more: false, last_id: null });
    server.answer = (request, response) => {
      if (request.url.endsWith('/content')) {
        // A tenth of what is announced, and then nothing.
        response.writeHead(200, { 'content-length': '50000000' });
        response.write(Buffer.alloc(5_000_000, 1));
        sending = response;
        return;
      }
      response.setHeader('content-type', 'application/json');
      if (request.url.startsWith('/v1/models')) response.end(list([{ id: 'm' }]));
      else if (request.url.includes('/files'))
        response.end(
          list([{ id: 'cfile_1', container_id: CONTAINER, bytes: null, path: '/mnt/data/big.bin' }]),
        );
      else response.end(list([{ id: CONTAINER, object: 'container', name: 'slow', status: 'running' }]));
    };
    vscode = await startVsCode({
      settings: { 'codeInterpreter.gateway.url': server.url, 'codeInterpreter.gateway.model': 'm' },
      env: { CODE_INTERPRETER_GATEWAY_KEY: 'sk-of-the-environment-0123456789' },
    });
  });
  after(async () => {
    await vscode?.close();
    await server?.[Symbol.asyncDispose]();
  });

  it('shows how far it is, and can be cancelled with nothing left behind', async () => {
    const { workbench, page } = vscode;
    await workbench.openView('Code Interpreter');
    const tree = workbench.tree('Containers');
    await tree.expand('slow');
    await tree.inlineAction('big.bin', 'Save');
    await workbench.fileDialog(path.join(vscode.workspace, 'big.bin'));
    await workbench.notification(/Saving big\.bin: [\d.]+ MB of [\d.]+ MB/);
    await workbench.screenshot('saving-progress');
    const progress = page
      .locator('.notification-list-item')
      .filter({ hasText: /Saving big/ })
      .first();
    await progress.locator('.monaco-button', { hasText: 'Cancel' }).click();
    await workbench.notification(/Cancelled: nothing was saved/);
    assert.ok(sending);
    await waitFor(() => sending?.destroyed, { what: 'the connection to be closed' });
    assert.deepEqual((await readdir(vscode.workspace)).sort(), ['analysis.py', 'sales.csv']);
  });
});

describe('in Restricted Mode', () => {
  let vscode: VsCode;
  before(async () => {
    vscode = await startVsCode({
      untrusted: true,
      settings: { 'security.workspace.trust.startupPrompt': 'never' },
    });
  });
  after(() => vscode?.close());

  it('files are saved and known as everywhere', async () => {
    const { workbench } = vscode;
    await workbench.runCommand('Code Interpreter: New Session');
    const panel = new Panel(vscode);
    await panel.askAndWait(python(MAKE));
    await panel.press('Save mine.csv');
    const file = path.join(vscode.workspace, 'mine.csv');
    await workbench.fileDialog(file);
    await waitFor(async () => (await readFile(file, 'utf8')) === 'of the run', {
      what: file,
      timeout: 20_000,
    });
    await workbench.openView('Explorer');
    const explorer = workbench.tree('Explorer Section');
    const entry = 'Show the Code That Made This File';
    await waitFor(async () => (await explorer.menuEntries('mine.csv')).includes(entry), {
      what: 'the entry in the menu',
      timeout: 20_000,
    });
  });
});
