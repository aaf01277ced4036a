import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { after, afterEach, before, beforeEach, describe, it, mock } from 'node:test';
import { GatewayError } from '../../src/core/errors.ts';
import { Transport } from '../../src/gateway/network/transport.ts';
import { FaultServer } from '../support/faultServer.ts';
import { completed, created, ScriptedGateway, sse } from '../support/scriptedGateway.ts';
import { SessionUnderTest } from '../support/sessionUnderTest.ts';

const HALF_AN_HOUR = 30 * 60_000;
/** How much faster timers run here, until they come to the shortest that there is: half an hour takes some seconds. */
const HASTE = 1_000;

const item = {
  type: 'code_interpreter_call',
  id: 'ci',
  container_id: 'cntr_1',
  code: 'fit()',
  outputs: null,
};
const running = [
  created('resp_1'),
  { type: 'response.output_item.added', output_index: 0, item },
  { type: 'response.code_interpreter_call.interpreting', output_index: 0 },
];

/** Every timer of ours and of the HTTP client is hasty, from before the first request on. */
describe('a silent run', () => {
  let gateway: ScriptedGateway;
  let session: SessionUnderTest;
  before(() => {
    const inTime = globalThis.setTimeout;
    const hasty = (act: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) =>
      inTime(act, ms / HASTE, ...args);
    mock.method(globalThis, 'setTimeout', hasty as typeof setTimeout);
  });
  after(() => mock.restoreAll());
  beforeEach(async () => {
    gateway = await ScriptedGateway.start();
    session = new SessionUnderTest(gateway.server.url);
  });
  afterEach(async () => {
    await session[Symbol.asyncDispose]();
    await gateway[Symbol.asyncDispose]();
  });

  it('is ended by nobody while another request is ended for half an hour of silence', async () => {
    let response: ServerResponse | undefined;
    gateway.runs.push((one) => {
      response = one;
      one.writeHead(200, { 'content-type': 'text/event-stream' });
      one.write(sse(...running));
    });
    const asked = session.ask('Fit a model');
    await session.until('code', ({ state }) => state.items[0]?.status === 'interpreting');
    await silentFor(HALF_AN_HOUR);
    assert.equal(session.last.state.status, 'in_progress');
    response?.end(sse(completed('resp_1', 'Fitted.')));
    await asked;
    assert.equal(session.last.state.status, 'completed');
    assert.equal(session.answer, 'Fitted.');
  });
});

/** Resolves when a request that may be silent for so long was ended for it: by its clock that time has gone by. */
async function silentFor(ms: number): Promise<void> {
  await using server = await FaultServer.start();
  server.answer = () => {};
  const transport = new Transport(() => ({ proxy: '', noProxy: [], strictTls: true, env: {} }));
  const witness = transport.request({
    method: 'GET',
    url: new URL(server.url),
    headers: {},
    headersTimeout: ms,
    bodyTimeout: ms,
  });
  await assert.rejects(witness, (error) => error instanceof GatewayError && error.kind === 'timeout');
  await transport.close();
}
