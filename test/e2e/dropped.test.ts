import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { Panel, python } from '../support/panel.ts';
import { waitFor } from '../support/processes.ts';
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

  it('attaches a file that is dragged out of the explorer with Shift held, and the code can read it', async () => {
    const { workbench, page } = vscode;
    await workbench.openView('Explorer');
    const row = await workbench.tree('Explorer Section').row('sales.csv').boundingBox();
    const view = await page.locator('iframe.webview:visible').boundingBox();
    assert.ok(row && view);
    await page.mouse.move(row.x + 40, row.y + row.height / 2);
    await page.mouse.down();
    await page.mouse.move(row.x + 60, row.y + row.height / 2 + 4, { steps: 3 });
    // Only now: pressed with the button, it would select a range.
    await page.keyboard.down('Shift');
    const hint = panel.frame.locator('.drop-hint');
    let moves = 0;
    const over = async () => {
      await page.mouse.move(view.x + view.width / 2 + moves++, view.y + view.height / 2, { steps: 4 });
      return hint.isVisible();
    };
    await waitFor(over, { what: 'the hint over the panel' });
    await workbench.screenshot('panel-drop');
    await page.mouse.up();
    await page.keyboard.up('Shift');
    await panel.frame.locator('.composer .chip', { hasText: 'sales.csv' }).waitFor();
    await hint.waitFor({ state: 'hidden' });
    assert.deepEqual(await workbench.tabs(), [await workbench.activeTab()], 'the editor opened nothing');
    await panel.askAndWait(
      python('import glob\nprint(open(glob.glob("/mnt/data/*sales.csv")[0]).readline())'),
    );
    assert.match(await panel.logs(), /date|region|revenue/i);
  });
});
