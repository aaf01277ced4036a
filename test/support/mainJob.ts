import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, it } from 'node:test';
import { Panel, printedHash, python } from './panel.ts';
import { waitFor } from './processes.ts';
import type { VsCode } from './vscode.ts';

const CHART = 'Generate a bar chart of sales by quarter and save as PNG';
const VIEW = 'Code Interpreter';

/**
 * The main job as a person does it, in a real VS Code: the same tests whatever the gateway is.
 *
 * @param name goes into the names of the screenshots
 * @param get gives the VS Code, its gateway set up
 */
export function mainJob(name: string, get: () => VsCode): void {
  const panel = () => new Panel(get());
  const sha256 = async (file: string) =>
    createHash('sha256')
      .update(await readFile(file))
      .digest('hex');
  // A toast may be gone before anyone looks: the file itself is the witness, and it appears whole.
  const written = (file: string) =>
    waitFor(async () => (await lstat(file)).isFile(), { what: file, timeout: 20_000 });
  const inWorkspace = (file: string) => path.join(get().workspace, file);

  afterEach(async (test) => {
    if ('passed' in test && !test.passed)
      await get().workbench.screenshot(`failed-${name}-${test.name.slice(0, 40)}`);
  });

  it('a prompt from the palette: code, a painted picture, the answer, the file', async () => {
    const { workbench } = get();
    await workbench.runCommand('Code Interpreter: Ask…');
    await workbench.quickInput(CHART);
    await panel().next(0);
    assert.match(await panel().code(), /import matplotlib/);
    const pictures = await panel().pictures();
    assert.equal(pictures.length, 1, 'each picture is shown once');
    assert.ok(pictures[0] && pictures[0].height > 100 && pictures[0].alt !== '');
    const order = await panel()
      .run.locator('img.picture-image, .answer')
      .evaluateAll((found) => found.map((element) => element.tagName));
    assert.equal(order[0], 'IMG', 'the picture stands before the answer');
    const files = await panel().files();
    assert.equal(files.length, 1);
    assert.match(files[0] ?? '', /\.png$/);
    await workbench.screenshot(`${name}-chart`);
  });

  it('the code is there before the run ends, and the logs after it', async () => {
    const code = 'import time\nprint("begin")\ntime.sleep(3)\nprint("end", 6 * 7)';
    await panel().ask(python(code));
    await panel().run.locator('.step[data-phase="running"]').waitFor({ timeout: 30_000 });
    assert.match(await panel().code(), /time\.sleep\(3\)/);
    assert.equal(await panel().frame.locator('.composer.active').count(), 1, 'the run is still under way');
    await panel().ended();
    assert.match(await panel().logs(), /begin\s+end 42/);
  });

  it('variables and files live on; a follow-up reads the file that was made before', async () => {
    const make = [
      'import hashlib, pathlib',
      'rows = ["city,people"] + [f"c{i},{i * 1000}" for i in range(500)]',
      'pathlib.Path("/mnt/data/cities.csv").write_text("\\n".join(rows))',
      'print("sha256", hashlib.sha256(pathlib.Path("/mnt/data/cities.csv").read_bytes()).hexdigest())',
    ];
    await panel().askAndWait(python(make.join('\n')));
    printedHash(await panel().logs());
    assert.deepEqual(await panel().files(), ['cities.csv']);
    const { workbench } = get();
    const before = await panel().runCount();
    await workbench.runCommand('Code Interpreter: Continue in the Same Container…');
    await workbench.quickInput(
      'import pandas as pd; print(pd.read_csv("/mnt/data/cities.csv").shape, len(rows))',
    );
    await panel().next(before);
    assert.match(await panel().logs(), /\(500, 2\) 501/);
  });

  it('a Python error is shown as what the code printed', async () => {
    await panel().askAndWait(python('def half(x):\n    return x / 0\n\nhalf(4)'));
    assert.match(await panel().logs(), /ZeroDivisionError: division by zero/);
    assert.doesNotMatch(await panel().logs(), /pyodide|_pyrepl|importlib/);
    await get().workbench.screenshot(`${name}-error`);
  });

  it('Stop ends the run at once; the session goes on', async () => {
    await panel().ask(python('kept = 11\nwhile True:\n    pass'));
    await panel().run.locator('.step[data-phase="running"]').waitFor({ timeout: 30_000 });
    const before = Date.now();
    if (name === 'local') await panel().stop();
    else await get().workbench.runCommand('Code Interpreter: Stop');
    await panel().ended();
    assert.ok(Date.now() - before < 5_000);
    assert.match(await panel().text(), /stopped/i);
    await panel().askAndWait(python('print(6 * 7)'));
    assert.match(await panel().logs(), /42/);
  });

  it('saves a file from the panel with equal bytes', async () => {
    const { workbench } = get();
    await panel().askAndWait(
      python(
        'import hashlib, pathlib\ndata = bytes(range(256)) * 41\npathlib.Path("/mnt/data/raw.bin").write_bytes(data)\nprint("sha256", hashlib.sha256(data).hexdigest())',
      ),
    );
    const hash = printedHash(await panel().logs());
    await panel().press('Save raw.bin');
    await workbench.fileDialog(inWorkspace('saved.bin'));
    await written(inWorkspace('saved.bin'));
    assert.equal(await sha256(inWorkspace('saved.bin')), hash);
    await workbench.clearNotifications();
  });

  it('asks before it replaces a file', async () => {
    const { workbench } = get();
    await writeFile(inWorkspace('mine.bin'), 'mine');
    await panel().press('Save raw.bin as…');
    await workbench.fileDialog(inWorkspace('mine.bin'));
    // VS Code's own dialog asks, in place.
    await waitFor(async () => /already exists/.test(await workbench.quickInputText()), {
      what: 'the question',
    });
    await workbench.dismissQuickInput();
    assert.equal(await readFile(inWorkspace('mine.bin'), 'utf8'), 'mine');
  });

  it('the tree lists the container and its files; one opens in the editor', async () => {
    const { workbench } = get();
    await workbench.openView(VIEW);
    const tree = workbench.tree('Containers');
    await waitFor(async () => (await tree.items()).length > 0, {
      what: 'a container in the tree',
      timeout: 20_000,
    });
    const [container] = await tree.items();
    assert.ok(container);
    await tree.expand(container.label);
    await tree.waitForRow('cities.csv');
    await tree.waitForRow('raw.bin');
    await workbench.screenshot(`${name}-tree`);
    await tree.click('cities.csv');
    await get().page.locator('.editor-instance .view-line', { hasText: 'city,people' }).waitFor();
    await tree.click('sales_by_quarter.png');
    const preview = workbench.panelFrame('vscode.media-preview').locator('img');
    await waitFor(
      () =>
        preview.evaluate((image) => (image as HTMLImageElement).naturalWidth > 0, undefined, {
          timeout: 1000,
        }),
      {
        what: 'the picture in the editor',
        timeout: 20_000,
      },
    );
    await get().page.locator('.tab', { hasText: 'Generate a bar' }).click();
    await panel().run.waitFor();
    const inline = await tree.inlineActions('cities.csv');
    assert.ok(inline.length >= 1 && inline.length <= 3, inline.join());
  });

  it('saves all the files of a container, and keeps what is there', async () => {
    const { workbench } = get();
    const tree = workbench.tree('Containers');
    await writeFile(inWorkspace('cities.csv'), 'mine');
    const [container] = await tree.items();
    assert.ok(container);
    await tree.inlineAction(container.label, 'Save All');
    await workbench.quickPick('Keep Both');
    await written(inWorkspace('cities (2).csv'));
    assert.equal(await readFile(inWorkspace('cities.csv'), 'utf8'), 'mine');
    assert.match(await readFile(inWorkspace('cities (2).csv'), 'utf8'), /^city,people\nc0,0\n/);
    const unfinished = async () => (await readdir(get().workspace)).some((file) => file.endsWith('.part'));
    await waitFor(async () => !(await unfinished()), { what: 'the end of all temporary files' });
    await workbench.clearNotifications();
  });

  it('does not save through a link that leads out of the chosen folder', async () => {
    const { workbench } = get();
    const outside = path.join(path.dirname(get().workspace), 'outside.bin');
    await writeFile(outside, 'outside');
    await symlink(outside, inWorkspace('trap.bin'));
    await panel().press('Save raw.bin as…');
    await workbench.fileDialog(inWorkspace('trap.bin'));
    await waitFor(async () => /already exists/.test(await workbench.quickInputText()), {
      what: 'the question',
    });
    await get().page.keyboard.press('Enter');
    await workbench.notification(/leads outside the chosen folder/);
    assert.equal(await readFile(outside, 'utf8'), 'outside');
    assert.ok((await lstat(inWorkspace('trap.bin'))).isSymbolicLink());
    await workbench.clearNotifications();
  });

  it('deletes a file from its container after a question', async () => {
    const { workbench } = get();
    const tree = workbench.tree('Containers');
    await tree.inlineAction('raw.bin', 'Delete File');
    assert.match(await workbench.dialog(), /Delete raw\.bin/);
    await workbench.dialogButton('Delete');
    await waitFor(async () => !(await tree.labels()).includes('raw.bin'), {
      what: 'the file to go',
      timeout: 20_000,
    });
  });

  it('goes on in a container from the tree', async () => {
    const { workbench } = get();
    const tree = workbench.tree('Containers');
    const [container] = await tree.items();
    assert.ok(container);
    await tree.inlineAction(container.label, 'Continue in This Container');
    await panel().frame.getByText('Generate a pie chart of market share').waitFor();
    await panel().askAndWait(python('print(len(rows), sorted(__import__("os").listdir("/mnt/data"))[-1])'));
    assert.match(await panel().logs(), /501 sales_by_quarter\.png/);
  });

  it('a selection of Python runs as it is, with the editor keeping the cursor', async () => {
    const { workbench, page } = get();
    await workbench.closeEditors();
    await workbench.openFile('analysis.py');
    await page
      .locator('.editor-instance .view-lines')
      .first()
      .click({ position: { x: 40, y: 8 } });
    await page.keyboard.press('ControlOrMeta+A');
    await workbench.runCommand('Code Interpreter: Run Selection');
    await panel().next(0);
    assert.match(await panel().code(), /title="Revenue a month"/);
    assert.equal((await panel().pictures()).length, 1);
    assert.equal(await workbench.activeTab(), 'analysis.py');
    await workbench.screenshot(`${name}-selection`);
  });

  it('says so when nothing is selected', async () => {
    const { workbench, page } = get();
    await page
      .locator('.editor-instance .view-lines')
      .first()
      .click({ position: { x: 40, y: 8 } });
    await page.keyboard.press('ArrowLeft');
    assert.equal(await workbench.hasCommand('Code Interpreter: Run Selection'), false);
  });
}
