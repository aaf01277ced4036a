import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { waitFor } from '../support/processes.ts';
import { completed, created, refusal, ScriptedGateway, sse, stream } from '../support/scriptedGateway.ts';
import { SessionUnderTest } from '../support/sessionUnderTest.ts';

const item = { type: 'code_interpreter_call', id: 'ci', container_id: 'cntr_x', code: '', outputs: null };
const numbered = (...events: readonly object[]) =>
  events.map((event, sequence_number) => ({ ...event, sequence_number }));
const begun = numbered(
  created('resp_1'),
  { type: 'response.output_item.added', output_index: 0, item },
  { type: 'response.code_interpreter_call_code.delta', output_index: 0, delta: 'x = ' },
);
const rest = [
  { type: 'response.code_interpreter_call_code.delta', output_index: 0, delta: '1', sequence_number: 3 },
  {
    type: 'response.output_item.done',
    output_index: 0,
    item: { ...item, code: 'x = 1', status: 'completed', outputs: [{ type: 'logs', logs: '' }] },
    sequence_number: 4,
  },
  { type: 'response.output_text.delta', output_index: 1, delta: 'Done.', sequence_number: 5 },
  { type: 'response.completed', response: { id: 'resp_1', status: 'completed' }, sequence_number: 6 },
];

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

const code = () => session.last.state.items.flatMap((one) => (one.kind === 'code' ? one.code : []));
const status = () => session.last.state.status;

/** The latest run, cut after some of its code. */
async function cut(): Promise<void> {
  gateway.runs.push(stream(...begun));
  await session.ask('Set x');
  assert.equal(status(), 'cut');
  assert.deepEqual(code(), ['x = ']);
}

describe('a cut run', () => {
  it('goes on where it broke when it is resumed, in its own place and without a second request', async () => {
    await cut();
    gateway.onResponse = stream(...rest);
    await session.runner.resume(session.last.id);
    assert.equal(status(), 'completed');
    assert.deepEqual(code(), ['x = 1']);
    assert.equal(session.answer, 'Done.');
    assert.equal(session.record.state.runs.length, 1);
    assert.equal(gateway.sent('POST', '/responses').length, 1);
    assert.match(gateway.sent('GET', '/responses')[0]?.url ?? '', /resp_1\?.*starting_after=2\b/);
  });

  it('is told as it ended where the gateway cannot stream what is left', async () => {
    await cut();
    gateway.onResponse = (response, request) => {
      if (request.url.includes('stream=true')) refusal(400, 'Not a background response.')(response, request);
      else {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(completed('resp_1', 'All of it.').response));
      }
    };
    await session.runner.resume(session.last.id);
    assert.equal(status(), 'completed');
    assert.equal(session.answer, 'All of it.');
  });

  it('stays cut where the gateway has forgotten it, and is not asked for again', async () => {
    await cut();
    await session.runner.resume(session.last.id);
    assert.equal(status(), 'cut');
    assert.deepEqual(code(), ['x = ']);
    assert.ok(session.notice('end_unknown'));
    const asked = gateway.server.received.length;
    await session.runner.resume(session.last.id);
    assert.equal(gateway.server.received.length, asked);
  });

  it('stays cut, and can be asked for again, where it breaks again or the key is refused', async () => {
    await cut();
    gateway.onResponse = refusal(401, 'Incorrect API key provided.');
    await session.runner.resume(session.last.id);
    assert.equal(status(), 'cut');
    assert.equal(session.last.state.error?.kind, 'key_rejected');
    assert.equal(session.notice('end_unknown'), undefined);
    gateway.onResponse = stream(...rest);
    await session.runner.resume(session.last.id);
    assert.equal(status(), 'completed');
  });

  it('is cut still when the person stops asking: the run itself was not stopped', async () => {
    await cut();
    let asked = false;
    gateway.onResponse = () => {
      asked = true;
    };
    const resumed = session.runner.resume(session.last.id);
    await waitFor(() => asked, { what: 'the question' });
    assert.equal(status(), 'in_progress');
    session.runner.stop();
    await resumed;
    assert.equal(status(), 'cut');
    assert.deepEqual(gateway.sent('POST', '/responses/'), []);
  });

  it('is asked anew, with a run of its own, when it is retried', async () => {
    await cut();
    gateway.runs.push(stream(created('resp_2'), completed('resp_2', 'Again.')));
    await session.runner.retry(session.last.id);
    assert.equal(session.answer, 'Again.');
    assert.equal(session.record.state.runs.length, 2);
    assert.deepEqual(
      gateway.asked().map((body) => body['input']),
      ['Set x', 'Set x'],
    );
  });
});

describe('a run in the background', () => {
  const open: ServerResponse[] = [];
  const unended = (events: readonly object[]) => (response: ServerResponse) => {
    open.push(response);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(sse(...events));
  };
  beforeEach(() => {
    session.settings.background = true;
  });

  it('is asked for as one, and ended at the gateway when it is stopped', async () => {
    gateway.runs.push(unended(begun));
    gateway.onResponse = (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ id: 'resp_1', object: 'response', status: 'cancelled', output: [] }));
    };
    const asked = session.ask('Set x');
    await session.until('code', () => code()[0] === 'x = ');
    session.runner.stop();
    await asked;
    assert.equal(status(), 'cancelled');
    assert.equal(gateway.asked()[0]?.['background'], true);
    assert.deepEqual(
      gateway.sent('POST', '/responses/').map(({ url }) => url),
      ['/v1/responses/resp_1/cancel'],
    );
    assert.deepEqual(session.last.notices, []);
  });

  it('says so where the gateway could not be told to end it', async () => {
    gateway.runs.push(unended(begun));
    const asked = session.ask('Set x');
    await session.until('code', () => code()[0] === 'x = ');
    session.runner.stop();
    await asked;
    assert.equal(status(), 'cancelled');
    assert.ok(session.notice('not_cancelled'));
  });

  it('says so too where it was stopped before it had a name', async () => {
    let posted = false;
    gateway.runs.push(() => {
      posted = true;
    });
    const asked = session.ask('Set x');
    await waitFor(() => posted, { what: 'the request' });
    session.runner.stop();
    await asked;
    assert.ok(session.notice('not_cancelled'));
  });

  it('was begun as what the setting then said: a change counts from the next run on', async () => {
    session.settings.background = false;
    gateway.runs.push(unended(begun));
    const asked = session.ask('Set x');
    await session.until('code', () => code()[0] === 'x = ');
    session.settings.background = true;
    session.runner.stop();
    await asked;
    assert.deepEqual(gateway.sent('POST', '/responses/'), []);
    assert.deepEqual(session.last.notices, []);
  });
});

describe('a run whose end was told', () => {
  it('is over though the gateway leaves its connection open, which is closed', async () => {
    gateway.runs.push((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(sse(created('resp_1'), completed('resp_1', 'Here.')));
    });
    await session.ask('Hello');
    assert.deepEqual([status(), session.answer], ['completed', 'Here.']);
    await waitFor(() => gateway.server.aborted === 1, { what: 'the end of the connection' });
  });
});

describe('a wait before the request is sent again', () => {
  it('is in the record while it lasts, and over with the answer', async () => {
    gateway.runs.push(
      refusal(503, 'Overloaded', { 'retry-after-ms': '50' }),
      stream(created('resp_1'), completed('resp_1', 'Here.')),
    );
    await session.ask('Hello');
    assert.equal(session.answer, 'Here.');
    assert.equal(session.last.state.waiting, undefined);
    const waits = session.events.flatMap((event) =>
      event.type === 'run.event' && event.event.type === 'run.waiting' ? [event.event] : [],
    );
    assert.deepEqual(
      waits.map(({ attempt, error }) => [attempt, error.kind]),
      [[2, 'server']],
    );
    assert.equal(session.record.state.runs.length, 1);
  });

  it('ends at once when it is stopped, and nothing is sent any more', async () => {
    gateway.runs.push(refusal(503, 'Overloaded', { 'retry-after': '30' }));
    const asked = session.ask('Hello');
    await session.until('the wait', (run) => run.state.waiting !== undefined);
    const stopped = Date.now();
    session.runner.stop();
    await asked;
    assert.ok(Date.now() - stopped < 5_000);
    assert.equal(status(), 'cancelled');
    assert.equal(gateway.asked().length, 1);
  });
});
