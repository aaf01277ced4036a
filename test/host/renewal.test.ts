import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { isRecord } from '../support/json.ts';
import {
  completed,
  containerOf,
  created,
  EXPIRED,
  refusal,
  ScriptedGateway,
  stream,
} from '../support/scriptedGateway.ts';
import { SessionUnderTest } from '../support/sessionUnderTest.ts';

describe('a container that expires under a session', () => {
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

  /** A session that has sent sales.csv and had an answer; its container is gone. */
  async function begun(): Promise<void> {
    gateway.runs.push(answered('resp_1', 'There are 3 rows.'));
    session.attach('sales.csv', 'a,b\n1,2\n', 'file:///sales.csv');
    await session.ask('How many rows?');
    assert.equal(session.last.state.status, 'completed');
    gateway.expire('cntr_1');
  }

  it('is replaced once: inputs uploaded again, chain left, the conversation told, one new request', async () => {
    await begun();
    gateway.runs.push(refusal(400, EXPIRED), answered('resp_2'));
    await session.ask('And columns?');

    assert.equal(session.last.state.status, 'completed');
    assert.equal(session.answer, 'Answer resp_2.');
    assert.deepEqual(gateway.uploads, [
      { containerId: 'cntr_1', name: 'sales.csv', bytes: 'a,b\n1,2\n' },
      { containerId: 'cntr_2', name: 'sales.csv', bytes: 'a,b\n1,2\n' },
    ]);
    const [, refused, again, ...more] = gateway.asked();
    assert.deepEqual(more, []);
    assert.equal(refused?.['previous_response_id'], 'resp_1');
    assert.equal(again?.['previous_response_id'], undefined);
    assert.deepEqual(containerOf(again), 'cntr_2');
    const input = again?.['input'];
    assert.ok(Array.isArray(input));
    const texts = input.map((item) => (isRecord(item) ? [item['role'], item['content']] : item));
    assert.deepEqual(texts.slice(0, 2), [
      ['user', 'How many rows?'],
      ['assistant', 'There are 3 rows.'],
    ]);
    assert.match(String(texts[2]), /container that was used above is gone/);
    assert.deepEqual(texts.slice(3), [
      ['user', 'And columns?\n\nAttached files:\n- sales.csv: /mnt/data/cntr_2-sales.csv'],
    ]);
    assert.deepEqual(session.last.notices, [
      { kind: 'container_renewed', loss: 'expired', restored: 1, changed: [], leftOut: [] },
    ]);
    assert.equal(session.record.state.container?.id, 'cntr_2');
  });

  it('goes on in the new container afterwards, with nothing told or uploaded twice', async () => {
    await begun();
    gateway.runs.push(refusal(400, EXPIRED), answered('resp_2'), answered('resp_3'));
    await session.ask('And columns?');
    await session.ask('Thanks');
    const last = gateway.asked().at(-1);
    assert.equal(last?.['previous_response_id'], 'resp_2');
    assert.equal(last?.['input'], 'Thanks');
    assert.equal(containerOf(last), 'cntr_2');
    assert.equal(gateway.uploads.length, 2);
    assert.deepEqual(session.last.notices, []);
  });

  it('is noticed at the upload of an attachment too, before anything is asked', async () => {
    await begun();
    gateway.runs.push(answered('resp_2'));
    session.attach('new.csv', 'c\n');
    await session.ask('Compare them');
    assert.deepEqual(
      gateway.uploads.map(({ containerId, name }) => `${containerId} ${name}`),
      ['cntr_1 sales.csv', 'cntr_2 sales.csv', 'cntr_2 new.csv'],
    );
    assert.equal(gateway.asked().length, 2);
    assert.match(JSON.stringify(gateway.asked()[1]), /cntr_2-sales\.csv[\s\S]*cntr_2-new\.csv/);
    assert.equal(session.last.state.status, 'completed');
    assert.deepEqual(session.record.state.attachments, []);
  });

  it('fails plainly where the new request fails as well: no third one', async () => {
    await begun();
    gateway.runs.push(refusal(400, EXPIRED), refusal(400, EXPIRED), answered('resp_2'));
    await session.ask('And columns?');
    assert.equal(session.last.state.status, 'failed');
    assert.equal(session.last.state.error?.kind, 'container_expired');
    assert.equal(gateway.asked().length, 3);
    // The person's own next try begins in a container of its own.
    await session.runner.retry(session.last.id);
    assert.equal(session.last.state.status, 'completed');
    assert.equal(gateway.asked().length, 4);
    assert.equal(containerOf(gateway.asked()[3]), 'cntr_3');
  });

  it('is told in the stream: healed where that is all it says, not once the run has begun', async () => {
    await begun();
    const error = { type: 'error', error: { message: EXPIRED, type: 'invalid_request_error' } };
    gateway.runs.push(
      stream(error),
      answered('resp_2'),
      stream(created('resp_3'), error),
      answered('resp_4'),
    );
    await session.ask('And columns?');
    assert.equal(session.last.state.status, 'completed');
    gateway.expire('cntr_2');
    await session.ask('And more?');
    assert.equal(session.last.state.status, 'failed');
    assert.equal(gateway.asked().length, 4);
    await session.runner.retry(session.last.id);
    assert.equal(session.last.state.status, 'completed');
    assert.deepEqual(session.notice('container_renewed'), {
      kind: 'container_renewed',
      loss: 'expired',
      restored: 1,
      changed: [],
      leftOut: [],
    });
  });

  it('needs none of its own where nothing was uploaded: the provider makes one', async () => {
    gateway.runs.push(answered('resp_1'), refusal(400, EXPIRED), answered('resp_2'));
    await session.ask('Plot');
    await session.ask('Again');
    assert.equal(session.last.state.status, 'completed');
    assert.deepEqual(containerOf(gateway.asked()[2]), { type: 'auto' });
    assert.equal(gateway.asked()[2]?.['previous_response_id'], undefined);
    assert.deepEqual(gateway.sent('POST', '/containers'), []);
  });

  it('is an error where there was none to replace', async () => {
    gateway.runs.push(refusal(400, EXPIRED));
    await session.ask('How many rows?');
    assert.equal(session.last.state.status, 'failed');
    assert.equal(gateway.asked().length, 1);
  });

  it('leaves another error alone', async () => {
    await begun();
    gateway.runs.push(refusal(401, 'Incorrect API key provided.'));
    await session.ask('And columns?');
    assert.equal(session.last.state.error?.kind, 'key_rejected');
    assert.equal(gateway.uploads.length, 1);
  });

  it('gives back what was sent where its source is another now, and says so', async () => {
    await begun();
    session.sources.set('file:///sales.csv', Buffer.from('x,y\n3,4\n'));
    gateway.runs.push(refusal(400, EXPIRED), answered('resp_2'));
    await session.ask('And columns?');
    assert.equal(gateway.uploads.at(-1)?.bytes, 'a,b\n1,2\n');
    assert.deepEqual(session.notice('container_renewed'), {
      kind: 'container_renewed',
      loss: 'expired',
      restored: 1,
      changed: ['sales.csv'],
      leftOut: [],
    });
  });

  it('leaves out what changed and was too large to keep, and says so', async () => {
    const large = 'x'.repeat(33 * 1024 * 1024);
    gateway.runs.push(answered('resp_1'), refusal(400, EXPIRED), answered('resp_2'));
    session.attach('large.csv', large, 'file:///large.csv');
    session.attach('pasted.txt', 'kept');
    await session.ask('How many rows?');
    gateway.expire('cntr_1');
    session.sources.delete('file:///large.csv');
    await session.ask('And columns?');
    assert.equal(session.last.state.status, 'completed');
    assert.deepEqual(
      gateway.uploads.map(({ containerId, name }) => `${containerId} ${name}`),
      ['cntr_1 large.csv', 'cntr_1 pasted.txt', 'cntr_2 pasted.txt'],
    );
    assert.deepEqual(session.notice('container_renewed'), {
      kind: 'container_renewed',
      loss: 'expired',
      restored: 1,
      changed: [],
      leftOut: ['large.csv'],
    });
  });

  it('keeps its attachments waiting where the new container cannot be had', async () => {
    await begun();
    session.attach('new.csv', 'c\n');
    const { answer } = gateway.server;
    gateway.server.answer = (request, response) =>
      request.method === 'POST' && request.url === '/v1/containers'
        ? refusal(403, 'No more containers for you.')(response, request)
        : answer(request, response);
    await session.ask('Compare them');
    assert.equal(session.last.state.status, 'failed');
    assert.deepEqual(
      session.record.state.attachments.map(({ name }) => name),
      ['new.csv'],
    );
    // Once it can be had, nothing is missing.
    gateway.server.answer = answer;
    gateway.runs.push(answered('resp_2'));
    await session.runner.retry(session.last.id);
    assert.equal(session.last.state.status, 'completed');
    assert.deepEqual(
      gateway.uploads.slice(1).map(({ containerId, name }) => `${containerId} ${name}`),
      ['cntr_2 sales.csv', 'cntr_2 new.csv'],
    );
  });
});
