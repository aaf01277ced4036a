import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatewayError } from '../../src/core/errors.ts';
import type { RunEvent } from '../../src/core/events.ts';
import { GatewayClient } from '../../src/gateway/client.ts';
import type { RunRequest } from '../../src/gateway/runs/runs.ts';
import { clientUnderTest } from '../support/clientUnderTest.ts';
import { type Answer, events, FaultServer, hangUp, json } from '../support/faultServer.ts';

const { server, client, clock, transport, key, rejectsWith } = clientUnderTest();

const request: RunRequest = {
  model: 'm',
  input: 'hi',
  containerId: undefined,
  previousResponseId: undefined,
  stream: true,
};
const created = { type: 'response.created', response: { id: 'r', status: 'in_progress' } };
const done = { type: 'response.completed', response: { id: 'r', status: 'completed', output: [] } };
const whole = events(created, done);
const refuse = (status: number, headers: Record<string, string> = {}, error: object = {}): Answer =>
  json(status, { error: { message: 'no', type: 'x', code: null, ...error } }, headers);

async function collect(more: Partial<RunRequest> = {}, signal = new AbortController().signal) {
  const collected: RunEvent[] = [];
  for await (const batch of client().run({ ...request, ...more }, signal)) collected.push(...batch);
  return collected;
}
const types = (collected: readonly RunEvent[]) => collected.map(({ type }) => type);
const posts = () => server().received.filter(({ method }) => method === 'POST').length;

describe('a run that was not taken', () => {
  it('is sent again, and says what it waits for and until when', async () => {
    server().inTurn(refuse(429, { 'retry-after': '7' }, { message: 'slow down' }), refuse(503), whole);
    const before = clock().now();
    const collected = await collect();
    assert.deepEqual(types(collected), [
      'run.waiting',
      'run.waiting',
      'response.created',
      'response.completed',
    ]);
    const [first] = collected;
    assert.ok(first?.type === 'run.waiting');
    assert.deepEqual(
      [first.attempt, first.until - before, first.error.kind, first.error.detail],
      [2, 7_000, 'rate_limited', 'slow down'],
    );
    assert.deepEqual(clock().waits, [7_000, 1_000]);
    assert.equal(posts(), 3);
  });

  it('is sent again with the same body', async () => {
    server().inTurn(refuse(500), whole);
    await collect({ input: 'ü'.repeat(10) });
    const [first, second] = server().received;
    assert.equal(second?.body, first?.body);
  });

  it('ends at once when it is stopped while it waits', async () => {
    const stop = new AbortController();
    server().always(429, { error: { message: 'no' } }, { 'retry-after': '50' });
    clock().onSleep = () => stop.abort();
    await assert.rejects(collect({}, stop.signal), { name: 'AbortError' });
    assert.equal(posts(), 1);
  });

  it('fails at once where it would have to wait for an hour, and says when to try again', async () => {
    server().always(429, { error: { message: 'no' } }, { 'retry-after': '3600' });
    const now = clock().now();
    await assert.rejects(collect(), (error: unknown) => {
      assert.ok(error instanceof GatewayError);
      assert.deepEqual([error.kind, error.toRunError().retryAt], ['rate_limited', now + 3_600_000]);
      return true;
    });
    assert.deepEqual([posts(), clock().waits], [1, []]);
  });

  it('is not sent again for a used-up quota, also where LiteLLM calls that throttling', async () => {
    server().always(429, {
      error: { message: 'You exceeded your current quota', code: 'insufficient_quota' },
    });
    await assert.rejects(collect(), rejectsWith('quota'));
    const inner = '{"error":{"message":"You exceeded your current quota","code":"insufficient_quota"}}';
    const message = `litellm.RateLimitError: RateLimitError: OpenAIException - ${inner}\n\nLiteLLM: model group 'm' failed with the error above.`;
    server().always(429, { error: { message, type: 'throttling_error', code: '429' } });
    await assert.rejects(collect(), rejectsWith('quota'));
    assert.equal(posts(), 2);
  });
});

describe('a run whose connection was lost', () => {
  it('before a byte came: is sent again while it would not go on by itself', async () => {
    server().inTurn(hangUp, whole);
    assert.deepEqual(types(await collect()), ['run.waiting', 'response.created', 'response.completed']);
    assert.equal(posts(), 2);
  });

  for (const more of [{ background: true }, { stream: false }]) {
    it(`before a byte came: is not sent again with ${JSON.stringify(more)}, for it may go on or be done`, async () => {
      server().inTurn(hangUp, whole);
      await assert.rejects(collect(more), rejectsWith('connection_lost'));
      assert.equal(posts(), 1);
    });
  }

  it('after the first byte, still within the head of the answer: is not sent again', async () => {
    server().answer = (_request, response) => {
      response.socket?.write('HTTP/1.1 200 OK\r\nconte', () => response.socket?.destroy());
    };
    await assert.rejects(collect(), rejectsWith('connection_lost'));
    assert.equal(posts(), 1);
  });

  it('after the head of the answer: is cut, and not sent again', async () => {
    server().answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.flushHeaders();
      setTimeout(() => response.destroy(), 10);
    };
    assert.deepEqual(types(await collect()), ['run.cut']);
    assert.equal(posts(), 1);
  });

  it('with nobody there: is tried five times, whatever it is', async () => {
    const gone = await FaultServer.start();
    await gone[Symbol.asyncDispose]();
    const nobody = new GatewayClient({ baseUrl: gone.url, key }, transport(), { clock: clock() });
    for (const more of [{}, { background: true }, { stream: false }]) {
      const waits: RunEvent[] = [];
      const running = async () => {
        for await (const batch of nobody.run({ ...request, ...more }, new AbortController().signal))
          waits.push(...batch);
      };
      await assert.rejects(running(), rejectsWith('connection_refused'));
      assert.equal(waits.length, 4);
    }
  });
});

describe('what only reads', () => {
  const page = { object: 'list', data: [{ id: 'm' }], has_more: false };

  it('is repeated, also where its answer broke in the middle', async () => {
    server().inTurn(
      hangUp,
      (_request, response) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('{"object":', () => response.destroy());
      },
      json(200, page),
    );
    assert.deepEqual(await client().models(), ['m']);
    assert.equal(server().received.length, 3);
  });

  it('is not repeated for long, as nobody is told', async () => {
    server().always(500, { error: { message: 'no' } });
    await assert.rejects(client().models(), rejectsWith('server'));
    assert.deepEqual(clock().waits, [500, 1_000]);
    server().received.length = 0;
    server().always(429, { error: { message: 'no' } }, { 'retry-after': '30' });
    await assert.rejects(client().models(), rejectsWith('rate_limited'));
    assert.equal(server().received.length, 1);
  });
});

describe('what adds something', () => {
  const file = { name: 'a.csv', bytes: Buffer.from('1,2') };
  const stored = { id: 'cfile_1', path: '/mnt/data/a.csv', bytes: 3, source: 'user' };

  it('is sent again whole where the server did not take it', async () => {
    server().inTurn(refuse(429), refuse(503, { 'retry-after': '1' }), json(200, stored));
    const uploaded = await client().uploadFile('c', file);
    assert.equal(uploaded.id, 'cfile_1');
    assert.equal(server().received.length, 3);
    for (const sent of server().received) assert.match(sent.body, /\r\n\r\n1,2\r\n--/);
  });

  for (const [name, answer] of [
    ['500', refuse(500)],
    ['502', refuse(502)],
    ['503 without a word of when', refuse(503)],
    ['504', refuse(504)],
    ['a lost connection', hangUp],
  ] as const) {
    it(`is not sent again after ${name}: it may be there`, async () => {
      server().inTurn(answer, json(200, stored));
      await assert.rejects(client().uploadFile('c', file));
      server().inTurn(answer, json(200, { id: 'cntr_1' }));
      await assert.rejects(client().createContainer({ name: 'n' }));
      assert.equal(server().received.length, 2);
    });
  }
});

describe('what deletes', () => {
  it('is sent again, and done where the thing is gone the second time', async () => {
    for (const remove of [() => client().deleteContainer('c'), () => client().deleteFile('c', 'f')]) {
      server().inTurn(hangUp, refuse(404));
      await remove();
      server().inTurn(refuse(404));
      await assert.rejects(remove(), rejectsWith('not_found'));
    }
  });

  it('is done also where the answer is empty', async () => {
    server().answer = (_request, response) => {
      response.statusCode = 204;
      response.end();
    };
    await client().deleteContainer('c');
  });
});
