import assert from 'node:assert/strict';
import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { Panel, python } from '../support/panel.ts';
import { waitFor } from '../support/processes.ts';
import { startVsCode, type VsCode } from '../support/vscode.ts';

const CODE = 'from pathlib import Path\nPath("/mnt/data/cities.csv").write_text("city,people\\nOslo,700\\n")';
const ORIGIN = 'Show the Code That Made This File';
const COMPARE = 'Compare with Its Source';

describe('a saved file knows where it came from', () => {
  let vscode: VsCode;
  before(async () => {
    vscode = await startVsCode();
    await vscode.workbench.runCommand('Code Interpreter: New Session');
    await panel().askAndWait(python(CODE));
    for (let more = 0; more < 3; more++) await panel().askAndWait(python('for i in range(60): print(i)'));
    await panel()
      .frame.locator('article.run')
      .first()
      .getByRole('button', { name: 'Save cities.csv' })
      .first()
      .click();
    await vscode.workbench.fileDialog(place('cities.csv'));
    await holds('cities.csv', 'city,people\nOslo,700\n');
    await vscode.workbench.clearNotifications();
  });
  after(() => vscode?.close());
  afterEach(async (test) => {
    if ('passed' in test && !test.passed)
      await vscode.workbench.screenshot(`failed-savedFiles-${test.name.slice(0, 40)}`);
  });

  const panel = () => new Panel(vscode);
  const place = (name: string) => path.join(vscode.workspace, name);
  const explorer = () => vscode.workbench.tree('Explorer Section');
  const holds = (name: string, text: string) =>
    waitFor(async () => (await readFile(place(name), 'utf8')) === text, {
      what: `${name} with ${text}`,
      timeout: 20_000,
    });
  const badge = async (name: string) =>
    explorer()
      .row(name)
      .locator('.monaco-icon-label')
      .evaluate((label) => getComputedStyle(label, '::after').content);
  const becomesBadge = (name: string, pattern: RegExp) =>
    waitFor(async () => pattern.test(await badge(name)), {
      what: `a badge like ${pattern}`,
      timeout: 20_000,
    });

  /** Resolves when the panel is in front with the first run in sight. */
  const firstRunShown = () =>
    waitFor(
      async () =>
        panel()
          .frame.locator('article.run')
          .first()
          .evaluate(
            (run) => {
              const { top } = run.getBoundingClientRect();
              return run === document.activeElement && top >= -1 && top < innerHeight / 2;
            },
            undefined,
            { timeout: 2_000 },
          ),
      { what: 'the run in sight', timeout: 20_000 },
    );

  it('the explorer leads from it to the run that made it, and from no other file', async () => {
    const { workbench } = vscode;
    await workbench.openView('Explorer');
    assert.ok(
      !(await explorer().menuEntries('sales.csv')).some((entry) => [ORIGIN, COMPARE].includes(entry)),
    );
    await explorer().menu('cities.csv', ORIGIN);
    await firstRunShown();
    await workbench.screenshot('savedFiles-run');
  });

  it("the editor's menu does so too", async () => {
    const { workbench, page } = vscode;
    await explorer().click('cities.csv');
    await page.locator('.editor-instance .view-line', { hasText: 'city,people' }).waitFor();
    await page.locator('.tab.active', { hasText: 'cities.csv' }).click({ button: 'right' });
    const entry = page.locator('.monaco-menu .action-menu-item:visible').filter({ hasText: ORIGIN });
    await entry.first().waitFor();
    await page.keyboard.press('Escape');
    assert.equal(await workbench.hasCommand(`Code Interpreter: ${ORIGIN}`), true);
    await workbench.openFile('sales.csv');
    assert.equal(await workbench.hasCommand(`Code Interpreter: ${ORIGIN}`), false);
  });

  it('shows that it is not as it was saved any more, and what changed', async () => {
    const { workbench, page } = vscode;
    await workbench.openView('Explorer');
    assert.doesNotMatch(await badge('cities.csv'), /≠/);
    await writeFile(place('cities.csv'), 'city,people\nOslo,701\n');
    await becomesBadge('cities.csv', /≠/);
    await workbench.screenshot('savedFiles-badge');
    await explorer().menu('cities.csv', COMPARE);
    const diff = page.locator('.monaco-diff-editor');
    await diff.locator('.editor.original .view-line', { hasText: 'Oslo,700' }).waitFor();
    await diff.locator('.editor.modified .view-line', { hasText: 'Oslo,701' }).waitFor();
    await workbench.screenshot('savedFiles-diff');
    await writeFile(place('cities.csv'), 'city,people\nOslo,700\n');
    await becomesBadge('cities.csv', /^(?!.*≠)/);
  });

  it('is followed when the editor moves it', async () => {
    const { workbench, page } = vscode;
    await workbench.openView('Explorer');
    await explorer().click('cities.csv');
    await page.keyboard.press('F2');
    const input = explorer().root.locator('.explorer-item-edited input');
    await input.fill('towns.csv');
    await page.keyboard.press('Enter');
    await explorer().waitForRow('towns.csv');
    await waitFor(async () => (await explorer().menuEntries('towns.csv')).includes(ORIGIN), {
      what: 'the entry in the menu',
      timeout: 20_000,
    });
  });

  it('leads to its run after a reload too, and says what it remembers when the session is gone', async () => {
    const { workbench, page } = vscode;
    await workbench.closeEditors();
    await vscode.reload();
    await workbench.openView('Explorer');
    await waitFor(async () => (await explorer().menuEntries('towns.csv')).includes(ORIGIN), {
      what: 'the entry in the menu',
      timeout: 30_000,
    });
    await explorer().menu('towns.csv', ORIGIN);
    await firstRunShown();
    await workbench.closeEditors();
    await workbench.runCommand('Code Interpreter: Clear Sessions…');
    await workbench.dialog();
    await workbench.dialogButton('Delete All');
    await explorer().menu('towns.csv', ORIGIN);
    const lines = page.locator('.editor-instance .view-lines');
    await lines.locator('.view-line', { hasText: 'towns.csv' }).first().waitFor();
    const text = (await lines.innerText()).replaceAll('\u00a0', ' ');
    assert.match(text, /Prompt:/);
    assert.match(text, /^from pathlib import Path$/m);
    await workbench.screenshot('savedFiles-document');
  });

  it('of a file that came back under another name it says that it knows nothing', async () => {
    await rename(place('towns.csv'), place('other.csv'));
    await explorer().waitForRow('other.csv');
    assert.ok(!(await explorer().menuEntries('other.csv')).includes(ORIGIN));
  });
});
