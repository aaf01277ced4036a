import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { Panel, python } from '../support/panel.ts';
import { waitFor } from '../support/processes.ts';
import { startVsCode, type VsCode } from '../support/vscode.ts';

const CODE = '# Double it\nvalue = 21\nprint("value is", value * 2)';

describe('what can be done with what the panel shows', () => {
  let vscode: VsCode;
  let panel: Panel;

  before(async () => {
    vscode = await startVsCode();
    await vscode.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    panel = new Panel(vscode);
    await vscode.workbench.openFile('analysis.py');
    await vscode.page.keyboard.press('Control+Home');
    await vscode.workbench.runCommand('Code Interpreter: New Session');
    await panel.askAndWait(python(CODE));
    assert.match(await panel.logs(), /value is 42/);
  });

  it('a session that began with code is called by what the code says of itself, and shows it as code', async () => {
    await waitFor(async () => (await vscode.workbench.tabs()).includes('Double it'), { what: 'the title' });
    assert.equal(await panel.run.locator('.prompt-code').innerText(), CODE);
    assert.doesNotMatch(await panel.text(), /```/);
    await vscode.workbench.screenshot('panel-prompt-code');
  });

  after(() => vscode?.close());

  afterEach(async (test) => {
    if ('passed' in test && !test.passed)
      await vscode.workbench.screenshot(`failed-panel-${test.name.slice(0, 40)}`);
  });

  const clipboard = () => vscode.page.evaluate(() => navigator.clipboard.readText());
  const clipboardHolds = (text: string) =>
    waitFor(async () => (await clipboard()).trimEnd() === text, { what: `the clipboard to hold ${text}` });
  const editorText = async () => {
    const lines = await vscode.page
      .locator('.editor-group-container.active .monaco-editor .view-line')
      .allInnerTexts();
    return lines.map((line) => line.replaceAll('\u00a0', ' ')).join('\n');
  };

  it('copies the code of a step', async () => {
    await panel.press('Copy the Code of Step 1');
    await clipboardHolds(CODE);
  });

  it('puts the code into the editor, where its cursor was', async () => {
    await panel.press('Insert the Code of Step 1 into the Editor');
    await waitFor(async () => (await vscode.workbench.activeTab()).startsWith('analysis.py'), {
      what: 'the editor to be in front',
    });
    const text = await waitFor(
      async () => {
        const now = await editorText();
        return now.includes('# Double it') ? now : undefined;
      },
      { what: 'the code in the editor' },
    );
    assert.ok(text.startsWith('# Double it'), text);
    await vscode.page.keyboard.press('Control+z');
    await waitFor(async () => !(await editorText()).includes('# Double it'), {
      what: 'the undone insertion',
    });
  });

  it('opens the code as a new Python file, beside the panel', async () => {
    await panel.press('Open the Code of Step 1 as a New File');
    await waitFor(async () => (await vscode.workbench.activeTab()).includes('Double it'), {
      what: 'the new file',
    });
    await waitFor(async () => (await editorText()).includes('# Double it'), { what: 'the code in it' });
    await waitFor(async () => (await vscode.workbench.statusBar()).some((text) => text === 'Python'), {
      what: 'its language',
    });
    assert.ok(await panel.run.isVisible(), 'the panel is still in sight');
    await vscode.workbench.runCommand('View: Revert and Close Editor');
  });

  it('changes the code in its cell and runs it in the same container', async () => {
    const count = await panel.runCount();
    await panel.press('Edit the Code of Step 1 and Run It Again');
    const box = panel.frame.locator('.code-input');
    assert.equal((await box.inputValue()).trimEnd(), CODE);
    await box.press('Control+End');
    await box.pressSequentially('print("and", value + 1)');
    await vscode.workbench.screenshot('panel-edit');
    await box.press('Control+Enter');
    await panel.next(count);
    assert.match(await panel.logs(), /value is 42\s+and 22/);
    assert.match(await panel.text(), /Run step 1 of request 1 again, edited/);
    await panel.askAndWait(python('print("still", value)'));
    assert.match(await panel.logs(), /still 21/);
  });

  it('keeps what is being changed when the panel is hidden, and gives it up on request', async () => {
    await panel.press('Edit the Code of Step 1 and Run It Again');
    const box = panel.frame.locator('.code-input');
    await box.fill('print("changed")');
    await vscode.workbench.runCommand('File: New Untitled Text File');
    await vscode.workbench.runCommand('View: Close Editor');
    await waitFor(async () => (await box.inputValue({ timeout: 2000 })) === 'print("changed")', {
      what: 'the change',
    });
    await box.press('Escape');
    await vscode.page.keyboard.press('Enter');
    await box.waitFor({ state: 'detached' });
    assert.match(await panel.code(), /still/);
  });

  it('runs a request again', async () => {
    const count = await panel.runCount();
    await panel.press('Run Again');
    await panel.next(count);
    assert.match(await panel.logs(), /still 21/);
  });

  it('copies what was asked, and brings it back into the composer to be changed', async () => {
    await panel.press('Copy This Message');
    await clipboardHolds(python('print("still", value)'));
    const input = panel.frame.locator('.composer-input');
    await input.fill('half a thought');
    await panel.press('Edit This Message');
    await waitFor(async () => (await input.inputValue()) === python('print("still", value)'), {
      what: 'the message in the composer',
    });
    await input.press('Control+z');
    await waitFor(async () => (await input.inputValue()) === 'half a thought', { what: 'the earlier draft' });
    await input.fill('');
  });

  it('a traceback leads to the line that failed', async () => {
    await panel.askAndWait(python('def half(x):\n    return x / 0\n\nhalf(4)'));
    const link = panel.run.getByRole('link', { name: /line 2/ });
    await link.click();
    const mark = panel.run.locator('.code-mark');
    await mark.waitFor();
    const [marked, code] = await Promise.all([
      mark.boundingBox(),
      panel.run.locator('.code-box').boundingBox(),
    ]);
    assert.ok(marked && code);
    const line = Math.round((marked.y - code.y - 10) / marked.height) + 1;
    assert.equal(line, 2);
    await vscode.workbench.screenshot('panel-traceback', panel.run);
  });

  it('colours of a program are those of the theme', async () => {
    await panel.askAndWait(python('print("\\x1b[31mred\\x1b[0m plain", end="\\r\\n")\nprint("1 %\\r100 %")'));
    assert.equal(await panel.logs(), 'red plain\n100 %');
    assert.equal(await panel.run.locator('.ansi-fg-1').innerText(), 'red');
  });

  it('shows the first rows of a CSV file that was made, and opens the whole', async () => {
    await panel.askAndWait(
      python(
        'import pathlib\nrows = ["city,people"] + [f"c{i},{i * 1000}" for i in range(500)]\npathlib.Path("/mnt/data/cities.csv").write_text("\\n".join(rows))',
      ),
    );
    const table = panel.run.locator('.data');
    await table.locator('table').waitFor();
    assert.match(await table.locator('figcaption').innerText(), /cities\.csv\s*8 of 500 rows/);
    assert.deepEqual(await table.locator('tr').nth(2).locator('td').allInnerTexts(), ['c1', '1000']);
    await vscode.workbench.screenshot('panel-table');
    await panel.press('Open the Whole File');
    await waitFor(async () => (await vscode.workbench.activeTab()).startsWith('cities.csv'), {
      what: 'the file',
    });
    await vscode.workbench.runCommand('View: Close Editor');
  });

  it('shows the tables of a run that makes many when they are asked for', async () => {
    await panel.askAndWait(
      python(
        'import pathlib\n# Five tables\nfor name in "abcde":\n    pathlib.Path(f"/mnt/data/{name}.csv").write_text(f"{name},n\\n1,2\\n")',
      ),
    );
    const tables = panel.run.locator('.data');
    await waitFor(async () => (await tables.count()) === 5, { what: 'five tables' });
    await waitFor(async () => (await panel.run.locator('.data table:visible').count()) === 3, {
      what: 'three that are open',
    });
    const button = tables.nth(4).getByRole('button', { name: 'Show Table' });
    await button.click();
    await tables.nth(4).locator('table').waitFor();
    assert.equal(await tables.nth(4).locator('th').first().innerText(), 'e');
    await vscode.workbench.screenshot('panel-tables');
    await tables.nth(4).getByRole('button', { name: 'Hide Table' }).click();
    await tables.nth(4).locator('table').waitFor({ state: 'hidden' });
  });

  it('enlarges a picture, by keyboard too', async () => {
    await panel.askAndWait(
      python(
        'import matplotlib.pyplot as plt\nplt.figure(figsize=(12, 9), dpi=100)\nplt.plot([1, 4, 9])\nplt.title("Squares")\nplt.show()',
      ),
    );
    const [picture] = await panel.pictures();
    assert.ok(picture);
    const viewer = panel.frame.locator('dialog.viewer');
    await panel.run.locator('.picture-open').focus();
    await vscode.page.keyboard.press('Enter');
    await viewer.waitFor();
    const width = () =>
      viewer.locator('img').evaluate((image) => Math.round(image.getBoundingClientRect().width));
    assert.ok((await width()) < picture.width, 'it fits');
    await vscode.workbench.screenshot('panel-viewer');
    await vscode.page.keyboard.press('1');
    assert.equal(await width(), picture.width);
    await vscode.page.keyboard.press('+');
    assert.equal(await width(), Math.round(picture.width * 1.5));
    await vscode.page.keyboard.press('0');
    await vscode.page.keyboard.press('Escape');
    await viewer.waitFor({ state: 'hidden' });
    const focused = await panel.frame.locator('.picture-open:focus').count();
    assert.equal(focused, 1, 'the focus is back at the picture');
  });

  it('copies a picture to the clipboard', async () => {
    const [picture] = await panel.pictures();
    await panel.press('Copy Picture');
    const size = await waitFor(
      () =>
        vscode.page.evaluate(async () => {
          const [item] = await navigator.clipboard.read();
          if (!item?.types.includes('image/png')) return undefined;
          const { width, height } = await createImageBitmap(await item.getType('image/png'));
          return { width, height };
        }),
      { what: 'a picture on the clipboard' },
    );
    assert.deepEqual(size, { width: picture?.width, height: picture?.height });
  });

  it('opens a picture in an editor tab beside the panel', async () => {
    await panel.press('Open Picture in Editor');
    await waitFor(async () => (await vscode.workbench.activeTab()) === 'Squares.png', { what: 'the tab' });
    const image = vscode.page
      .frameLocator('iframe.webview[src*="extensionId=vscode.media-preview"]')
      .frameLocator('iframe#active-frame')
      .locator('img');
    await image.waitFor();
    assert.ok(await panel.run.isVisible(), 'the panel is still in sight');
    await vscode.workbench.runCommand('View: Close Editor');
  });

  it('saves a picture where one says', async () => {
    await panel.press('Save Picture');
    const file = path.join(vscode.workspace, 'squares.png');
    await vscode.workbench.fileDialog(file);
    const bytes = await waitFor(async () => readFile(file).catch(() => undefined), { what: file });
    assert.equal(bytes.subarray(1, 4).toString(), 'PNG');
    await vscode.workbench.clearNotifications();
  });

  it('brings back what was sent with the arrow keys, from other sessions too', async () => {
    await vscode.workbench.runCommand('Code Interpreter: New Session');
    const input = panel.frame.locator('.composer-input');
    await waitFor(async () => (await panel.runCount()) === 0, { what: 'the new session' });
    await input.press('ArrowUp');
    await waitFor(async () => (await input.inputValue()).includes('Squares'), { what: 'the last message' });
    await input.press('ArrowUp');
    await waitFor(async () => (await input.inputValue()).includes('Five tables'), { what: 'the one before' });
    await input.fill('');
  });
});
