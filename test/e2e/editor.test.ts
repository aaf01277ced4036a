import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { Panel } from '../support/panel.ts';
import { startVsCode, type VsCode } from '../support/vscode.ts';
import { themes } from '../support/workbench.ts';

describe('the editor around the panel', () => {
  let vscode: VsCode;
  before(async () => {
    vscode = await startVsCode();
  });
  after(() => vscode?.close());
  afterEach(async (test) => {
    if ('passed' in test && !test.passed)
      await vscode.workbench.screenshot(`failed-editor-${test.name.slice(0, 30)}`);
  });

  it('the tour has five steps, with pictures in the colours of the theme', async () => {
    const { workbench, page } = vscode;
    await workbench.openView('Code Interpreter');
    await page.locator('.part.sidebar').getByText('Take the tour').click();
    const steps = page.locator('.gettingStartedContainer .getting-started-step:visible');
    await steps.first().waitFor();
    assert.equal(await steps.count(), 5);
    for (const [index, step] of (await steps.all()).entries()) {
      await step.locator('.step-title').click();
      const picture = page
        .locator('.getting-started-media:visible')
        .frameLocator('iframe.webview')
        .frameLocator('iframe#active-frame');
      await picture.locator('svg').first().waitFor();
      for (const theme of index === 0 ? (Object.keys(themes) as (keyof typeof themes)[]) : []) {
        await workbench.setTheme(theme);
        await picture.locator('svg').first().waitFor();
        await workbench.screenshot(`tour-${theme}`);
      }
      await workbench.screenshot(`tour-${index + 1}`);
    }
  });

  it('the tour asks for a first chart with an example that is only to be accepted', async () => {
    const { workbench, page } = vscode;
    await page.locator('.getting-started-step .step-title').first().click();
    await page.getByRole('button', { name: 'Ask for a Chart', exact: true }).click();
    await workbench.quickInputOpen();
    const example = await workbench.quickInputBox().inputValue();
    assert.match(example, /^Generate a bar chart/);
    await workbench.quickInput(example);
    await workbench.quickInputBox().waitFor({ state: 'hidden' });
    // Its pictures are web views of the extension too.
    await page.locator('.tab', { hasText: 'Welcome' }).click({ button: 'middle' });
    const panel = new Panel(vscode);
    await panel.next(0);
    assert.equal((await panel.pictures()).length, 1);
  });

  it('the menu of a file asks about that file', async () => {
    const { workbench } = vscode;
    await workbench.openView('Explorer');
    await workbench.tree('Explorer Section').menu('sales.csv', 'Ask About This File…');
    await workbench.quickInputTitled(/Ask About sales\.csv/, 'Plot total revenue by region as a bar chart');
    const panel = new Panel(vscode);
    await panel.frame.locator('.chip', { hasText: 'sales.csv' }).first().waitFor();
    await panel.ended();
    assert.match(await panel.code(), /sales\.csv/);
    assert.equal((await panel.pictures()).length, 1);
  });

  it('the palette asks about the file in front', async () => {
    const { workbench } = vscode;
    await workbench.openFile('sales.csv');
    await workbench.runCommand('Code Interpreter: Ask About This File…');
    await workbench.quickInputTitled(/Ask About sales\.csv/, '');
    await workbench.dismissQuickInput();
  });

  it('a key runs the selected Python', async () => {
    const { workbench, page } = vscode;
    await workbench.openFile('analysis.py');
    await page.locator('.editor-group-container.active .monaco-editor .view-line').first().click();
    await page.keyboard.press('Control+A');
    const panel = new Panel(vscode);
    await page.keyboard.press('Control+Alt+Enter');
    await panel.frame
      .getByText(/Run analysis\.py/)
      .first()
      .waitFor();
    await panel.ended();
    assert.notEqual(await panel.logs(), '');
  });
});
