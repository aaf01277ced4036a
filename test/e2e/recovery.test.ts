import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Panel } from '../support/panel.ts';
import { waitFor } from '../support/processes.ts';
import {
  completed,
  created,
  EXPIRED,
  type OnRun,
  refusal,
  ScriptedGateway,
  sse,
  stream,
} from '../support/scriptedGateway.ts';
import { startVsCode, type VsCode } from '../support/vscode.ts';
import { themes } from '../support/workbench.ts';

const CODE = '# Count the rows\nimport csv\n\nrows = list(csv.reader(open("sales.csv")))\nprint(len(rows))\n';

/** The beginning of a run: its code, and what that printed where it has run. */
function begun(id: string, container: string, logs?: string): readonly object[] {
  const item = { type: 'code_interpreter_call', id: 'ci', container_id: container, code: CODE };
  const outputs = [{ type: 'logs', logs }];
  return [
    created(id),
    { type: 'response.output_item.added', output_index: 0, item: { ...item, status: 'in_progress' } },
    { type: 'response.code_interpreter_call.interpreting', output_index: 0 },
    ...(logs === undefined
      ? []
      : [
          {
            type: 'response.output_item.done',
            output_index: 0,
            item: { ...item, status: 'completed', outputs },
          },
        ]),
  ];
}

describe('when something breaks on the way', () => {
  let gateway: ScriptedGateway;
  let vscode: VsCode;
  const panel = () => new Panel(vscode);
  const posts = () => gateway.asked().length;
  const answer = (id: string, text: string): OnRun => stream(created(id), completed(id, text));
  const half = (id: string): OnRun =>
    stream(...begun(id, 'cntr_2', '41\n'), {
      type: 'response.output_text.delta',
      output_index: 1,
      delta: 'There are **41 rows**, one for each',
    });

  before(async () => {
    gateway = await ScriptedGateway.start();
    vscode = await startVsCode({
      settings: { 'codeInterpreter.gateway.url': gateway.server.url, 'codeInterpreter.gateway.model': 'm' },
      env: { CODE_INTERPRETER_GATEWAY_KEY: 'sk-of-the-environment-0123456789' },
    });
    await vscode.workbench.runCommand('Code Interpreter: New Session');
    await panel().frame.locator('.composer-input').waitFor();
  });
  after(async () => {
    await vscode?.close();
    await gateway?.[Symbol.asyncDispose]();
  });

  it('a gateway out of order is waited for in sight, and then answers', async () => {
    gateway.runs.push(
      refusal(503, 'Service Unavailable', { 'retry-after': '6' }),
      answer('resp_1', 'Here I am.'),
    );
    await panel().ask('Are you there?');
    await panel()
      .run.getByText(/Trying again in \d s \(attempt 2\)\./)
      .waitFor();
    await vscode.workbench.screenshot('fault-waiting');
    await panel().ended();
    assert.match(await panel().text(), /Here I am\./);
    assert.equal(posts(), 2);
  });

  it('a wait can be cancelled', async () => {
    const before = posts();
    gateway.runs.push(refusal(503, 'Service Unavailable', { 'retry-after': '60' }));
    await panel().ask('Are you there?');
    await panel().press('Cancel');
    await panel().ended();
    assert.match(await panel().text(), /Stopped\./);
    assert.equal(posts(), before + 1);
  });

  it('an expired container is replaced, with the attached file in the new one, and that is said', async () => {
    const { workbench } = vscode;
    await workbench.runCommand('Code Interpreter: Attach File…');
    await workbench.fileDialog(`${vscode.workspace}/sales.csv`);
    await panel().frame.locator('.chip', { hasText: 'sales.csv' }).waitFor();
    gateway.runs.push(answer('resp_2', 'It has a header.'));
    await panel().askAndWait('What is in this file?');
    gateway.expire('cntr_1');
    const before = posts();
    gateway.runs.push(
      refusal(400, EXPIRED),
      stream(...begun('resp_3', 'cntr_2', '41\n'), completed('resp_3', 'It has 41 rows.')),
    );
    await panel().askAndWait('How many rows has it?');
    const text = await panel().text();
    assert.match(text, /The container had expired, so a new one is used/);
    assert.match(text, /1 attached file was uploaded again\./);
    assert.match(text, /It has 41 rows\./);
    assert.equal(posts(), before + 2);
    const [first, second] = gateway.uploads;
    assert.deepEqual([first?.containerId, second?.containerId], ['cntr_1', 'cntr_2']);
    assert.equal(second?.bytes, first?.bytes);
    assert.equal(gateway.uploads.length, 2);
    await workbench.screenshot('fault-expired');
  });

  it('a cut run is asked about without being run again, and goes on in its place', async () => {
    gateway.runs.push(half('resp_4'));
    await panel().askAndWait('And what is each row?');
    assert.match(await panel().text(), /41 rows[\s\S]*What had arrived is kept/);
    const [before, runs] = [posts(), await panel().runCount()];
    gateway.onResponse = (response, request) =>
      request.url.includes('stream=true')
        ? refusal(400, 'This response cannot be streamed.')(response, request)
        : response
            .writeHead(200, { 'content-type': 'application/json' })
            .end(JSON.stringify(completed('resp_4', 'Each row is a sale.').response));
    await panel().press('Ask How It Ended');
    await panel().run.getByText('Each row is a sale.').waitFor();
    await panel().ended();
    assert.equal(posts(), before);
    assert.equal(await panel().runCount(), runs);
  });

  it('a cut run looks as it should in every theme, and can be tried again', async () => {
    const { workbench, page } = vscode;
    gateway.runs.push(half('resp_5'), answer('resp_6', 'Each row is a sale, again.'));
    await panel().askAndWait('And what is each row?');
    await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
    for (const theme of Object.keys(themes) as (keyof typeof themes)[]) {
      await workbench.setTheme(theme);
      await workbench.screenshot(`fault-cut-${theme}`);
      await page.setViewportSize({ width: 420, height: 900 });
      await workbench.screenshot(`fault-cut-${theme}-narrow`);
      await page.setViewportSize({ width: 1400, height: 900 });
    }
    const runs = await panel().runCount();
    await panel().press('Try Again');
    await panel().next(runs);
    assert.match(await panel().text(), /Each row is a sale, again\./);
  });

  it('a silent run says for how long, and is ended by nobody but the person', async () => {
    gateway.runs.push((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(sse(...begun('resp_7', 'cntr_2')));
    });
    await panel().ask('Fit a model');
    await panel()
      .run.getByText(/No news for \d\d s\./)
      .waitFor({ timeout: 40_000 });
    await vscode.workbench.screenshot('fault-silent');
    await panel().press('Stop');
    await panel().ended();
    assert.match(await panel().text(), /Stopped\./);
  });

  it('a run in the background is resumed where it broke, and ended at the provider when it is stopped', async () => {
    await vscode.writeSettings({ 'codeInterpreter.gateway.background': true });
    const inBackground = async () => {
      gateway.runs.push(answer('resp_8', 'Yes.'));
      await panel().askAndWait('In the background?');
      return gateway.asked().at(-1)?.['background'] === true;
    };
    await waitFor(inBackground, { timeout: 30_000, what: 'the setting' });
    gateway.runs.push(half('resp_9'));
    await panel().askAndWait('And what is each row?');
    gateway.onResponse = stream(completed('resp_9', 'There are **41 rows**, one for each sale.'));
    await panel().press('Resume');
    await panel().run.getByText('one for each sale').waitFor();
    gateway.runs.push((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(sse(...begun('resp_10', 'cntr_2')));
    });
    await panel().ask('Fit a model');
    await panel().run.locator('.step').waitFor();
    await panel().stop();
    const cancelled = () => gateway.sent('POST', '/responses/resp_10/cancel').length === 1;
    await waitFor(cancelled, { what: 'the word to the provider' });
  });
});
