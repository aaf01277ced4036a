import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { Panel, python } from '../support/panel.ts';
import { waitFor } from '../support/processes.ts';
import { startVsCode, type VsCode } from '../support/vscode.ts';

const MAKE = `# Tables and notes
import pathlib
data = pathlib.Path("/mnt/data")
(data / "table.csv").write_text("city,people\\nOslo,700\\n")
(data / "notes.txt").write_text("first notes")
(data / "out" / "2025").mkdir(parents=True, exist_ok=True)
(data / "out" / "2025" / "deep.csv").write_text("deep")
(data / "out" / "table.csv").write_text("another table")`;

describe('saving what a run made', () => {
  let vscode: VsCode;
  before(async () => {
    vscode = await startVsCode();
    await vscode.workbench.runCommand('Code Interpreter: New Session');
    await panel().askAndWait(python(MAKE));
  });
  after(() => vscode?.close());
  afterEach(async (test) => {
    if ('passed' in test && !test.passed)
      await vscode.workbench.screenshot(`failed-saving-${test.name.slice(0, 40)}`);
  });

  const panel = () => new Panel(vscode);
  const place = (...parts: string[]) => path.join(vscode.workspace, ...parts);
  const explorer = () => vscode.workbench.tree('Explorer Section');
  const holds = (file: string, text: string) =>
    waitFor(async () => (await readFile(file, 'utf8')) === text, {
      what: `${file} with ${text}`,
      timeout: 20_000,
    });
  const toPanel = () => vscode.page.locator('.tab', { hasText: 'Tables and notes' }).first().click();

  it('the first time it asks where, and says where it went', async () => {
    const { workbench } = vscode;
    await mkdir(place('results'));
    await panel().press('Save table.csv');
    await workbench.fileDialog(place('results', 'table.csv'));
    await holds(place('results', 'table.csv'), 'city,people\nOslo,700\n');
    await workbench.notification(/Saved table\.csv to results\./);
    await workbench.screenshot('saving-told');
    await workbench.notificationButton(/Saved table\.csv/, 'Show in Explorer');
    await explorer().waitForRow('table.csv');
    await workbench.clearNotifications();
  });

  it('from then on it saves there at once', async () => {
    const { workbench } = vscode;
    await toPanel();
    await panel().press('Save notes.txt');
    await holds(place('results', 'notes.txt'), 'first notes');
    await workbench.notification(/Saved notes\.txt to results\./);
    await workbench.notificationButton(/Saved notes\.txt/, 'Open');
    await vscode.page.locator('.editor-instance .view-line', { hasText: 'first notes' }).waitFor();
    await workbench.clearNotifications();
  });

  it('saves only what is new since the last save', async () => {
    const { workbench } = vscode;
    await toPanel();
    await panel().askAndWait(python('(data / "newest.txt").write_text("new")'));
    await workbench.runCommand('Code Interpreter: Save New Files');
    // Both tables have one name: the one below a folder is new, and there is one of its name.
    await workbench.quickPick('Keep Both');
    await holds(place('results', 'newest.txt'), 'new');
    await holds(place('results', 'table (2).csv'), 'another table');
    await holds(place('results', 'deep.csv'), 'deep');
    assert.equal((await readdir(place('results'))).length, 5);
    await workbench.notification(/Saved 3 files to results\./);
    await workbench.clearNotifications();
    await workbench.runCommand('Code Interpreter: Save New Files');
    await workbench.notification(/nothing new/);
    await workbench.clearNotifications();
  });

  it('shows both before it replaces, asks again, and can put the old one back', async () => {
    const { workbench, page } = vscode;
    await toPanel();
    await writeFile(place('results', 'notes.txt'), 'my own notes');
    await panel().askAndWait(python('(data / "notes.txt").write_text("second notes")'));
    await panel().press('Save notes.txt');
    await workbench.quickPick('Compare First');
    const diff = page.locator('.monaco-diff-editor');
    await diff.locator('.editor.original .view-line', { hasText: 'my own notes' }).waitFor();
    await diff.locator('.editor.modified .view-line', { hasText: 'second notes' }).waitFor();
    await waitFor(async () => /Left, as Saved/.test(await workbench.quickInputText()), {
      what: 'the question above the comparison',
    });
    // It stays while the comparison is looked at.
    await diff.locator('.editor.modified').click({ position: { x: 50, y: 400 } });
    await workbench.screenshot('saving-compare');
    await workbench.quickPick('Replace');
    await holds(place('results', 'notes.txt'), 'second notes');
    await diff.waitFor({ state: 'detached' });
    await workbench.notification(/Saved notes\.txt to results, replacing/);
    await workbench.screenshot('saving-replaced');
    await workbench.notificationButton(/replacing/, 'Undo Replace');
    await holds(place('results', 'notes.txt'), 'my own notes');
    await workbench.notification(/notes\.txt is as it was before/);
    await workbench.clearNotifications();
    assert.equal(await workbench.hasCommand('Code Interpreter: Undo Last Replace of Saved Files'), false);
  });

  it('asks before it puts back over what was changed since', async () => {
    const { workbench } = vscode;
    await toPanel();
    await panel().press('Save notes.txt');
    await workbench.quickPick('Replace');
    await holds(place('results', 'notes.txt'), 'second notes');
    await writeFile(place('results', 'notes.txt'), 'edited since');
    await workbench.clearNotifications();
    await workbench.runCommand('Code Interpreter: Undo Last Replace of Saved Files');
    assert.match(await workbench.dialog(), /notes\.txt was changed after it was saved/);
    await workbench.dialogButton('Cancel');
    assert.equal(await readFile(place('results', 'notes.txt'), 'utf8'), 'edited since');
    await workbench.runCommand('Code Interpreter: Undo Last Replace of Saved Files');
    await workbench.dialog();
    await workbench.dialogButton('Put Back');
    await holds(place('results', 'notes.txt'), 'my own notes');
    await workbench.clearNotifications();
  });

  it('decides one by one about several', async () => {
    const { workbench } = vscode;
    await toPanel();
    for (const name of ['newest.txt', 'deep.csv']) await writeFile(place('results', name), 'mine');
    await workbench.runCommand('Code Interpreter: Save All');
    await waitFor(async () => /Files Are There Already/.test(await workbench.quickInputText()), {
      what: 'the question',
    });
    await workbench.screenshot('saving-clashes');
    await workbench.quickPick('Decide One by One');
    for (;;) {
      await waitFor(async () => /Is There Already/.test(await workbench.quickInputText()), {
        what: 'a question',
      });
      const title = await workbench.quickInputText();
      const last = /· (\d+)\/\1/.test(title);
      await workbench.quickPick(/^newest/.test(title) ? 'Replace' : 'Skip');
      await waitFor(async () => (await workbench.quickInputText()) !== title, { what: 'the next one' });
      if (last) break;
    }
    await holds(place('results', 'newest.txt'), 'new');
    assert.equal(await readFile(place('results', 'deep.csv'), 'utf8'), 'mine');
    await workbench.clearNotifications();
  });

  it('saves a whole container as a folder, its sub-folders kept', async () => {
    const { workbench } = vscode;
    await workbench.openView('Code Interpreter');
    const tree = workbench.tree('Containers');
    await waitFor(async () => (await tree.items()).length > 0, { what: 'the container', timeout: 20_000 });
    const [container] = await tree.items();
    assert.ok(container);
    await tree.menu(container.label, 'Save Container as Folder…');
    await workbench.fileDialog(`${vscode.workspace}/`);
    const [folder] = await waitFor(
      async () => {
        const found = (await readdir(vscode.workspace)).filter((name) => name.startsWith('Tables and notes'));
        return found.length === 1 ? found : undefined;
      },
      { what: 'the folder', timeout: 20_000 },
    );
    assert.ok(folder);
    await holds(place(folder, 'out', '2025', 'deep.csv'), 'deep');
    await holds(place(folder, 'out', 'table.csv'), 'another table');
    await holds(place(folder, 'table.csv'), 'city,people\nOslo,700\n');
    await workbench.clearNotifications();
  });

  it('asks where once more when the folder is gone', async () => {
    const { workbench } = vscode;
    await workbench.runCommand('Code Interpreter: Choose Folder for Saved Files…');
    await workbench.fileDialog(`${place('results')}/`);
    await workbench.quickInputBox().waitFor({ state: 'hidden' });
    await rename(place('results'), place('kept'));
    await toPanel();
    await panel().press('Save notes.txt');
    await workbench.fileDialog(place('kept', 'again.txt'));
    await holds(place('kept', 'again.txt'), 'second notes');
    await workbench.clearNotifications();
  });

  it('where nothing can be written, it says so and offers another folder', async () => {
    const { workbench } = vscode;
    await panel().press('Save notes.txt as…');
    await workbench.fileDialog('/sys/notes.txt');
    await workbench.notification(/this folder cannot be written to/);
    await workbench.screenshot('saving-not-writable');
    await workbench.notificationButton(/cannot be written to/, 'Choose Another Folder…');
    await workbench.fileDialog(place('kept', 'elsewhere.txt'));
    await holds(place('kept', 'elsewhere.txt'), 'second notes');
    await workbench.clearNotifications();
  });

  it('asks about a file that editors act on', async () => {
    const { workbench } = vscode;
    await panel().askAndWait(python('(data / "conftest.py").write_text("import os")'));
    await panel().press('Save conftest.py');
    assert.match(await workbench.dialog(), /act on by themselves/);
    await workbench.dialogButton('Cancel');
    assert.ok(!(await readdir(place('kept'))).includes('conftest.py'));
    await panel().press('Save conftest.py');
    await workbench.dialog();
    await workbench.dialogButton('Save Anyway');
    await holds(place('kept', 'conftest.py'), 'import os');
    await workbench.clearNotifications();
  });
});
