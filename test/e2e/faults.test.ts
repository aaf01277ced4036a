import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { FaultServer, type Received } from '../support/faultServer.ts';
import { Panel } from '../support/panel.ts';
import { waitFor } from '../support/processes.ts';
import { created as createdAs, sse } from '../support/scriptedGateway.ts';
import { startVsCode, type VsCode } from '../support/vscode.ts';

/** What the stand-in for a gateway answers to a run; it stands for gateways that misbehave. */
let onRun: (request: Received) => { readonly type: string; readonly body: string; readonly status?: number };

const created = createdAs('resp_1');
const CONTAINER = 'cntr_0123456789abcdef';
const file = (id: string, name: string) => ({
  id,
  object: 'container.file',
  container_id: CONTAINER,
  bytes: null,
  created_at: 1,
  path: `/mnt/data/${name}`,
  source: 'assistant',
});

describe('before a gateway that misbehaves', () => {
  let server: FaultServer;
  let vscode: VsCode;
  const panel = () => new Panel(vscode);
  const list = (data: readonly object[]) =>
    JSON.stringify({ object: 'list', data, has_more: false, last_id: null });

  before(async () => {
    server = await FaultServer.start();
    server.answer = (request, response) => {
      response.setHeader('content-type', 'application/json');
      if (request.url === '/v1/responses') {
        const { type, body, status } = onRun(request);
        response.writeHead(status ?? 200, { 'content-type': type });
        response.end(body);
      } else if (request.url.startsWith('/v1/models')) response.end(list([{ id: 'm' }]));
      else if (request.url.endsWith('/content')) response.end('evil bytes');
      else if (request.url.includes('/files')) {
        response.end(
          list([
            file('cfile_1', '../../../evil.txt'),
            file('cfile_2', '..\\..\\nul.'),
            file('cfile_3', '.vscode'),
          ]),
        );
      } else response.end(list([{ id: CONTAINER, object: 'container', name: 'hostile', status: 'running' }]));
    };
    vscode = await startVsCode({
      settings: { 'codeInterpreter.gateway.url': server.url, 'codeInterpreter.gateway.model': 'm' },
      env: { CODE_INTERPRETER_GATEWAY_KEY: 'sk-of-the-environment-0123456789' },
    });
    await vscode.workbench.runCommand('Code Interpreter: New Session');
    await panel().frame.locator('.composer-input').waitFor();
  });
  after(async () => {
    await vscode?.close();
    await server?.[Symbol.asyncDispose]();
  });

  const cases: readonly (readonly [string, ReturnType<typeof onRun>, RegExp])[] = [
    [
      'a web page',
      { type: 'text/html', body: '<!doctype html><title>Sign in</title>' },
      /web page instead of data/,
    ],
    ['no JSON', { type: 'application/json', body: 'oops' }, /could not be understood/],
    [
      'an unknown model',
      { type: 'application/json', status: 404, body: '{"error":{"message":"no","code":"model_not_found"}}' },
      /does not offer this model/,
    ],
    [
      'a stream cut in the middle',
      {
        type: 'text/event-stream',
        body: sse(created, { type: 'response.output_text.delta', output_index: 0, delta: 'so far' }),
      },
      /so far[\s\S]*connection ended before the run did/,
    ],
    [
      'malformed and unknown events around an answer',
      {
        type: 'text/event-stream',
        body: `data: {"type":\n\ndata: [1]\n\n${sse(
          created,
          { type: 'response.hosted_shell.started' },
          { type: 'response.output_text.delta', output_index: 0, delta: 5 },
          { type: 'response.output_text.delta', output_index: 0, delta: 'all is well' },
          { type: 'response.completed', response: { id: 'resp_1', status: 'completed' } },
        )}`,
      },
      /all is well/,
    ],
  ];
  for (const [what, answer, words] of cases) {
    it(`${what}: a plain sentence, and what was asked is still there`, async () => {
      onRun = () => answer;
      const prompt = `Tell me about ${what}`;
      await panel().askAndWait(prompt);
      assert.match(await panel().text(), words);
      assert.match(await panel().text(), new RegExp(prompt));
      await vscode.workbench.screenshot(`fault-${what.replaceAll(' ', '-')}`);
    });
  }

  it('the key of the environment is used, and is in no log', async () => {
    assert.equal(server.received.at(-1)?.headers.authorization, 'Bearer sk-of-the-environment-0123456789');
    const logs = await vscode.logs();
    assert.match(logs, /not_an_api/);
    assert.doesNotMatch(logs, /sk-of-the-environment/);
  });

  it('hostile file names are made harmless, and stay inside the chosen folder', async () => {
    const { workbench } = vscode;
    await workbench.openView('Code Interpreter');
    const tree = workbench.tree('Containers');
    await tree.expand('hostile');
    await tree.waitForRow('evil.txt');
    await tree.inlineAction('hostile', 'Save All');
    await workbench.fileDialog(`${vscode.workspace}/`);
    // `.vscode` is a name that editors act on.
    assert.match(await workbench.dialog(), /act on by themselves/);
    await workbench.dialogButton('Cancel');
    const last = path.join(vscode.workspace, '_nul');
    await waitFor(async () => (await readFile(last)).length > 0, { what: 'the last file', timeout: 20_000 });
    assert.equal(await readFile(path.join(vscode.workspace, 'evil.txt'), 'utf8'), 'evil bytes');
    const saved = (await readdir(vscode.workspace)).sort();
    assert.deepEqual(saved, ['_nul', 'analysis.py', 'evil.txt', 'sales.csv']);
    assert.ok(!(await readdir(path.dirname(vscode.workspace))).includes('evil.txt'));
  });

  it('a gateway that goes away leaves a sentence in the tree, and nothing is lost', async () => {
    const { workbench } = vscode;
    const runs = await panel().runCount();
    await server[Symbol.asyncDispose]();
    await workbench.runCommand('Code Interpreter: Refresh Containers');
    const tree = workbench.tree('Containers');
    await waitFor(async () => /No gateway answers/.test(await tree.root.innerText()), {
      what: 'the sentence',
    });
    assert.equal(await panel().runCount(), runs);
  });
});
