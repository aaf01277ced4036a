import assert from 'node:assert/strict';
import { it } from 'node:test';
import { FaultServer } from '../support/faultServer.ts';

/** What undici, Node's own or a library's, keeps for the whole process: other extensions' fetch goes through it. */
const dispatchers = () =>
  Object.getOwnPropertySymbols(globalThis)
    .filter((symbol) => String(symbol).includes('undici'))
    .map((symbol) => [String(symbol), Reflect.get(globalThis, symbol)] as const);

it('the transport leaves the process-wide dispatcher to others', async () => {
  await using server = await FaultServer.start();
  server.always(200, { ok: true });
  assert.equal((await fetch(server.url)).status, 200);
  const before = dispatchers();
  assert.ok(before.length > 0);

  const { Transport } = await import('../../src/gateway/transport.ts');
  const transport = new Transport(() => ({ proxy: '', noProxy: [], strictTls: true, env: {} }));
  const request = {
    method: 'GET',
    url: new URL(server.url),
    headers: {},
    headersTimeout: 0,
    bodyTimeout: 0,
  } as const;
  const response = await transport.request(request);
  response.discard();
  await transport.close();

  const now = dispatchers();
  assert.deepEqual(
    now.map(([name]) => name),
    before.map(([name]) => name),
  );
  for (const [place, [, dispatcher]] of now.entries()) assert.equal(dispatcher, before[place]?.[1]);
  assert.equal((await fetch(server.url)).status, 200);
});
