import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { notebookFaults } from '../support/notebookSchema.ts';
import { Panel, python } from '../support/panel.ts';
import { waitFor } from '../support/processes.ts';
import { startVsCode, type VsCode } from '../support/vscode.ts';

const CHART = python('import matplotlib.pyplot as plt\nx = 41\nplt.plot([1, 2, 3])\nprint("drawn", x)');
const SLOW = (seconds: number, word: string) =>
  python(`import time\nfor i in range(${seconds * 10}):\n    time.sleep(0.1)\nprint("${word}")`);

describe('sessions that last', () => {
  let vscode: VsCode;
  const panel = () => new Panel(vscode);
  const sessions = () => vscode.workbench.tree('Sessions');
  const rows = () => sessions().items();
  const storedFiles = () => readdir(vscode.storage('sessions')).catch(() => []);
  const dismissed = () => vscode.workbench.clearNotifications();

  before(async () => {
    vscode = await startVsCode();
    await vscode.workbench.openView('Code Interpreter');
  });
  after(() => vscode?.close());

  async function newSession(): Promise<void> {
    await vscode.workbench.runCommand('Code Interpreter: New Session');
    const empty = async () =>
      (await panel().frame.locator('.composer-input').count()) === 1 && (await panel().runCount()) === 0;
    await waitFor(empty, { what: 'an empty session' });
  }

  it('the list says what it is for while it is empty', async () => {
    assert.match(await sessions().welcome(), /Sessions are kept here/);
  });

  it('a session comes back with its picture when the window is reloaded, and says that Python began anew', async () => {
    await newSession();
    await panel().askAndWait(`Draw a line\n\n${CHART}`);
    const [before] = await panel().pictures();
    await waitFor(async () => (await rows()).some(({ label }) => label.startsWith('Draw a line')), {
      what: 'the session in the list',
    });
    await vscode.reloadWithEditors();
    await panel().run.waitFor({ timeout: 60_000 });
    const [again] = await panel().pictures();
    assert.deepEqual(again, before);
    assert.match(await panel().logs(), /drawn 41/);
    await vscode.workbench.screenshot('sessions-reloaded');
    await panel().askAndWait(python('print(x)'));
    assert.match(await panel().text(), /The local Python was started anew/);
    assert.match(await panel().text(), /NameError/);
  });

  it('a session is there when VS Code was closed', async () => {
    await vscode.restart();
    await vscode.workbench.openView('Code Interpreter');
    await vscode.workbench.closeEditors();
    await sessions().click(/Draw a line/);
    await panel().run.waitFor({ timeout: 60_000 });
    assert.equal(await panel().runCount(), 2);
    const pictures = panel().frame.locator('img.picture-image');
    await pictures.first().waitFor();
    const painted = () => pictures.first().evaluate((image) => (image as HTMLImageElement).naturalWidth > 0);
    await waitFor(painted, { what: 'the picture' });
  });

  it('a session whose panel was closed is opened again as it was, variables and all', async () => {
    await panel().askAndWait(python('y = 5\nprint(y)'));
    await vscode.workbench.closeEditors();
    await sessions().click(/Draw a line/);
    await panel().run.waitFor();
    await panel().askAndWait(python('print(y + 1)'));
    assert.match(await panel().logs(), /6/);
    assert.doesNotMatch(await panel().text(), /started anew/);
  });

  it('a run goes on while its panel is closed, seen in the status bar, with a way back', async () => {
    const { workbench } = vscode;
    await newSession();
    await panel().ask(`Wait a while\n\n${SLOW(20, 'waited')}`);
    await panel().run.locator('.step').waitFor({ timeout: 60_000 });
    await workbench.closeEditors();
    await waitFor(async () => (await workbench.tabs()).length === 0, { what: 'the panel to close' });
    const running = () => vscode.page.locator('.statusbar-item', { hasText: 'Running Python' });
    await running().waitFor();
    await workbench.screenshot('sessions-running-unseen');
    await running().click();
    await panel().run.waitFor();
    await panel().frame.locator('.composer.active').waitFor();
    await workbench.closeEditors();
    await workbench.notification(/The run in “Wait a while.*” has ended\./, 60_000);
    await workbench.notificationButton(/The run in “Wait a while/, 'Open Session');
    await panel().run.waitFor();
    assert.match(await panel().logs(), /waited/);
  });

  it('two sessions run side by side at once', async () => {
    const { workbench, page } = vscode;
    await workbench.closeEditors();
    await newSession();
    await panel().ask(`Left\n\n${SLOW(30, 'left is done')}`);
    await panel().run.locator('.step').waitFor({ timeout: 60_000 });
    await sessions().menu(/Draw a line/, 'Open to the Side');
    const frames = page.locator('iframe.webview[src*="extensionId=code-interpreter."]:visible');
    await waitFor(async () => (await frames.count()) === 2, { what: 'two panels' });
    const sides = () =>
      [0, 1].map((place) => frames.nth(place).contentFrame().frameLocator('iframe#active-frame'));
    /** The side in which a part with this text is, else -1. */
    const sideWith = async (part: string, text: string) => {
      const found = sides().map((side) => side.locator(part).filter({ hasText: text }).count());
      return (await Promise.all(found)).findIndex((count) => count > 0);
    };
    const other = await waitFor(async () => sides()[await sideWith('.prompt', 'Draw a line')], {
      what: 'the other session',
    });
    await other.locator('.composer-input').fill(SLOW(1, 'right is done'));
    await other.locator('.composer-input').press('Enter');
    await page.locator('.statusbar-item', { hasText: 'Running Python (2)' }).waitFor();
    await workbench.screenshot('sessions-two');
    for (const text of ['right is done', 'left is done'])
      await waitFor(async () => (await sideWith('.step-logs', text)) >= 0, { what: text, timeout: 90_000 });
  });

  async function openDrawn(): Promise<void> {
    await vscode.workbench.closeEditors();
    await sessions().click(/Draw a line/);
    await panel().run.waitFor();
    // Once it is ready the panel takes the cursor, which would close a list that has just opened.
    const composer = panel().frame.locator('.composer-input');
    const hasCursor = () =>
      composer.evaluate((input) => document.hasFocus() && input === document.activeElement);
    await waitFor(hasCursor, { what: 'the cursor in the panel' });
  }

  async function exportAs(format: string, name: string): Promise<string> {
    const { workbench } = vscode;
    await workbench.runCommand('Code Interpreter: Export Session…');
    await workbench.quickPick(format);
    const file = path.join(vscode.workspace, name);
    await workbench.fileDialog(file);
    await workbench.notification(new RegExp(`Exported to ${name.replace('.', '\\.')}`));
    return file;
  }

  it('a session is exported as a notebook, which the editor of VS Code opens with its picture', async () => {
    const { workbench, page } = vscode;
    await openDrawn();
    const notebook: unknown = JSON.parse(
      await readFile(await exportAs('Jupyter Notebook', 'line.ipynb'), 'utf8'),
    );
    assert.deepEqual(notebookFaults(notebook), []);
    await workbench.notificationButton(/Exported to line\.ipynb/, 'Open');
    await page.locator('.notebook-editor .code-cell-row').first().waitFor();
    const pictures = async () => {
      const counts = page
        .frames()
        .map((frame) =>
          frame
            .locator('.output img')
            .evaluateAll(
              (images) => images.filter((image) => (image as HTMLImageElement).naturalWidth > 100).length,
            ),
        );
      return (await Promise.all(counts.map((count) => count.catch(() => 0)))).some((count) => count > 0);
    };
    await waitFor(pictures, { what: 'the picture in the notebook', timeout: 30_000 });
    await workbench.screenshot('sessions-notebook');
    await dismissed();
  });

  it('a session is exported as a script and as Markdown with its pictures beside it', async () => {
    await openDrawn();
    const script = await readFile(await exportAs('Python Script', 'line.py'), 'utf8');
    assert.match(script, /^# %% \[markdown\]\n# Draw a line\n/);
    assert.match(script, /\n# %%\nimport matplotlib/);
    const markdown = await readFile(await exportAs('Markdown', 'line.md'), 'utf8');
    const [, picture = ''] = /!\[\]\(line_files\/([^)]+)\)/.exec(markdown) ?? [];
    const bytes = await readFile(path.join(vscode.workspace, 'line_files', decodeURIComponent(picture)));
    assert.equal(bytes.subarray(1, 4).toString(), 'PNG');
    await dismissed();
  });

  it('a session is renamed, in its tab, in the list and on disk', async () => {
    const { workbench } = vscode;
    await workbench.closeEditors();
    await sessions().inlineAction(/Wait a while/, 'Rename Session');
    await workbench.quickInputTitled(/Rename Session/, 'Patience');
    await sessions().waitForRow('Patience');
    await sessions().click('Patience');
    await waitFor(async () => (await workbench.tabs()).includes('Patience'), { what: 'the name in the tab' });
    await vscode.reloadWithEditors();
    await workbench.openView('Code Interpreter');
    await sessions().waitForRow('Patience', 60_000);
    await workbench.runCommand('Code Interpreter: Open Session…');
    await workbench.quickInputOpen();
    assert.match((await workbench.quickRows()).join(), /Patience/);
    await workbench.screenshot('sessions-picker');
    await workbench.dismissQuickInput();
  });

  it('a session is deleted after a question, with its panel and its files', async () => {
    const { workbench } = vscode;
    await sessions().waitForRow('Patience');
    const before = (await storedFiles()).length;
    await sessions().inlineAction('Patience', 'Delete Session');
    assert.match(await workbench.dialog(), /Delete the session “Patience”/);
    await workbench.screenshot('sessions-delete');
    await workbench.dialogButton('Delete');
    await waitFor(async () => !(await sessions().labels()).includes('Patience'), {
      what: 'the session to go',
    });
    await waitFor(async () => !(await workbench.tabs()).includes('Patience'), { what: 'its tab to go' });
    assert.ok((await storedFiles()).length < before);
  });

  it('all that is stored is private, and never holds a key', async () => {
    const folder = vscode.storage('sessions');
    const texts = await Promise.all(
      (await storedFiles())
        .filter((name) => name.endsWith('.jsonl'))
        .map((name) => readFile(path.join(folder, name), 'utf8')),
    );
    assert.ok(texts.length >= 2);
    for (const text of texts) assert.doesNotMatch(text, /"key":"(?!image:|file:)/);
  });

  it('clears all sessions that are not open', async () => {
    const { workbench } = vscode;
    await workbench.closeEditors();
    await workbench.runCommand('Code Interpreter: Clear Sessions…');
    assert.match(await workbench.dialog(), /Delete all past sessions/);
    await workbench.dialogButton('Delete All');
    assert.match(await sessions().welcome(), /Sessions are kept here/);
    assert.deepEqual(await storedFiles(), []);
    await dismissed();
  });
});
