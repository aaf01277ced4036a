import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { canResume } from '../../src/core/session.ts';
import {
  completed,
  created,
  EXPIRED,
  refusal,
  ScriptedGateway,
  sse,
  stream,
} from '../support/scriptedGateway.ts';
import { SessionUnderTest } from '../support/sessionUnderTest.ts';

describe('a session that was stored and read again', () => {
  let gateway: ScriptedGateway;
  let before: SessionUnderTest;
  let after: SessionUnderTest;
  beforeEach(async () => {
    gateway = await ScriptedGateway.start();
    before = new SessionUnderTest(gateway.server.url);
  });
  afterEach(async () => {
    await before[Symbol.asyncDispose]();
    await after[Symbol.asyncDispose]();
    await gateway[Symbol.asyncDispose]();
  });

  const answered = (id: string, text = `Answer ${id}.`) => stream(created(id), completed(id, text));
  /** Closes the window, and opens the session in another. */
  function reopen(): void {
    before.runner.leave();
    after = new SessionUnderTest(gateway.server.url, 'm', before.reopened());
    for (const [uri, bytes] of before.sources) after.sources.set(uri, bytes);
  }

  it('goes on in its chain and container, and uploads nothing again', async () => {
    gateway.runs.push(answered('resp_1'), answered('resp_2'));
    before.attach('sales.csv', 'a,b', 'file:///sales.csv');
    await before.ask('How many rows?');
    reopen();
    after.attach('sales.csv', 'a,b', 'file:///sales.csv');
    await after.ask('And columns?');
    assert.equal(after.last.state.status, 'completed');
    const request = gateway.asked().at(-1);
    assert.equal(request?.['previous_response_id'], 'resp_1');
    assert.equal(gateway.uploads.length, 1);
    assert.match(JSON.stringify(request?.['input']), /cntr_1-sales\.csv/);
  });

  it('heals where its container is gone by then: from the source, and from the copy of what has none', async () => {
    gateway.runs.push(answered('resp_1'), refusal(400, EXPIRED), answered('resp_2'));
    before.attach('sales.csv', 'a,b', 'file:///sales.csv');
    before.attach('pasted.txt', 'pasted');
    before.attach('changed.csv', 'old', 'file:///changed.csv');
    await before.ask('How many rows?');
    reopen();
    after.sources.set('file:///changed.csv', Buffer.from('new'));
    gateway.expire('cntr_1');
    await after.ask('And columns?');
    assert.equal(after.answer, 'Answer resp_2.');
    assert.deepEqual(
      gateway.uploads.slice(3).map(({ name, bytes }) => [name, bytes]),
      [
        ['sales.csv', 'a,b'],
        ['pasted.txt', 'pasted'],
      ],
    );
    const notice = after.notice('container_renewed');
    assert.ok(notice?.kind === 'container_renewed');
    assert.deepEqual([notice.restored, notice.changed, notice.leftOut], [2, [], ['changed.csv']]);
  });

  it('sends again what a run had sent', async () => {
    gateway.runs.push(answered('resp_1'), answered('resp_2'));
    await before.runner.ask('Run x.py', { input: 'print(1)', forceCode: true });
    reopen();
    await after.runner.retry(after.last.id);
    const [first, second] = gateway.asked();
    assert.deepEqual(second?.['input'], first?.['input']);
    assert.deepEqual(second?.['tool_choice'], first?.['tool_choice']);
    assert.equal(after.last.prompt, 'Run x.py');
  });

  it('shows a run that was under way as cut, has not stopped it, and resumes it', async () => {
    before.settings.background = true;
    gateway.runs.push((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(
        sse(created('resp_1'), { type: 'response.output_text.delta', output_index: 0, delta: 'Half' }),
      );
    });
    const asking = before.ask('Think long');
    await before.until('half of the answer', ({ state }) => state.items.length > 0);
    reopen();
    await asking;
    assert.equal(before.last.state.status, 'in_progress');
    assert.deepEqual(gateway.sent('POST', '/responses/resp_1/cancel'), []);
    assert.equal(after.last.state.status, 'cut');
    assert.equal(after.last.state.error?.kind, 'window_closed');
    assert.ok(canResume(after.last));
    gateway.onResponse = stream(completed('resp_1', 'Half and whole.'));
    await after.runner.resume(after.last.id);
    assert.equal(after.answer, 'Half and whole.');
    assert.equal(gateway.asked().length, 1);
  });

  it('shows a run of which the gateway had said nothing as failed: it can be tried again', async () => {
    gateway.runs.push((response) =>
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders(),
    );
    const asking = before.ask('Hello?');
    await before.until('the request', () => gateway.asked().length === 1);
    reopen();
    await asking;
    assert.equal(after.last.state.status, 'failed');
    gateway.runs.push(answered('resp_2'));
    await after.runner.retry(after.last.id);
    assert.equal(after.answer, 'Answer resp_2.');
  });

  it('keeps its pictures', async () => {
    const url = `data:image/png;base64,${Buffer.from('a picture').toString('base64')}`;
    const outputs = [{ type: 'image', url }];
    const item = {
      type: 'code_interpreter_call',
      id: 'c',
      status: 'completed',
      code: 'x',
      container_id: 'cntr_9',
      outputs,
    };
    gateway.runs.push(
      stream(created('resp_1'), {
        type: 'response.completed',
        response: { id: 'resp_1', status: 'completed', model: 'm', output: [item] },
      }),
    );
    await before.ask('Draw');
    reopen();
    const [step] = after.last.state.items;
    const drawn = step?.kind === 'code' ? step.outputs?.[0] : undefined;
    assert.ok(drawn?.type === 'image');
    assert.deepEqual(await after.record.images.get(drawn.url), {
      mime: 'image/png',
      bytes: Buffer.from('a picture'),
    });
  });
});
