import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { testGateway } from '../local/testGateway.ts';
import { isRecord } from '../support/json.ts';
import {
  completed,
  containerOf,
  created,
  refusal,
  ScriptedGateway,
  stream,
} from '../support/scriptedGateway.ts';
import { KEY_UNDER_TEST, SessionUnderTest } from '../support/sessionUnderTest.ts';

describe('what a session goes on from is gone', () => {
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
  const answered = (id: string, text = `Answer ${id}.`) => stream(created(id), completed(id, text));
  const attached = async () => {
    session.attach('a.csv', '1');
    gateway.runs.push(answered('resp_1'));
    await session.ask('One');
  };
  const texts = (body: Record<string, unknown> | undefined) => {
    const input = body?.['input'];
    return Array.isArray(input)
      ? input.map((turn) => (isRecord(turn) ? String(turn['content']) : ''))
      : input;
  };

  it('its container, deleted by somebody: a new one with its files, once, and that is said', async () => {
    await attached();
    gateway.runs.push(refusal(404, "Container with id 'cntr_1' not found."), answered('resp_2'));
    await session.ask('Two');
    assert.equal(session.last.state.status, 'completed');
    assert.equal(gateway.asked().length, 3);
    assert.equal(containerOf(gateway.asked()[2]), 'cntr_2');
    assert.equal(gateway.asked()[2]?.['previous_response_id'], undefined);
    assert.deepEqual(session.last.notices, [
      { kind: 'container_renewed', loss: 'gone', restored: 1, changed: [], leftOut: [] },
    ]);
  });

  it('its container stays where something else was not found once the run had begun', async () => {
    await attached();
    const error = { type: 'error', error: { message: 'File not found', code: '404' } };
    gateway.runs.push(stream(created('resp_2'), error), answered('resp_3'));
    await session.ask('Two');
    assert.deepEqual([session.last.state.status, session.last.state.error?.kind], ['failed', 'not_found']);
    assert.equal(gateway.asked().length, 2);
    await session.runner.retry(session.last.id);
    assert.equal(containerOf(gateway.asked()[2]), 'cntr_1');
  });

  it('a run that was taken is not begun a second time where it is not found any more', async () => {
    await attached();
    session.settings.background = true;
    session.settings.streaming = false;
    gateway.runs.push((response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ id: 'resp_2', object: 'response', status: 'queued', output: [] }));
    });
    await session.ask('Two');
    assert.deepEqual([session.last.state.status, session.last.state.error?.kind], ['cut', 'not_found']);
    assert.equal(gateway.asked().length, 2);
  });

  it('the answers before, at a service that keeps none: told along in the same container from then on', async () => {
    await attached();
    const none = 'Previous response cannot be used for this organization due to Zero Data Retention.';
    gateway.runs.push(refusal(400, none), answered('resp_2'), answered('resp_3'));
    await session.ask('Two');
    const [, refused, again] = gateway.asked();
    assert.equal(refused?.['previous_response_id'], 'resp_1');
    assert.deepEqual([again?.['previous_response_id'], containerOf(again)], [undefined, 'cntr_1']);
    const file = 'Attached files:\n- a.csv: /mnt/data/cntr_1-a.csv';
    assert.deepEqual(texts(again), ['One', 'Answer resp_1.', `Two\n\n${file}`]);
    assert.deepEqual(session.last.notices, [{ kind: 'answers_retold' }]);
    await session.ask('Three');
    assert.equal(gateway.asked().length, 4);
    assert.deepEqual(texts(gateway.asked()[3]), [
      ...['One', 'Answer resp_1.', 'Two', 'Answer resp_2.'],
      `Three\n\n${file}`,
    ]);
    assert.deepEqual(session.last.notices, []);
    assert.equal(gateway.uploads.length, 1);
  });

  it('the answers before, told in the stream: healed where that is all it says', async () => {
    await attached();
    const error = { type: 'error', error: { message: 'x', code: 'previous_response_not_found' } };
    gateway.runs.push(stream(error), answered('resp_2'));
    await session.ask('Two');
    assert.equal(session.last.state.status, 'completed');
    assert.equal(gateway.asked().length, 3);
  });

  it('nothing that it had: the refusal stands, and nothing is sent again', async () => {
    gateway.runs.push(refusal(404, 'Response not found.'));
    await session.ask('One');
    assert.deepEqual([session.last.state.status, gateway.asked().length], ['failed', 1]);
  });
});

it('a container that was deleted at the local gateway is replaced', async () => {
  await using local = await testGateway({ key: KEY_UNDER_TEST });
  await using session = new SessionUnderTest(local.url, 'built-in');
  await session.ask('```python\nprint(1)\n```');
  const { container } = session.record.state;
  assert.ok(container);
  const { status } = await fetch(`${local.url}/v1/containers/${container.id}`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${KEY_UNDER_TEST}` },
  });
  assert.equal(status, 200);
  await session.ask('```python\nprint(2)\n```');
  assert.equal(session.last.state.status, 'completed');
  assert.notEqual(session.record.state.container?.id, container.id);
  assert.deepEqual(session.notice('container_renewed'), {
    kind: 'container_renewed',
    loss: 'gone',
    restored: 0,
    changed: [],
    leftOut: [],
  });
});
