import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, before, it } from 'node:test';
import { Panel, python } from './panel.ts';
import { waitFor } from './processes.ts';
import type { Tree } from './tree.ts';
import type { VsCode } from './vscode.ts';

export const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** What the session is called that {@link MAKE_FILES} begins: by what the code says of itself. */
export const FILES_SESSION = 'Files of every sort, one in folders';

/** What fills a container with files. */
export const MAKE_FILES = [
  `# ${FILES_SESSION}`,
  'import base64, json, pathlib',
  'd = pathlib.Path("/mnt/data")',
  '(d / "cities.csv").write_text("city,people\\nOslo,1\\n")',
  '(d / "notes.txt").write_text("first line\\na needle here\\n")',
  '(d / "raw.bin").write_bytes(bytes(range(256)))',
  '(d / "plots" / "2024").mkdir(parents=True)',
  `(d / "plots" / "2024" / "dot.png").write_bytes(base64.b64decode("${PNG}"))`,
  'cell = {"cell_type": "code", "source": "6 * 7", "metadata": {}, "outputs": [], "execution_count": None}',
  '(d / "book.ipynb").write_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))',
  'for n in range(20): (d / f"part_{n}.csv").write_text(f"n\\n{n}\\n")',
].join('\n');

/** Opens the view of containers, with all the room there is. */
export async function openContainers({ workbench, page }: VsCode): Promise<void> {
  await workbench.openView('Code Interpreter');
  const sessions = page.locator('.pane-header[aria-label^="Sessions"]');
  await sessions.waitFor();
  if ((await sessions.getAttribute('aria-expanded')) === 'true') await sessions.click();
}

/**
 * What a person does with the files of a container, in a real VS Code: the same tests whatever the gateway is.
 *
 * @param name goes into the names of the screenshots
 * @param get gives the VS Code, its gateway set up
 */
export function filesJob(name: string, get: () => VsCode): void {
  const panel = () => new Panel(get());
  const tree = (): Tree => get().workbench.tree('Containers');
  const inWorkspace = (file: string) => path.join(get().workspace, file);
  const editorText = (text: string) =>
    get().page.locator('.editor-instance:visible .view-line', { hasText: text }).first().waitFor();
  const closeOthers = async () => {
    await get().page.locator('.tab', { hasText: FILES_SESSION }).first().click();
    if ((await get().page.locator('.editor-group-container').count()) > 1)
      await get().workbench.runCommand('View: Close Editors in Other Groups');
    await get().workbench.runCommand('View: Close Other Editors in Group');
  };
  const hasUnsaved = async () => (await get().page.locator('.tab.dirty').count()) > 0;
  const runs = async (code: string): Promise<string> => {
    await get().page.locator('.tab', { hasText: FILES_SESSION }).first().click();
    await panel().askAndWait(python(code));
    return panel().logs();
  };

  before(async () => {
    const { workbench } = get();
    await workbench.runCommand('Code Interpreter: New Session');
    await panel().frame.locator('.composer-input').waitFor();
    await panel().askAndWait(python(MAKE_FILES));
    await openContainers(get());
    await waitFor(async () => (await tree().items()).length > 0, { what: 'a container', timeout: 20_000 });
    const [container] = await tree().items();
    await tree().expand(container?.label ?? '');
    await tree().waitForRow('cities.csv');
  });

  afterEach(async (test) => {
    if ('passed' in test && !test.passed)
      await get().workbench.screenshot(`failed-files-${name}-${test.name.slice(0, 40)}`);
  });

  it('the tree shows folders and files, each with the editor’s icon for it', async () => {
    await tree().expand('plots');
    await tree().expand('2024');
    await tree().waitForRow('dot.png');
    const icons = await tree().row('cities.csv').locator('.file-icon').getAttribute('class');
    assert.match(icons ?? '', /csv-ext-file-icon/);
    const levels = new Map((await tree().items()).map(({ label, level }) => [label, level]));
    assert.equal(levels.get('dot.png'), 4);
    await get().workbench.screenshot(`files-${name}-tree`);
  });

  it('files open in the editor’s own viewers: text, picture, notebook, binary', async () => {
    const { workbench, page } = get();
    await tree().click('cities.csv');
    await editorText('city,people');
    await tree().click('dot.png');
    const image = workbench.panelFrame('vscode.media-preview').locator('img');
    const width = () =>
      image.evaluate((found) => (found as HTMLImageElement).naturalWidth, undefined, { timeout: 1000 });
    await waitFor(async () => (await width()) === 1, { what: 'the picture', timeout: 20_000 });
    await tree().click('book.ipynb');
    await page.locator('.notebookOverlay .view-line', { hasText: '6 * 7' }).first().waitFor();
    await tree().click('raw.bin');
    await page.getByText(/binary or uses an unsupported text encoding/).waitFor();
    await tree().menu('raw.bin', 'Open With…');
    await workbench.quickInputOpen();
    assert.match((await workbench.quickRows()).join('|'), /Text Editor/);
    await workbench.dismissQuickInput();
    await closeOthers();
  });

  it('a file is compared with one of the workspace', async () => {
    const { workbench, page } = get();
    await writeFile(inWorkspace('cities.csv'), 'city,people\nBergen,2\n');
    await tree().menu('cities.csv', 'Compare With…');
    await workbench.quickPick('cities.csv');
    for (const hasText of ['Bergen,2', 'Oslo,1'])
      await page.locator('.monaco-diff-editor .view-line:visible', { hasText }).first().waitFor();
    await workbench.screenshot(`files-${name}-compare`);
    await closeOthers();
  });

  it('what is changed in an editor and saved is what code finds', async () => {
    const { workbench, page } = get();
    await tree().click('notes.txt');
    await editorText('a needle here');
    await page.locator('.editor-instance:visible .view-line').first().click();
    await page.keyboard.press('ControlOrMeta+Home');
    await page.keyboard.type('written by hand ');
    await workbench.runCommand('File: Save');
    if (name === 'local') {
      await waitFor(async () => !(await hasUnsaved()), { what: 'the file to be saved' });
      assert.match(await runs('print(open("/mnt/data/notes.txt").readline())'), /written by hand first line/);
    } else {
      // The gateway stores an upload beside a file of that name, under another: that is said.
      const told = await workbench.notification(/code finds it as/);
      const [place] = /\/mnt\/data\/\S*notes\.txt/.exec(told) ?? [];
      assert.ok(place);
      assert.match(await runs(`print(open("${place}").readline())`), /written by hand first line/);
    }
    await workbench.clearNotifications();
    const labels = await tree().labels();
    assert.equal(labels.filter((label) => label === 'notes.txt').length, 1, labels.join());
  });

  it('an open file follows what code makes of it', async () => {
    const { page } = get();
    await tree().click('cities.csv');
    await editorText('Oslo,1');
    await runs('open("/mnt/data/cities.csv", "w").write("city,people\\nTromsø,3\\n")');
    await page.locator('.tab', { hasText: 'cities.csv' }).click();
    await editorText('Tromsø,3');
  });

  it('twenty files open at once', async () => {
    const { workbench, page } = get();
    await tree().click('part_0.csv');
    const all = Array.from({ length: 20 }, (_, n) => `part_${n}.csv`);
    for (const label of all.slice(1))
      await tree()
        .row(label)
        .click({ modifiers: ['ControlOrMeta'] });
    await tree().menu('part_7.csv', 'Open File of Container');
    const open = async () => (await workbench.tabs()).filter((tab) => tab.startsWith('part_')).length;
    await waitFor(async () => (await open()) === 20, { what: 'twenty tabs', timeout: 20_000 });
    await page.locator('.tab', { hasText: 'part_13.csv' }).click();
    await editorText('13');
    await closeOthers();
  });

  it('text is found in the files of a container', async () => {
    const { workbench } = get();
    const [container] = await tree().items();
    await tree().menu(container?.label ?? '', 'Search in Container…');
    await workbench.quickInput('NEEDLE');
    await waitFor(async () => (await workbench.quickRows()).some((row) => /notes\.txt:2/.test(row)), {
      what: 'the line that was found',
      timeout: 20_000,
    });
    await workbench.screenshot(`files-${name}-search`);
    await get().page.keyboard.press('Enter');
    await editorText('a needle here');
    await closeOthers();
  });

  it('files dropped on a container, from the desktop and from the workspace, are uploaded', async () => {
    const { workbench, page } = get();
    const [container] = await tree().items();
    const row = tree().row(container?.label ?? '');
    const transfer = await page.evaluateHandle(() => {
      const made = new DataTransfer();
      made.items.add(new File(['from the desktop'], 'desktop.txt', { type: 'text/plain' }));
      return made;
    });
    for (const type of ['dragenter', 'dragover', 'drop'])
      await row.dispatchEvent(type, { dataTransfer: transfer });
    await tree().waitForRow('desktop.txt');
    assert.match(
      await runs('import glob\nprint(open(glob.glob("/mnt/data/*desktop.txt")[0]).read())'),
      /from the desktop/,
    );
    await workbench.openFile('sales.csv');
    await page.locator('.tab', { hasText: 'sales.csv' }).first().dragTo(row);
    await tree().waitForRow('sales.csv');
    await tree().menu(container?.label ?? '', 'Upload Files…');
    await workbench.fileDialog(inWorkspace('analysis.py'));
    await tree().waitForRow('analysis.py');
  });

  it('a file dragged out of the tree opens in the editor', async () => {
    const { page } = get();
    const opened = async () => (await get().workbench.activeTab()) === 'part_3.csv';
    await tree().click('part_3.csv');
    await waitFor(opened, { what: 'its tab' });
    await closeOthers();
    await tree().row('part_3.csv').dragTo(page.locator('.tabs-container').first());
    await waitFor(opened, { what: 'its tab' });
    await closeOthers();
    // And into the editor itself, where a drop is taken by what comes to lie over it.
    await tree().row('part_3.csv').hover();
    await page.mouse.down();
    const area = await page.locator('.editor-group-container').first().boundingBox();
    assert.ok(area);
    const [x, y] = [area.x + area.width / 2, area.y + area.height / 2];
    await page.mouse.move(x - 50, y - 50, { steps: 10 });
    await page.locator('.editor-group-overlay-indicator').first().waitFor({ state: 'attached' });
    await page.mouse.move(x, y, { steps: 10 });
    await page.mouse.up();
    await waitFor(opened, { what: 'its tab, by a drop into the editor', timeout: 20_000 });
    await editorText('3');
    await closeOthers();
  });

  it('a file is renamed, and gone under its old name', async () => {
    const { workbench } = get();
    await tree().menu('part_1.csv', 'Rename…');
    await workbench.quickInput('renamed.csv');
    await tree().waitForRow('renamed.csv');
    await waitFor(async () => !(await tree().labels()).includes('part_1.csv'), {
      what: 'the old name to go',
    });
    assert.match(
      await runs('print(sorted(p.name for p in d.glob("*renamed.csv")), (d / "part_1.csv").exists())'),
      /renamed\.csv'\] False/,
    );
    await workbench.clearNotifications();
  });

  it('what a gateway cannot do is refused with its reason', async () => {
    const { workbench } = get();
    await tree().menu('dot.png', 'Rename…');
    await workbench.quickInput('other.png');
    await workbench.notification(/folders of it are for code to change|takes files only into the container/);
    await workbench.clearNotifications();
  });

  it('files are shown by name, and those that match', async () => {
    const { workbench } = get();
    await workbench.runCommand('Code Interpreter: Sort Files By…');
    await workbench.quickPick('Name');
    const parts = async () => (await tree().labels()).filter((label) => label.startsWith('part_'));
    await waitFor(async () => (await parts()).slice(0, 3).join() === 'part_0.csv,part_2.csv,part_3.csv', {
      what: 'the order by name, numbers as numbers',
    });
    await workbench.runCommand('Code Interpreter: Filter Files…');
    await workbench.quickInput('part_1?.csv');
    await waitFor(async () => !(await tree().labels()).includes('cities.csv'), { what: 'the filter' });
    assert.ok((await parts()).includes('part_12.csv'));
    await workbench.screenshot(`files-${name}-filter`);
    await workbench.runCommand('Code Interpreter: Show All Files');
    await tree().waitForRow('cities.csv');
  });

  it('a saved copy has the bytes of the container', async () => {
    const { workbench } = get();
    await tree().inlineAction('raw.bin', 'Save');
    await workbench.fileDialog(inWorkspace('copy.bin'));
    await waitFor(
      async () => (await readFile(inWorkspace('copy.bin'))).equals(Buffer.from([...Array(256).keys()])),
      {
        what: 'the copy',
        timeout: 20_000,
      },
    );
    await workbench.clearNotifications();
  });
}
