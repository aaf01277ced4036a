import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { RunEvent } from '../../src/core/events.ts';
import { GatewayClient } from '../../src/gateway/client.ts';
import { Transport } from '../../src/gateway/network/transport.ts';
import { FaultServer } from '../support/faultServer.ts';

/** ms; HTTP clients commonly give up after 300 s of silence, undici and VS Code's own fetch among them. */
const SILENCE = 310_000;

it('a run that is silent for more than 300 s, twice, by the real clock', async () => {
  await using server = await FaultServer.start();
  const transport = new Transport(() => ({ proxy: '', noProxy: [], strictTls: true, env: {} }));
  const client = new GatewayClient({ baseUrl: server.url, key: 'k' }, transport);
  const sse = (event: object) => `data: ${JSON.stringify(event)}\n\n`;
  const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  server.answer = async (_request, response) => {
    await later(SILENCE);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(sse({ type: 'response.created', response: { id: 'r', status: 'in_progress' } }));
    await later(SILENCE);
    response.end(sse({ type: 'response.completed', response: { id: 'r', status: 'completed', output: [] } }));
  };
  const request = {
    model: 'm',
    input: 'hi',
    containerId: undefined,
    previousResponseId: undefined,
    stream: true,
  };
  const collected: RunEvent[] = [];
  for await (const batch of client.run(request, new AbortController().signal)) collected.push(...batch);
  assert.deepEqual(
    collected.map(({ type }) => type),
    ['response.created', 'response.completed'],
  );
  assert.equal(server.received.length, 1);
  await transport.close();
});
