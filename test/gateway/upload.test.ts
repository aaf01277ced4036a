import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { GatewayClient } from '../../src/gateway/client.ts';
import { Transport } from '../../src/gateway/network/transport.ts';

const SIZE = 64 * 1024 * 1024;

it('an upload tells what the connection has taken, and is ended by its signal', async () => {
  const arrived: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    arrived.push(request);
    request.once('end', () => {
      response.end(JSON.stringify({ id: 'cfile_1', path: '/mnt/data/big.bin' }));
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const transport = new Transport(() => ({ proxy: '', noProxy: [], strictTls: true, env: {} }));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = new GatewayClient({ baseUrl, key: 'test-key-0123456789abcdef' }, transport);
  try {
    const told: number[] = [];
    const file = { name: 'big.bin', bytes: new Uint8Array(SIZE), onSent: (sent: number) => told.push(sent) };
    const upload = client.uploadFile('cntr_1', file);
    while (arrived.length === 0) await sleep(10);
    await sleep(300);
    // Nobody reads: what the system holds for a connection is far less than all of it.
    const held = told.at(-1) ?? 0;
    assert.ok(held > 0 && held < SIZE / 2, `${held} bytes are said to have left`);
    arrived[0]?.resume();
    await upload;
    assert.equal(told.at(-1), SIZE);
    assert.deepEqual(
      told.toSorted((a, b) => a - b),
      told,
    );

    const stop = new AbortController();
    const stopped = client.uploadFile('cntr_1', file, stop.signal);
    while (arrived.length === 1) await sleep(10);
    stop.abort();
    await assert.rejects(stopped, { name: 'AbortError' });
  } finally {
    await transport.close();
    server.closeAllConnections();
    server.close();
  }
});
