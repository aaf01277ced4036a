import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RunEvent } from '../../src/core/events.ts';
import { reduceRun } from '../../src/core/run.ts';
import { initialRun, type RunState } from '../../src/core/runState.ts';
import type { RunRequest } from '../../src/gateway/runs/runs.ts';
import { clientUnderTest } from '../support/clientUnderTest.ts';
import { type Answer, events, hangUp, json } from '../support/faultServer.ts';

const { server, client, clock, rejectsWith } = clientUnderTest();

const request: RunRequest = {
  model: 'm',
  input: 'hi',
  containerId: undefined,
  previousResponseId: undefined,
  stream: true,
  background: true,
};
const text = (number: number, delta: string) => ({
  type: 'response.output_text.delta',
  sequence_number: number,
  output_index: 0,
  delta,
});
const created = {
  type: 'response.created',
  sequence_number: 0,
  response: { id: 'resp/1', status: 'queued' },
};
const message = { type: 'message', id: 'm', status: 'completed' };
const output = [{ ...message, content: [{ type: 'output_text', text: 'one two three' }] }];
const done = {
  type: 'response.completed',
  sequence_number: 9,
  response: { id: 'resp/1', status: 'completed', output },
};
const response = (status: string, more: object = {}): Answer =>
  json(200, { id: 'resp/1', object: 'response', status, output: [], ...more });
const refuse = (status: number, message = 'no'): Answer => json(status, { error: { message } });

async function resumed(from: RunState = initialRun, signal = new AbortController().signal) {
  let state = reduceRun(from, { type: 'run.resumed' }, 1);
  const told: RunEvent[] = [];
  const after = from.lastSequence;
  const options = after === undefined ? {} : { startingAfter: after };
  for await (const batch of client().resume('resp/1', options, signal)) {
    for (const event of batch) state = reduceRun(state, event, 2);
    told.push(...batch);
  }
  return { state, types: told.map(({ type }) => type) };
}

async function cutRun(...answers: readonly Answer[]): Promise<RunState> {
  server().inTurn(...answers);
  let state = initialRun;
  for await (const batch of client().run(request, new AbortController().signal)) {
    for (const event of batch) state = reduceRun(state, event, 1);
  }
  return state;
}

const said = (state: RunState) =>
  state.items.flatMap((item) => (item.kind === 'message' ? item.parts.map((part) => part.text) : [])).join();
const asked = () => server().received.map(({ method, url }) => `${method} ${url}`);
const STREAM = 'GET /v1/responses/resp%2F1?stream=true';
const INCLUDE = 'include%5B%5D=code_interpreter_call.outputs';

describe('a run in the background', () => {
  it('is asked for as such, and stored', async () => {
    const state = await cutRun(events(created, done));
    const body: unknown = JSON.parse(server().received[0]?.body ?? '');
    assert.deepEqual(
      [Reflect.get(Object(body), 'background'), Reflect.get(Object(body), 'store')],
      [true, true],
    );
    assert.equal(state.status, 'completed');
  });

  it('goes on after the last event that was seen when its stream broke, and no text comes twice', async () => {
    const cut = await cutRun(events(created, text(1, 'one '), text(2, 'two ')));
    assert.deepEqual([cut.status, cut.lastSequence, said(cut)], ['cut', 2, 'one two ']);
    server().received.length = 0;
    server().inTurn(events(text(3, 'three')), events(done));
    const { state, types } = await resumed(cut);
    assert.equal(said(state), 'one two three');
    assert.equal(state.status, 'completed');
    assert.deepEqual(types, ['response.output_text.delta', 'response.completed']);
    assert.deepEqual(asked(), [
      `${STREAM}&starting_after=2&${INCLUDE}`,
      `${STREAM}&starting_after=3&${INCLUDE}`,
    ]);
  });

  it('takes nothing twice from a service that tells all from the beginning', async () => {
    const cut = await cutRun(events(created, text(1, 'one '), text(2, 'two ')));
    // An end that does not tell the text once more, which would mend what is wrong.
    const end = { ...done, response: { id: 'resp/1', status: 'completed' } };
    server().inTurn(events(created, text(1, 'one '), text(2, 'two '), text(3, 'three'), end));
    const { state, types } = await resumed(cut);
    assert.equal(said(state), 'one two three');
    assert.deepEqual(types, ['response.output_text.delta', 'response.completed']);
  });

  for (const [name, answer] of [
    ['with the response itself (LiteLLM)', response('in_progress')],
    ['with nothing (older LiteLLM)', json(200, undefined)],
    ['with a refusal', refuse(400)],
    ['with events that are not numbered', events({ type: 'response.output_text.delta', delta: 'x' })],
  ] as const) {
    it(`is asked for until it is over where the gateway answers ${name}`, async () => {
      server().inTurn(answer, response('queued'), response('in_progress'), response('completed', { output }));
      const { state } = await resumed();
      assert.equal(state.status, 'completed');
      assert.equal(said(state), 'one two three');
      assert.deepEqual(clock().waits, [1_000, 1_500]);
      assert.ok(server().received.every(({ method }) => method === 'GET'));
    });
  }

  it('takes the response for the end where it is over already', async () => {
    server().inTurn(response('incomplete', { incomplete_details: { reason: 'max_output_tokens' } }));
    const { state } = await resumed();
    assert.deepEqual([state.status, state.incompleteReason], ['incomplete', 'max_output_tokens']);
    assert.equal(server().received.length, 1);
  });

  it('says that the gateway does not have it', async () => {
    server().always(404, { error: { message: "Response with id 'resp/1' not found.", code: null } });
    await assert.rejects(resumed(), rejectsWith('not_found'));
    const litellm = 'litellm.BadRequestError: You passed in model=None. There are no healthy deployments';
    server().always(400, { error: { message: litellm, type: 'invalid_request_error', code: '400' } });
    await assert.rejects(resumed(), rejectsWith('not_found'));
  });

  it('gives up on a stream that breaks again and again with nothing new, and asks plainly', async () => {
    const broken: Answer = (_request, answer) => {
      answer.writeHead(200, { 'content-type': 'text/event-stream' });
      answer.write(`data: ${JSON.stringify(created)}\n\n`, () => answer.destroy());
    };
    server().inTurn(broken, broken, broken, broken, broken, response('failed'));
    const { state } = await resumed({ ...initialRun, status: 'cut', lastSequence: 5 });
    assert.equal(state.status, 'failed');
    assert.equal(server().received.length, 6);
  });

  it('ends at once when it is stopped between two questions', async () => {
    const stop = new AbortController();
    server().answer = response('in_progress');
    clock().onSleep = () => stop.abort();
    await assert.rejects(resumed(initialRun, stop.signal), { name: 'AbortError' });
    assert.equal(server().received.length, 2);
  });

  it('asked for without a stream is followed to its end, and begun once', async () => {
    server().inTurn(response('queued'), response('in_progress'), response('completed', { output }));
    let state = initialRun;
    for await (const batch of client().run({ ...request, stream: false }, new AbortController().signal)) {
      for (const event of batch) state = reduceRun(state, event, 1);
    }
    assert.equal(state.status, 'completed');
    assert.deepEqual(
      server().received.map(({ method }) => method),
      ['POST', 'GET', 'GET'],
    );
  });

  it('is ended by one request, sent again where the connection broke', async () => {
    server().inTurn(hangUp, response('cancelled'));
    await client().cancel('resp/1');
    assert.deepEqual(asked(), ['POST /v1/responses/resp%2F1/cancel', 'POST /v1/responses/resp%2F1/cancel']);
  });
});

describe('a conversation told anew', () => {
  it('goes before what is asked', async () => {
    server().inTurn(events(created, done));
    const history = [
      { role: 'user', text: 'a' },
      { role: 'assistant', text: 'b' },
    ] as const;
    for await (const _batch of client().run({ ...request, history }, new AbortController().signal));
    const body: unknown = JSON.parse(server().received[0]?.body ?? '');
    assert.deepEqual(Reflect.get(Object(body), 'input'), [
      { role: 'user', content: 'a' },
      { role: 'assistant', content: 'b' },
      { role: 'user', content: 'hi' },
    ]);
  });
});
