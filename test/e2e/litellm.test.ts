import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Litellm, startLitellm } from '../support/litellm.ts';
import { type LocalGatewayProgram, startLocalGateway } from '../support/localGateway.ts';
import { mainJob } from '../support/mainJob.ts';
import { Panel } from '../support/panel.ts';
import { litellmMissing } from '../support/tools.ts';
import { startVsCode, type VsCode } from '../support/vscode.ts';

describe('through a real LiteLLM proxy', { skip: litellmMissing() }, () => {
  let upstream: LocalGatewayProgram;
  let litellm: Litellm;
  let vscode: VsCode;
  before(async () => {
    upstream = await startLocalGateway();
    litellm = await startLitellm(upstream);
    vscode = await startVsCode();
  });
  after(async () => {
    await vscode?.close();
    await litellm?.close();
    await upstream?.close();
  });

  it('Set Up Gateway refuses a wrong key, in words, and lets it be changed', async () => {
    const { workbench } = vscode;
    await setUp(`${litellm.url}/`, 'sk-wrong-0123456789');
    await workbench.notification(/rejected the key/);
    await workbench.screenshot('litellm-wrong-key');
    await workbench.notificationButton(/rejected the key/, 'Change');
    await workbench.quickInputTitled(/Address/, litellm.url);
    await workbench.quickInputTitled(/Key/, litellm.key);
    await workbench.quickPick('built-in');
    assert.match(await workbench.notification(/Connected to/), /1 models?, built-in chosen/);
    await workbench.clearNotifications();
  });

  mainJob('litellm', () => vscode);

  it('shows the gateway in the panel', async () => {
    const host = new URL(litellm.url).host;
    await new Panel(vscode).frame.getByText(host).first().waitFor();
  });

  it('Choose Model lists what the gateway has', async () => {
    const { workbench } = vscode;
    await workbench.runCommand('Code Interpreter: Choose Model…');
    await workbench.quickInputOpen();
    assert.match((await workbench.quickRows()).join('|'), /built-in/);
    await vscode.page.keyboard.press('Escape');
  });

  it('says so when the gateway is gone, and keeps what was there', async () => {
    const { workbench } = vscode;
    await litellm.close();
    const panel = new Panel(vscode);
    await panel.askAndWait('Generate a pie chart of market share');
    assert.match(await panel.text(), /No gateway answers at this address/);
    await workbench.runCommand('Code Interpreter: Refresh Containers');
    await workbench.openView('Code Interpreter');
    await workbench
      .tree('Containers')
      .root.getByText(/No gateway answers at this address/)
      .waitFor();
    await workbench.screenshot('litellm-gone');
  });

  it('local Python is one choice away', async () => {
    const { workbench } = vscode;
    await workbench.runCommand('Code Interpreter: Set Up Gateway…');
    await workbench.quickPick('Local Python');
    await workbench.notification(/Local Python is in use/);
  });

  async function setUp(url: string, key: string): Promise<void> {
    const { workbench } = vscode;
    await workbench.runCommand('Code Interpreter: Set Up Gateway…');
    await workbench.quickPick('Gateway');
    await workbench.quickInputTitled(/Address/, url);
    await workbench.quickInputTitled(/Key/, key);
  }
});
