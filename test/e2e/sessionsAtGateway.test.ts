import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Panel } from '../support/panel.ts';
import { waitFor } from '../support/processes.ts';
import { completed, created, ScriptedGateway, sse, stream } from '../support/scriptedGateway.ts';
import { startVsCode, type VsCode } from '../support/vscode.ts';
import { Workbench } from '../support/workbench.ts';

describe('sessions at a gateway, over a reload of the window', () => {
  let gateway: ScriptedGateway;
  let other: ScriptedGateway;
  let vscode: VsCode;
  const panel = () => new Panel(vscode);

  before(async () => {
    gateway = await ScriptedGateway.start();
    other = await ScriptedGateway.start();
    vscode = await startVsCode({
      settings: {
        'codeInterpreter.gateway.url': gateway.server.url,
        'codeInterpreter.gateway.model': 'm',
        'codeInterpreter.gateway.background': true,
      },
      env: { CODE_INTERPRETER_GATEWAY_KEY: 'sk-of-the-environment-0123456789' },
    });
    await vscode.workbench.runCommand('Code Interpreter: New Session');
    await panel().frame.locator('.composer-input').waitFor();
  });
  after(async () => {
    await vscode?.close();
    await gateway?.[Symbol.asyncDispose]();
    await other?.[Symbol.asyncDispose]();
  });

  it('a run under way is shown as cut, was not told to stop, and is resumed', async () => {
    gateway.runs.push((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(
        sse(created('resp_1'), { type: 'response.output_text.delta', output_index: 0, delta: 'Half of' }),
      );
    });
    await panel().ask('What is the answer?');
    await panel().run.getByText('Half of').waitFor();
    await vscode.reloadWithEditors();
    await panel()
      .run.getByText(/closed or reloaded before the run ended/)
      .waitFor({ timeout: 60_000 });
    assert.match(await panel().text(), /Half of/);
    assert.equal(gateway.sent('POST', '/responses/resp_1/cancel').length, 0);
    await vscode.workbench.screenshot('sessions-cut');
    gateway.onResponse = stream(completed('resp_1', 'Half of the answer is a question.'));
    await panel().press('Resume');
    await panel().run.getByText('Half of the answer is a question.').waitFor();
    assert.equal(gateway.asked().length, 1);
  });

  it('goes on in the chain it was in, with the attached file in its container once', async () => {
    const { workbench } = vscode;
    await workbench.runCommand('Code Interpreter: Attach File…');
    await workbench.fileDialog(`${vscode.workspace}/sales.csv`);
    await panel().frame.locator('.chip', { hasText: 'sales.csv' }).waitFor();
    gateway.runs.push(stream(created('resp_2'), completed('resp_2', 'It has a header.')));
    await panel().askAndWait('What is in this file?');
    await vscode.reloadWithEditors();
    await panel().run.getByText('It has a header.').waitFor({ timeout: 60_000 });
    gateway.runs.push(stream(created('resp_3'), completed('resp_3', 'Still a header.')));
    await panel().askAndWait('And now?');
    assert.equal(gateway.asked().at(-1)?.['previous_response_id'], 'resp_2');
    assert.equal(gateway.uploads.length, 1);
  });

  it('uploads the file again after a reload where the container has expired meanwhile', async () => {
    const [first] = gateway.uploads;
    assert.ok(first);
    await vscode.reloadWithEditors();
    await panel().run.getByText('Still a header.').waitFor({ timeout: 60_000 });
    gateway.expire(first.containerId);
    gateway.runs.push(
      (response) => {
        response.writeHead(400, { 'content-type': 'application/json' });
        response.end(
          JSON.stringify({ error: { message: 'Container is expired.', type: 'invalid_request_error' } }),
        );
      },
      stream(created('resp_4'), completed('resp_4', 'Again a header.')),
    );
    await panel().askAndWait('And again?');
    assert.match(await panel().text(), /Again a header\./);
    assert.match(await panel().text(), /1 attached file was uploaded again\./);
    assert.equal(gateway.uploads.at(-1)?.bytes, first.bytes);
    assert.equal(gateway.uploads.length, 2);
  });

  it('says in one sentence what to do where another gateway is in use', async () => {
    await vscode.writeSettings({ 'codeInterpreter.gateway.url': other.server.url });
    await vscode.reloadWithEditors();
    await panel().run.getByText('Again a header.').waitFor({ timeout: 60_000 });
    const before = gateway.asked().length;
    await panel().askAndWait('And here?');
    assert.match(
      await panel().text(),
      /belongs to the gateway 127\.0\.0\.1:\d+, which is not the one in use/,
    );
    assert.equal(other.asked().length, 0);
    assert.equal(gateway.asked().length, before);
    await vscode.workbench.screenshot('sessions-other-gateway');
    await vscode.writeSettings({ 'codeInterpreter.gateway.url': gateway.server.url });
    gateway.runs.push(stream(created('resp_5'), completed('resp_5', 'Back at home.')));
    const atHome = async () => {
      await panel().askAndWait('And at home?');
      return /Back at home\./.test(await panel().text());
    };
    await waitFor(atHome, { what: 'the gateway of the session', timeout: 30_000 });
  });

  it('a session that is open in one window is offered as a copy in another, and both go on', async () => {
    const page = await vscode.page.context().newPage();
    try {
      await page.goto(vscode.page.url());
      const other = new Workbench(page);
      await other.ready();
      await other.openView('Code Interpreter');
      const list = other.tree('Sessions');
      await waitFor(
        async () => (await list.items()).some(({ spoken }) => /open in another window/.test(spoken)),
        {
          what: 'the session of the other window',
          timeout: 60_000,
        },
      );
      // The editor may bring back the panel in this window too, which does not get the session.
      await waitFor(async () => (await other.tabs()).length === 0, {
        what: 'the panel to close',
        timeout: 30_000,
      });
      await list.click(/What is the answer/);
      await other.notificationButton(/open in another window/, 'Open a Copy');
      await other.panelFrame().getByText('Back at home.').waitFor({ timeout: 30_000 });
      await other.screenshot('sessions-copy');
      await list.waitForRow('What is the answer? (copy)');
      await vscode.page.bringToFront();
      gateway.runs.push(stream(created('resp_6'), completed('resp_6', 'The first window goes on.')));
      await panel().askAndWait('Still there?');
      assert.match(await panel().text(), /The first window goes on\./);
      assert.equal(await other.panelFrame().getByText('The first window goes on.').count(), 0);
    } finally {
      await page.close();
    }
  });
});
