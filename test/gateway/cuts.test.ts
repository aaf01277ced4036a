import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { parseEvent } from '../../src/core/parse.ts';
import { reduceRun } from '../../src/core/run.ts';
import { initialRun, type RunState } from '../../src/core/runState.ts';
import { GatewayClient } from '../../src/gateway/client.ts';
import { Transport } from '../../src/gateway/network/transport.ts';
import { CUTS, CutServer } from '../support/cutServer.ts';
import { FakeClock } from '../support/fakeClock.ts';

const WORDS = 'Here is the chart you asked for, with one bar for each quarter of it.'.split(' ');
const CODE = 'plt.bar(q, s)\nplt.savefig("/mnt/data/a.png")'.split(/(?<=[(,)\n])/);
const call = { type: 'code_interpreter_call', id: 'ci', container_id: 'c', outputs: null };

/** Fifty events as a service sends them. */
const events: readonly object[] = [
  { type: 'response.created', response: { id: 'r', status: 'in_progress' } },
  { type: 'response.in_progress', response: { id: 'r', status: 'in_progress' } },
  { type: 'response.output_item.added', output_index: 0, item: { ...call, status: 'in_progress', code: '' } },
  { type: 'response.code_interpreter_call.in_progress', output_index: 0 },
  ...CODE.map((delta) => ({ type: 'response.code_interpreter_call_code.delta', output_index: 0, delta })),
  { type: 'response.code_interpreter_call_code.done', output_index: 0, code: CODE.join('') },
  { type: 'response.code_interpreter_call.interpreting', output_index: 0 },
  { type: 'response.code_interpreter_call.completed', output_index: 0 },
  {
    type: 'response.output_item.done',
    output_index: 0,
    item: { ...call, status: 'completed', code: CODE.join(''), outputs: [{ type: 'logs', logs: '1' }] },
  },
  { type: 'response.output_item.added', output_index: 1, item: { type: 'message', id: 'm', content: [] } },
  ...Array.from({ length: 19 }, () => ({ type: 'response.output_text.delta', output_index: 1, delta: '.' })),
  ...WORDS.map((word) => ({ type: 'response.output_text.delta', output_index: 1, delta: ` ${word}` })),
  { type: 'response.completed', response: { id: 'r', status: 'completed', output: [] } },
];
const stream = Buffer.from(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''));

const said = (state: RunState) =>
  state.items.map((item) => (item.kind === 'code' ? item.code : item.parts.map(({ text }) => text).join('')));

/** What there is to see after none, one, two and so on of the events. */
const saidAfter: string[] = [JSON.stringify(said(initialRun))];
let soFar = initialRun;
for (const value of events) {
  const event = parseEvent(value);
  assert.ok(event);
  soFar = reduceRun(soFar, event, 1);
  saidAfter.push(JSON.stringify(said(soFar)));
}

/** Requests under way at a time. */
const ABREAST = 24;

describe('a stream of 50 events', () => {
  let server: CutServer;
  let transport: Transport;
  let client: GatewayClient;

  before(async () => {
    server = await CutServer.start(stream);
    transport = new Transport(() => ({ proxy: '', noProxy: [], strictTls: true, env: {} }));
    client = new GatewayClient({ baseUrl: server.url, key: 'k' }, transport, { clock: new FakeClock() });
  });
  after(async () => {
    await transport.close();
    await server[Symbol.asyncDispose]();
  });

  async function outcome(input: string): Promise<RunState> {
    const request = {
      model: 'm',
      input,
      containerId: undefined,
      previousResponseId: undefined,
      stream: true,
    };
    let state = initialRun;
    for await (const batch of client.run(request, new AbortController().signal)) {
      for (const event of batch) state = reduceRun(state, event, 1);
    }
    return state;
  }

  /** Runs all of them, some at a time. */
  async function each(count: number, check: (at: number) => Promise<void>): Promise<void> {
    let next = 0;
    const worker = async () => {
      while (next < count) await check(next++);
    };
    await Promise.all(Array.from({ length: ABREAST }, worker));
  }

  it('has 50 events, and is complete when it comes whole', async () => {
    assert.equal(events.length, 50);
    for (const cut of ['closed', 'clean']) {
      const state = await outcome(JSON.stringify([cut, stream.length]));
      assert.equal(state.status, 'completed');
      assert.deepEqual(said(state), [CODE.join(''), `${'.'.repeat(19)} ${WORDS.join(' ')}`]);
    }
  });

  for (const cut of CUTS) {
    it(`cut at every byte (${cut}): never complete, never sent again, and what came is kept`, async () => {
      const counted = { complete: 0, cut: 0, kept: 0 };
      await each(stream.length, async (at) => {
        const input = JSON.stringify([cut, at]);
        const state = await outcome(input);
        if (state.status === 'completed') counted.complete++;
        if (state.status === 'cut' && state.error?.kind === 'stream_cut') counted.cut++;
        const arrived = stream.subarray(0, at).toString().split('\n\n').length - 1;
        if (JSON.stringify(said(state)) === saidAfter[arrived]) counted.kept++;
      });
      assert.deepEqual(counted, { complete: 0, cut: stream.length, kept: stream.length });
      const repeated = [...server.requests].filter(([, times]) => times > 1);
      assert.deepEqual(repeated, []);
    });
  }

  it('cut at every byte of the head of its answer: never sent again but where nothing had come', async () => {
    const failed: string[] = [];
    await each(server.headLength, async (at) => {
      const input = JSON.stringify(['head', at]);
      const state = await outcome(input).catch((error: unknown) => error);
      if (!(state instanceof Error)) failed.push(input);
      assert.equal(server.requests.get(input), at === 0 ? 5 : 1, input);
    });
    assert.deepEqual(failed, []);
  });
});
