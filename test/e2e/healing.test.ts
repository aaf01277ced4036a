import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Panel } from '../support/panel.ts';
import { completed, created, ScriptedGateway, stream } from '../support/scriptedGateway.ts';
import { startVsCode, type VsCode } from '../support/vscode.ts';

const NATIVE = 'cntr_68e1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f7';
/** Two by two pixels. */
const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGNQaLgARAwQCgAljgXBJLNPngAAAABJRU5ErkJggg==';
const CODE = '# Draw the sales\nplt.savefig("/mnt/data/chart.png")\n';

/** What a gateway tells of a run of one step and an answer. */
function told(id: string, call: object, annotations: readonly object[] = []): readonly object[] {
  const item = { type: 'code_interpreter_call', id: 'ci', status: 'completed', code: CODE, ...call };
  const content = [{ type: 'output_text', text: 'Here it is.', annotations }];
  const output = [item, { type: 'message', id: 'msg', status: 'completed', content }];
  return [
    created(id),
    ...output.map((one, output_index) => ({ type: 'response.output_item.done', output_index, item: one })),
    { type: 'response.completed', response: { id, status: 'completed', output } },
  ];
}

describe('what gateways get wrong or leave out', () => {
  let gateway: ScriptedGateway;
  let vscode: VsCode;
  const panel = () => new Panel(vscode);
  const logs = [{ type: 'logs', logs: '42\n' }];

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

  it('what a provider does not pass on is said, and nothing is made of it', async () => {
    const container_id = null;
    const said: readonly (readonly [object, RegExp])[] = [
      [{ container_id, outputs: logs }, /passes on only what the code printed/],
      [{ container_id, outputs: null }, /passes on neither what the code printed and drew nor the files/],
    ];
    for (const [at, [call, words]] of said.entries()) {
      gateway.runs.push(stream(...told(`resp_${5 + at}`, call)));
      await panel().askAndWait('Count');
      await panel().run.getByText(words).waitFor();
      assert.deepEqual(await panel().files(), []);
    }
    await vscode.workbench.screenshot('healed-left-out');
  });

  it('files that are refused after the run, of a container under another name: asked for once more, listed, and said', async () => {
    const before = gateway.asked().length;
    gateway.make(NATIVE, 'sales.csv');
    gateway.forbid(NATIVE);
    gateway.onResponse = (response) => {
      gateway.allow(NATIVE);
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(completed('resp_1', 'Here it is.').response));
    };
    gateway.runs.push(stream(...told('resp_1', { container_id: gateway.routed(NATIVE), outputs: logs })));
    await panel().askAndWait('Make a table');
    await panel().run.getByText('The gateway refused the files of this run at first.').waitFor();
    assert.deepEqual(await panel().files(), ['sales.csv']);
    assert.equal(gateway.sent('GET', '/responses/resp_1').length, 1);
    assert.equal(gateway.asked().length, before + 1);
    await vscode.workbench.screenshot('healed-files');
  });

  it('a file that no answer mentions is in the list of the run that made it, and only there', async () => {
    gateway.make(NATIVE, 'uncited.csv');
    gateway.runs.push(stream(...told('resp_2', { container_id: gateway.routed(NATIVE), outputs: logs })));
    await panel().askAndWait('Make another');
    await panel().run.locator('.file-row').first().waitFor();
    assert.deepEqual(await panel().files(), ['uncited.csv']);
  });

  it('a picture that comes as data, as a figure and under its name is painted once', async () => {
    gateway.make(NATIVE, 'chart.png');
    const cite = (file_id: string, filename: string) => ({
      type: 'container_file_citation',
      container_id: gateway.routed(NATIVE),
      file_id,
      filename,
      start_index: 0,
      end_index: 0,
    });
    const outputs = [{ type: 'image', url: `data:image/png;base64,${PNG}` }, ...logs];
    const cited = [cite('cfile_1', 'cfile_1.png'), cite(`cfile_${NATIVE}_chartpng`, 'chart.png')];
    gateway.runs.push(stream(...told('resp_3', { container_id: gateway.routed(NATIVE), outputs }, cited)));
    await panel().askAndWait('Draw it');
    const pictures = await panel().pictures();
    assert.deepEqual(
      pictures.map(({ width, height }) => [width, height]),
      [[2, 2]],
    );
    assert.deepEqual(await panel().files(), ['chart.png']);
    await vscode.workbench.screenshot('healed-picture');
  });
});
