import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { Panel, python } from '../support/panel.ts';
import { waitFor } from '../support/processes.ts';
import { startVsCode, type VsCode } from '../support/vscode.ts';

const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAADUlEQVR4nGP4zwAE/wEHAAH/4iOeWQAAAABJRU5ErkJggg==';

describe('a panel that comes back with its window', () => {
  let vscode: VsCode;
  const panel = () => new Panel(vscode);
  const input = () => panel().frame.locator('.composer-input');
  const chips = () => panel().frame.locator('.composer .chip');

  before(async () => {
    vscode = await startVsCode();
  });
  after(() => vscode?.close());
  afterEach(async (test) => {
    if ('passed' in test && !test.passed)
      await vscode.workbench.screenshot(`failed-restored-${test.name.slice(0, 40)}`);
  });

  async function newSession(): Promise<void> {
    await vscode.workbench.runCommand('Code Interpreter: New Session');
    await waitFor(async () => (await input().count()) === 1 && (await panel().runCount()) === 0, {
      what: 'an empty session',
    });
  }

  async function attach(name: string): Promise<void> {
    await vscode.workbench.runCommand('Code Interpreter: Attach File…');
    await vscode.workbench.fileDialog(`${vscode.workspace}/${name}`);
    await chips().filter({ hasText: name }).waitFor();
  }

  async function paste(): Promise<void> {
    await input().evaluate((box, png) => {
      const bytes = Uint8Array.from(atob(png), (character) => character.charCodeAt(0));
      const clipboardData = new DataTransfer();
      clipboardData.items.add(new File([bytes], 'image.png', { type: 'image/png' }));
      box.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, PNG);
    await chips()
      .filter({ hasText: /pasted-\d{6}\.png/ })
      .waitFor();
  }

  it('still has what was written and attached and not sent, also where nothing was asked yet', async () => {
    await newSession();
    await attach('sales.csv');
    await paste();
    await input().fill('How many rows\nhas it?');
    await vscode.reloadWithEditors();
    await chips().nth(1).waitFor({ timeout: 60_000 });
    assert.equal(await input().inputValue(), 'How many rows\nhas it?');
    assert.match((await chips().allInnerTexts()).join(), /sales\.csv[\s\S]*pasted-\d{6}\.png/);
    await panel().frame.locator('.composer .chip-picture').waitFor();
    await vscode.workbench.screenshot('restored-attached');
    await panel().askAndWait(
      python(
        'import glob\nprint(len(glob.glob("/mnt/data/*sales.csv")), len(glob.glob("/mnt/data/*pasted*")))',
      ),
    );
    assert.match(await panel().logs(), /1 1/);
    assert.equal(await chips().count(), 0);
  });

  it('has nothing that was sent or taken off', async () => {
    await attach('sales.csv');
    await chips().locator('button').click();
    await waitFor(async () => (await chips().count()) === 0, { what: 'no chips' });
    await vscode.reloadWithEditors();
    await panel().run.waitFor({ timeout: 60_000 });
    assert.equal(await chips().count(), 0);
  });

  it('says which file cannot be had any more', async () => {
    const { workbench } = vscode;
    const file = path.join(vscode.workspace, 'gone.csv');
    await writeFile(file, 'a,b\n');
    await attach('gone.csv');
    await rm(file);
    await vscode.reloadWithEditors();
    await workbench.notification(/Not attached any more, as it cannot be read: gone\.csv\./, 60_000);
    assert.equal(await chips().count(), 0);
    await workbench.clearNotifications();
  });

  it('shows its newest run', async () => {
    for (const [place, lines] of [3, 150, 1, 60, 2].entries())
      await panel().askAndWait(
        python(
          `import matplotlib.pyplot as plt\nplt.plot([${place}, 2])\nplt.show()\nfor i in range(${lines}):\n    print("row", i)\n# The end of ${place}`,
        ),
      );
    await vscode.reloadWithEditors();
    await panel().run.waitFor({ timeout: 60_000 });
    await panel().pictures();
    // All that is still to be drawn and measured has its time.
    await vscode.page.waitForTimeout(2_000);
    await vscode.workbench.screenshot('restored-newest');
    const left = await panel()
      .frame.locator('.scroller')
      .evaluate(({ scrollTop, scrollHeight, clientHeight }) => scrollHeight - clientHeight - scrollTop);
    assert.ok(left <= 8, `${left} pixels are left below`);
    assert.equal(await panel().frame.getByRole('button', { name: 'Jump to latest' }).isVisible(), false);
  });

  it('brings back what was sent before VS Code was closed, newest first', async () => {
    await vscode.restart();
    await panel().run.waitFor({ timeout: 60_000 });
    await newSession();
    await input().press('ArrowUp');
    await waitFor(async () => (await input().inputValue()).includes('The end of 4'), { what: 'the last' });
    await input().press('ArrowUp');
    await waitFor(async () => (await input().inputValue()).includes('The end of 3'), {
      what: 'the one before',
    });
    await input().fill('');
  });
});
