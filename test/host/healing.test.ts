/** What a session mends or makes up for by itself, told by the gateway's own requests and by what a person is shown. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Notice } from '../../src/core/session.ts';
import { makeTranslate } from '../../src/core/translate.ts';
import { SessionViewer } from '../../src/webview/view/view.ts';
import type { RunView } from '../../src/webview/view/viewTypes.ts';
import {
  completed,
  containerOf,
  created,
  refusal,
  ScriptedGateway,
  stream,
} from '../support/scriptedGateway.ts';
import { SessionUnderTest } from '../support/sessionUnderTest.ts';

const NATIVE = 'cntr_68e1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f7';
const PNG = `data:image/png;base64,${Buffer.from('a picture').toString('base64')}`;
const logs = { type: 'logs', logs: '42\n' };
const image = { type: 'image', url: PNG };

let gateway: ScriptedGateway;
let session: SessionUnderTest;
beforeEach(async () => {
  gateway = await ScriptedGateway.start();
  session = new SessionUnderTest(gateway.server.url);
});
afterEach(async () => {
  await session[Symbol.asyncDispose]();
  await gateway[Symbol.asyncDispose]();
});

/** A run of one step and an answer. @param call what the gateway tells of the step beyond that it was there */
function run(id: string, call: object, annotations: readonly object[] = []) {
  const item = { type: 'code_interpreter_call', id: 'ci', status: 'completed', code: 'f()', ...call };
  const content = [{ type: 'output_text', text: 'Done.', annotations }];
  const message = { type: 'message', id: 'msg', status: 'completed', content };
  const response = { id, status: 'completed', output: [item, message] };
  return stream(
    created(id),
    { type: 'response.output_item.added', output_index: 0, item: { ...item, status: 'in_progress' } },
    { type: 'response.output_item.done', output_index: 0, item },
    { type: 'response.output_item.done', output_index: 1, item: message },
    { type: 'response.completed', response },
  );
}
const inContainer = (id: string, container_id: string) => run(id, { container_id, outputs: [logs] });
/** What was asked of the gateway beside the runs, in its order. */
const others = () =>
  gateway.server.received
    .filter(({ url }) => url !== '/v1/responses')
    .map(({ method, url }) => `${method} ${url}`);
const filesOf = (container: string) => `GET /v1/containers/${encodeURIComponent(container)}/files?limit=100`;
const made = () => session.last.files.map(({ path }) => path);
const shown = (): RunView => {
  const view = new SessionViewer({ t: makeTranslate({}), lang: 'en' }).view(session.record.state).runs.at(-1);
  assert.ok(view);
  return view;
};

describe('files that are refused after a streamed run', () => {
  const ASKED = /^GET \/v1\/responses\/resp_1\?/;

  it('are had once the response was asked for, and that is said', async () => {
    gateway.make('cntr_a', 'chart.png');
    gateway.forbid('cntr_a');
    gateway.onResponse = (response) => {
      gateway.allow('cntr_a');
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(completed('resp_1', 'Done.').response));
    };
    gateway.runs.push(inContainer('resp_1', 'cntr_a'));
    await session.ask('Plot');
    assert.deepEqual(made(), ['/mnt/data/chart.png']);
    assert.deepEqual(session.last.notices, [{ kind: 'access_restored' }]);
    assert.match(shown().notices.join(), /refused the files of this run at first/);
    const [refused, asked, again, ...more] = others();
    assert.deepEqual([refused, again, more], [filesOf('cntr_a'), filesOf('cntr_a'), []]);
    assert.match(asked ?? '', ASKED);
  });

  it('are given up where that does not help, which is said, and the run is complete all the same', async () => {
    gateway.forbid('cntr_a');
    gateway.onResponse = (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(completed('resp_1', 'Done.').response));
    };
    gateway.runs.push(inContainer('resp_1', 'cntr_a'));
    await session.ask('Plot');
    assert.equal(session.last.state.status, 'completed');
    assert.deepEqual(session.last.notices, [{ kind: 'files_unlisted' }]);
    assert.match(shown().notices.join(), /list of files could not be read/);
    assert.equal(others().length, 3);
  });
});

describe('a container whose id the gateway has rewritten', () => {
  it('is known by its own id, asked for by the rewritten one, and never sent back rewritten', async () => {
    const routed = gateway.routed(NATIVE);
    gateway.make(NATIVE, 'a.csv');
    gateway.runs.push(inContainer('resp_1', routed), inContainer('resp_2', gateway.routed(NATIVE)));
    await session.ask('Make a file');
    assert.equal(session.record.state.container?.id, NATIVE);
    assert.equal(session.last.files[0]?.containerId, NATIVE);
    session.attach('b.csv', '1');
    await session.ask('Use this one');
    assert.equal(session.last.state.status, 'completed');
    assert.deepEqual(
      gateway.uploads.map(({ containerId, name }) => [containerId, name]),
      [[NATIVE, 'b.csv']],
    );
    assert.deepEqual(others(), [
      filesOf(routed),
      `POST /v1/containers/${encodeURIComponent(routed)}/files`,
      filesOf(routed),
    ]);
    assert.equal(containerOf(gateway.asked()[1]), NATIVE);
    assert.ok(!JSON.stringify(session.record.state).includes(routed));
  });
});

describe('files that the answer does not mention', () => {
  it('are those that the container holds after the run and did not before', async () => {
    session.attach('in.csv', '1');
    gateway.runs.push(
      inContainer('resp_1', 'cntr_1'),
      inContainer('resp_2', 'cntr_1'),
      inContainer('resp_3', 'cntr_1'),
    );
    gateway.make('cntr_1', 'first.csv');
    await session.ask('One');
    assert.deepEqual(made(), ['/mnt/data/first.csv']);
    gateway.make('cntr_1', 'second.csv');
    await session.ask('Two');
    assert.deepEqual(made(), ['/mnt/data/second.csv']);
    assert.deepEqual(
      shown().files.map(({ name }) => name),
      ['second.csv'],
    );
    assert.equal(session.last.listed.length, 3);
    await session.ask('Three');
    assert.deepEqual(made(), []);
  });

  it('are said to be missing where the container cannot be listed', async () => {
    const { answer } = gateway.server;
    gateway.server.answer = (request, response) =>
      request.url.endsWith('/files?limit=100')
        ? refusal(500, 'Not now.', { 'x-should-retry': 'false' })(response, request)
        : answer(request, response);
    gateway.runs.push(inContainer('resp_1', 'cntr_1'));
    await session.ask('One');
    assert.equal(session.last.state.status, 'completed');
    assert.deepEqual(session.last.notices, [{ kind: 'files_unlisted' }]);
    assert.equal(session.logged.length, 1);
  });
});

describe('a picture that arrives as data, as a figure and under its name', () => {
  const cited = (file_id: string, filename: string, [start_index, end_index] = [0, 0]) => ({
    type: 'container_file_citation',
    container_id: 'cntr_1',
    file_id,
    filename,
    start_index,
    end_index,
  });
  const figure = cited('cfile_1', 'cfile_1.png');
  const saved = cited('cfile_2', 'chart.png', [0, 4]);

  it('is shown once, in its step; the file under its name is there to be saved', async () => {
    gateway.make('cntr_1', 'chart.png');
    gateway.runs.push(run('resp_1', { container_id: 'cntr_1', outputs: [image, logs] }, [figure, saved]));
    await session.ask('Plot');
    const { blocks, pictures, files } = shown();
    const inSteps = blocks.flatMap((block) => (block.kind === 'step' ? block.pictures : []));
    assert.equal(inSteps.length, 1);
    assert.deepEqual(pictures, []);
    assert.ok(files.some(({ name }) => name === 'chart.png'));
    assert.ok(!files.some(({ name }) => name === 'cfile_1.png'));
    const [picture] = inSteps;
    assert.ok(picture?.source.from === 'output');
    assert.equal(
      Buffer.from((await session.record.images.get(picture.source.key))?.bytes ?? []).toString(),
      'a picture',
    );
  });

  it('is shown once under its name where the gateway does not pass on what was drawn', async () => {
    gateway.runs.push(run('resp_1', { container_id: 'cntr_1', outputs: null }, [figure, saved]));
    await session.ask('Plot');
    const { blocks, pictures } = shown();
    assert.ok(blocks.every((block) => block.kind !== 'step' || block.pictures.length === 0));
    assert.deepEqual(
      pictures.map(({ caption }) => caption),
      ['chart.png'],
    );
  });
});

/** What gateways leave out of a code call, and what is said of it. */
const LEFT_OUT: readonly (readonly [string, object, Notice['kind'] | undefined, RegExp])[] = [
  ['nothing', { container_id: 'cntr_1', outputs: [logs] }, undefined, /^$/],
  [
    'what code printed (no include)',
    { container_id: 'cntr_1', outputs: null },
    'outputs_unavailable',
    /not pass on what/,
  ],
  [
    'the container, with logs (Anthropic)',
    { container_id: '', outputs: [logs] },
    'only_logs',
    /only what the code printed/,
  ],
  [
    'the container, with a picture',
    { container_id: null, outputs: [image] },
    'files_unreachable',
    /where the code ran/,
  ],
  [
    'container and outputs (xAI)',
    { code: undefined, name: 'code_execution', arguments: '{"code":"f()"}' },
    'nothing_passed_on',
    /neither what the code printed/,
  ],
];

describe('a provider that leaves out', () => {
  for (const [what, call, kind, words] of LEFT_OUT) {
    it(`${what}: ${kind ?? 'says nothing of it'}`, async () => {
      gateway.runs.push(run('resp_1', call));
      await session.ask('Count');
      assert.deepEqual(
        session.last.notices.map((notice) => notice.kind),
        kind === undefined ? [] : [kind],
      );
      assert.match(shown().notices.join(), words);
      const [step] = session.last.state.items;
      assert.equal(step?.kind === 'code' && step.code, 'f()');
      // Nobody knows where to look for files.
      if (!('container_id' in call) || !call.container_id) assert.deepEqual(others(), []);
    });
  }
});
