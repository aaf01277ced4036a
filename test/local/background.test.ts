import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import OpenAI from 'openai';
import { headers, openSocket } from './rawSocket.ts';
import { at, type Json, KEY, parseEvents, testGateway } from './testGateway.ts';

const CHART = 'Generate a bar chart of sales by quarter and save as PNG';
const ENDLESS = 'print("first")\nwhile True: pass';
const BACKGROUND = { background: true, stream: true };

type Gateway = Awaited<ReturnType<typeof testGateway>>;

async function resume(gateway: Gateway, id: unknown, query: string): Promise<readonly Json[]> {
  const answer = await fetch(`${gateway.url}/v1/responses/${id}?stream=true${query}`, {
    headers: { authorization: `Bearer ${KEY}` },
  });
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  assert.equal(answer.headers.get('content-type'), 'text/event-stream; charset=utf-8');
  return parseEvents(text);
}

/** Begins a run in the background and leaves its stream at the first event. */
async function begin(gateway: Gateway, input: string): Promise<string> {
  const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: KEY, maxRetries: 0 });
  const tools = [{ type: 'code_interpreter' as const, container: { type: 'auto' as const } }];
  const stream = await client.responses.create({
    model: 'built-in',
    input,
    tools,
    ...BACKGROUND,
    stream: true,
  });
  for await (const event of stream) if (event.type === 'response.created') return event.response.id;
  throw new Error('The stream had no beginning.');
}

async function statusOf(gateway: Gateway, id: unknown, wanted: string): Promise<Json> {
  for (let tries = 0; tries < 100; tries++) {
    const { body } = await gateway.ask('GET', `/v1/responses/${id}`);
    if (body['status'] === wanted) return body;
    await wait(10);
  }
  throw new Error(`It did not become ${wanted}.`);
}

const numbers = (events: readonly Json[]) => events.map((event) => Number(event['sequence_number']));
const errorOf = (body: Json) => String(at(body, 'error', 'message'));

suite('a run in the background', () => {
  test('is answered at once, goes on without its client, and can be looked at', async () => {
    await using gateway = await testGateway();
    const begun = await gateway.run(CHART, { background: true });
    assert.equal(begun['status'], 'queued');
    const done = await statusOf(gateway, begun['id'], 'completed');
    assert.equal(at(done, 'output', 0, 'type'), 'code_interpreter_call');
    assert.equal(done['background'], true);
  });

  test('goes on where its stream is left, and is resumed from any event, while it runs and after', async () => {
    await using gateway = await testGateway();
    const id = await begin(gateway, CHART);
    const all = await resume(gateway, id, '');
    assert.deepEqual(
      numbers(all),
      all.map((_, at) => at),
    );
    assert.deepEqual(
      all.slice(0, 3).map((event) => event['type']),
      ['response.created', 'response.queued', 'response.in_progress'],
    );
    assert.equal(at(all, 0, 'response', 'status'), 'queued');
    assert.equal(all.at(-1)?.['type'], 'response.completed');
    for (const after of [0, 1, 7, all.length - 2]) {
      assert.deepEqual(await resume(gateway, id, `&starting_after=${after}`), all.slice(after + 1));
    }
    for (const after of [all.length - 1, all.length, 1_000_000]) {
      assert.deepEqual(await resume(gateway, id, `&starting_after=${after}`), []);
    }
  });

  test('is read by two at once, each at its own pace, and by one that begins beyond its end', async () => {
    await using gateway = await testGateway();
    const id = await begin(gateway, ENDLESS);
    await statusOf(gateway, id, 'in_progress');
    const readers = [
      resume(gateway, id, ''),
      resume(gateway, id, '&starting_after=5'),
      resume(gateway, id, '&starting_after=1000'),
    ];
    await gateway.ask('POST', `/v1/responses/${id}/cancel`);
    const [all = [], some = [], none = []] = await Promise.all(readers);
    assert.deepEqual(numbers(some), numbers(all).slice(6));
    assert.deepEqual(none, []);
    assert.deepEqual(all.at(-1), some.at(-1));
  });

  test('does not mind readers that go away or do not read', async () => {
    await using gateway = await testGateway({ serverLimits: { stallTimeout: 200 } });
    const id = await begin(gateway, ENDLESS);
    const sockets = Array.from({ length: 20 }, () => openSocket(gateway));
    for (const socket of sockets) {
      socket.pause();
      socket.write(`GET /v1/responses/${id}?stream=true HTTP/1.1\r\n${headers(gateway)}\r\n`);
    }
    await wait(50);
    for (const socket of sockets) socket.destroy();
    await gateway.ask('POST', `/v1/responses/${id}/cancel`);
    assert.ok((await resume(gateway, id, '')).length > 5);
  });

  test('is cancelled, once or twice: nothing of it is shown, and its stream ends as failed', async () => {
    await using gateway = await testGateway();
    const id = await begin(gateway, ENDLESS);
    for (let times = 0; times < 2; times++) {
      const { status, body } = await gateway.ask('POST', `/v1/responses/${id}/cancel`);
      assert.equal(status, 200);
      assert.deepEqual([body['status'], body['output'], body['error']], ['cancelled', [], null]);
      assert.equal(body['completed_at'], null);
    }
    const last = (await resume(gateway, id, '')).at(-1);
    assert.equal(last?.['type'], 'response.failed');
    assert.equal(at(last, 'response', 'status'), 'cancelled');
  });

  test('cannot be cancelled when it has ended, nor one that is not in the background', async () => {
    await using gateway = await testGateway();
    const { id } = await gateway.run('print("x")', { background: true });
    await statusOf(gateway, id, 'completed');
    const late = await gateway.ask('POST', `/v1/responses/${id}/cancel`);
    assert.deepEqual([late.status, errorOf(late.body)], [400, 'Cannot cancel a completed response.']);
    const plain = await gateway.run('print("x")');
    const sync = await gateway.ask('POST', `/v1/responses/${plain['id']}/cancel`);
    assert.deepEqual([sync.status, errorOf(sync.body)], [400, 'Cannot cancel a synchronous response.']);
  });

  test('is deleted when it has ended, not before', async () => {
    await using gateway = await testGateway();
    const { id } = await gateway.run(ENDLESS, { background: true });
    const early = await gateway.ask('DELETE', `/v1/responses/${id}`);
    assert.deepEqual([early.status, errorOf(early.body)], [400, 'Cannot delete an in-flight response.']);
    await gateway.ask('POST', `/v1/responses/${id}/cancel`);
    assert.equal((await gateway.ask('DELETE', `/v1/responses/${id}`)).status, 200);
    assert.equal((await gateway.ask('GET', `/v1/responses/${id}`)).status, 404);
  });
});

suite('a stream that cannot be had again', () => {
  test('of a run that is not in the background, or was not streamed', async () => {
    await using gateway = await testGateway();
    const cases = [
      [{ stream: false }, /because it was not created with background=true\.$/],
      [{ background: true }, /because it was not created with stream=true\.$/],
    ] as const;
    for (const [more, message] of cases) {
      const { id } = await gateway.run('print("x")', more);
      const { status, body } = await gateway.ask('GET', `/v1/responses/${id}?stream=true`);
      assert.equal(status, 400);
      assert.match(errorOf(body), message);
      assert.deepEqual(
        [at(body, 'error', 'param'), at(body, 'error', 'code')],
        ['stream', 'invalid_request_error'],
      );
    }
  });

  test('of a run that ended more than five minutes ago; the response is still there', async () => {
    await using gateway = await testGateway();
    const events = await gateway.stream('print("x")', BACKGROUND);
    const id = at(events, 0, 'response', 'id');
    gateway.skip(4 * 60_000);
    assert.equal((await resume(gateway, id, '')).length, events.length);
    gateway.skip(2 * 60_000);
    const { status, body } = await gateway.ask('GET', `/v1/responses/${id}?stream=true`);
    assert.deepEqual(
      [status, /no longer be streamed because it is more than 5 minutes old/.test(errorOf(body))],
      [400, true],
    );
    assert.equal((await gateway.ask('GET', `/v1/responses/${id}`)).status, 200);
  });

  test('after an event that is no number', async () => {
    await using gateway = await testGateway();
    const id = at(await gateway.stream('print("x")', BACKGROUND), 0, 'response', 'id');
    for (const after of ['x', '1.5', '1e3', '', '0x1']) {
      const { body } = await gateway.ask('GET', `/v1/responses/${id}?stream=true&starting_after=${after}`);
      assert.match(errorOf(body), /^Invalid type for 'starting_after': expected an integer/);
    }
  });
});

suite('responses that are not in the background', () => {
  test('are not found while their client waits for them, and stopped when it goes away', async () => {
    await using gateway = await testGateway();
    const leaving = new AbortController();
    const answer = await fetch(`${gateway.url}/v1/responses`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        model: 'built-in',
        input: ENDLESS,
        tools: [{ type: 'code_interpreter', container: { type: 'auto' } }],
        stream: true,
      }),
      signal: leaving.signal,
    });
    const reader = answer.body?.getReader();
    const first = Buffer.from((await reader?.read())?.value ?? []).toString();
    const id = /"id":"(resp_\w+)"/.exec(first)?.[1];
    assert.ok(id);
    assert.equal((await gateway.ask('GET', `/v1/responses/${id}`)).status, 404);
    assert.equal((await gateway.ask('POST', `/v1/responses/${id}/cancel`)).status, 404);
    leaving.abort();
    assert.deepEqual((await statusOf(gateway, id, 'cancelled'))['output'], []);
  });

  test('too many at once are refused with 429 and when to ask again', async () => {
    await using gateway = await testGateway();
    const { body: container } = await gateway.ask('POST', '/v1/containers', { name: 'busy' });
    const tools = [{ type: 'code_interpreter', container: container['id'] }];
    const more = await Promise.all(
      Array.from({ length: 70 }, () => gateway.run(ENDLESS, { background: true, tools })),
    );
    const refused = more.filter((response) => response['error'] && response['id'] === undefined);
    assert.equal(refused.length, 70 - 64);
    assert.equal(at(refused, 0, 'error', 'code'), 'rate_limit_exceeded');
    const answer = await fetch(`${gateway.url}/v1/responses`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'built-in', input: 'x' }),
    });
    assert.deepEqual([answer.status, answer.headers.get('retry-after')], [429, '2']);
  });
});
