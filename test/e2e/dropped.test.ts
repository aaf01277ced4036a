import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { Panel, python } from '../support/panel.ts';
import { startVsCode, type VsCode } from '../support/vscode.ts';

describe('what is pasted and dropped', () => {
  let vscode: VsCode;
  let panel: Panel;

  before(async () => {
    vscode = await startVsCode();
    panel = new Panel(vscode);
    await vscode.workbench.runCommand('Code Interpreter: New Session');
    await panel.frame.locator('.composer-input:focus').waitFor();
  });
  after(() => vscode?.close());

  afterEach(async (test) => {
    if ('passed' in test && !test.passed)
      await vscode.workbench.screenshot(`failed-dropped-${test.name.slice(0, 40)}`);
  });

  it('attaches a picture that is pasted, and the code can read it', async () => {
    const input = panel.frame.locator('.composer-input');
    await input.evaluate((box) => {
      const png =
        'iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAADUlEQVR4nGP4zwAE/wEHAAH/4iOeWQAAAABJRU5ErkJggg==';
      const bytes = Uint8Array.from(atob(png), (character) => character.charCodeAt(0));
      const clipboardData = new DataTransfer();
      clipboardData.items.add(new File([bytes], 'image.png', { type: 'image/png' }));
      box.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    });
    const chip = panel.frame.locator('.chip', { hasText: /pasted-\d{6}\.png/ });
    await chip.locator('.chip-picture').waitFor();
    await panel.askAndWait(
      python(
        'import glob\nimport matplotlib.pyplot as plt\nprint(plt.imread(glob.glob("/mnt/data/*pasted*.png")[0]).shape)',
      ),
    );
    assert.match(await panel.logs(), /\(1, 2, [34]\)/);
  });

  // A mouse that a program moves begins no drag that the editor lets through to a web view: what such a drag brings,
  // the window's own address of the file, is given to the page itself.
  it('attaches a file of the explorer that is dropped', async () => {
    const { host } = new URL(vscode.url);
    const address = `vscode-remote://${host}${vscode.workspace}/sales.csv`;
    await panel.frame.locator('body').evaluate((body, uri) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.setData('text/uri-list', uri);
      for (const type of ['dragenter', 'dragover'])
        body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
    }, address);
    await panel.frame.locator('.drop-hint').waitFor();
    await vscode.workbench.screenshot('panel-drop');
    await panel.frame.locator('body').evaluate((body, uri) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.setData('text/uri-list', uri);
      body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
    }, address);
    await panel.frame.locator('.chip', { hasText: 'sales.csv' }).waitFor();
    await panel.askAndWait(
      python('import glob\nprint(open(glob.glob("/mnt/data/*sales.csv")[0]).readline())'),
    );
    assert.match(await panel.logs(), /date|region|revenue/i);
  });
});
