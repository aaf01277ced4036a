import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { mainJob } from '../support/mainJob.ts';
import { Panel, python } from '../support/panel.ts';
import { waitFor } from '../support/processes.ts';
import { startVsCode, type VsCode } from '../support/vscode.ts';
import { themes } from '../support/workbench.ts';

describe('with no gateway set up', () => {
  let vscode: VsCode;
  before(async () => {
    vscode = await startVsCode();
  });
  after(() => vscode?.close());

  it('the view tells a newcomer what to do', async () => {
    await vscode.workbench.openView('Code Interpreter');
    assert.match(
      await vscode.workbench.tree('Containers').welcome(),
      /Ask for a chart[\s\S]*Python runs on this machine/,
    );
    await vscode.workbench.screenshot('local-welcome');
  });

  it('a new session says which gateway it has and offers examples', async () => {
    await vscode.workbench.runCommand('Code Interpreter: New Session');
    const panel = new Panel(vscode);
    await panel.frame.getByText('Local Python').first().waitFor();
    await panel.frame.getByText('Generate a pie chart of market share').waitFor();
    assert.equal(await vscode.workbench.hasCommand('Code Interpreter: Stop'), false);
    await vscode.workbench.screenshot('local-empty');
  });

  mainJob('local', () => vscode);

  it('answers plainly what it cannot do', async () => {
    await vscode.workbench.runCommand('Code Interpreter: Ask…');
    await vscode.workbench.quickInput('What is the capital of France?');
    const panel = new Panel(vscode);
    await panel.frame.getByText('What is the capital of France?').first().waitFor();
    await panel.next(0);
    assert.match(await panel.text(), /no (?:AI )?model is set up|no AI/i);
    assert.doesNotMatch(await panel.text(), /Paris/);
  });

  it('charts an attached file from its own header', async () => {
    const { workbench, page } = vscode;
    await workbench.runCommand('Code Interpreter: Attach File…');
    await workbench.fileDialog(`${vscode.workspace}/sales.csv`);
    const panel = new Panel(vscode);
    await panel.frame.locator('.chip', { hasText: 'sales.csv' }).waitFor();
    await panel.askAndWait('Plot total revenue by region as a bar chart');
    assert.match(await panel.code(), /sales\.csv/);
    assert.equal((await panel.pictures()).length, 1);
    assert.ok(page.url().startsWith(vscode.url));
  });

  it('a tiny picture arrives whole', async () => {
    const panel = new Panel(vscode);
    await panel.askAndWait(
      python('import matplotlib.pyplot as plt\nplt.figure(figsize=(0.3, 0.2)).add_axes([0, 0, 1, 1])'),
    );
    const [picture] = await panel.pictures();
    assert.ok(picture && picture.width < 200);
  });

  it('a panel that was hidden comes back whole', async () => {
    const { workbench } = vscode;
    const panel = new Panel(vscode);
    const before = await panel.runCount();
    await workbench.runCommand('File: New Untitled Text File');
    await waitFor(async () => (await workbench.tabs()).some((tab) => tab.startsWith('Untitled')), {
      what: 'another tab',
    });
    await workbench.runCommand('View: Close Editor');
    await panel.run.waitFor();
    assert.equal(await panel.runCount(), before);
    assert.equal((await panel.pictures()).length, 1);
  });

  for (const theme of Object.keys(themes) as (keyof typeof themes)[]) {
    it(`looks: ${theme}`, async () => {
      await vscode.workbench.setTheme(theme);
      await vscode.workbench.openView('Code Interpreter');
      assert.equal((await new Panel(vscode).pictures()).length, 1);
      await vscode.workbench.screenshot(`looks-${theme}`);
    });
  }
});
