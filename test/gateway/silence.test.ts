import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { after, before, describe, it, mock } from 'node:test';
import type { RunEvent } from '../../src/core/events.ts';
import { clientUnderTest } from '../support/clientUnderTest.ts';
import { FaultServer } from '../support/faultServer.ts';

const { server, client, transport, rejectsWith } = clientUnderTest();

const created = { type: 'response.created', response: { id: 'r', status: 'in_progress' } };
const done = { type: 'response.completed', response: { id: 'r', status: 'completed', output: [] } };
const sse = (event: object) => `data: ${JSON.stringify(event)}\n\n`;

const request = {
  model: 'm',
  input: 'hi',
  containerId: undefined,
  previousResponseId: undefined,
  stream: true,
};

const HALF_AN_HOUR = 30 * 60_000;
/** How much faster the timers of this process run: half an hour takes some seconds. */
const HASTE = 1_000;

/** Resolves when another request, which may be silent for so long, was ended for its silence: so long it was by its clock. */
async function halfAnHour(): Promise<void> {
  await using mute = await FaultServer.start();
  mute.answer = () => {};
  const witness = transport().request({
    method: 'GET',
    url: new URL(mute.url),
    headers: {},
    headersTimeout: HALF_AN_HOUR,
    bodyTimeout: 0,
  });
  await assert.rejects(witness, rejectsWith('timeout'));
}

/** The next answer, once its request is there. */
function nextAnswer(): Promise<ServerResponse> {
  return new Promise((resolve) => {
    server().answer = (_request, response) => resolve(response);
  });
}

describe('half an hour of silence ends no run', () => {
  before(() => {
    const inTime = globalThis.setTimeout;
    const hasty = (act: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) =>
      inTime(act, ms / HASTE, ...args);
    mock.method(globalThis, 'setTimeout', hasty as typeof setTimeout);
  });
  after(() => mock.restoreAll());

  for (const phase of [
    'before the answer',
    'in the middle of the answer',
    'before a plain answer',
  ] as const) {
    it(phase, async () => {
      const answered = nextAnswer();
      const plain = phase === 'before a plain answer';
      const collected: RunEvent[] = [];
      const running = (async () => {
        const batches = client().run({ ...request, stream: !plain }, new AbortController().signal);
        for await (const batch of batches) collected.push(...batch);
      })();
      const response = await answered;
      if (phase !== 'in the middle of the answer') await halfAnHour();
      if (plain) response.end(JSON.stringify(done.response));
      else {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(sse(created));
        if (phase === 'in the middle of the answer') await halfAnHour();
        response.end(sse(done));
      }
      await running;
      assert.equal(collected.at(-1)?.type, 'response.completed');
      assert.equal(server().received.length, 1);
    });
  }
});
