import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { it } from 'node:test';
import { promisify } from 'node:util';
import { Authority } from '../support/certificates.ts';
import { FaultServer } from '../support/faultServer.ts';
import { ProxyProcess } from '../support/proxyProcess.ts';
import { TlsServer } from '../support/tlsServer.ts';
import { nodePath } from '../support/tools.ts';

/** Where undici, Node's own or a library's, keeps what everybody's fetch goes through. */
const DISPATCHER = Symbol.for('undici.globalDispatcher.1');

/** What undici keeps for the whole process. */
const globals = () =>
  Object.getOwnPropertySymbols(globalThis)
    .filter((symbol) => String(symbol).includes('undici'))
    .map((symbol) => [String(symbol), Reflect.get(globalThis, symbol)] as const);

it('the transport puts nothing on the global object', async () => {
  await using server = await FaultServer.start();
  server.always(200, { ok: true });
  const program = path.resolve(import.meta.dirname, '..', 'support', 'globalsProgram.ts');
  const { stdout } = await promisify(execFile)(nodePath(), [program, server.url], {
    env: { ...process.env, NODE_NO_WARNINGS: '1' },
  });
  assert.deepEqual(JSON.parse(stdout), { before: [], status: 200, after: [] });
});

it('the transport leaves the process-wide dispatcher to others', async () => {
  await using server = await FaultServer.start();
  await using proxy = await ProxyProcess.start();
  const identity = new Authority('Company CA').issue('gateway', { hosts: ['127.0.0.1'] });
  await using secure = await TlsServer.start({ identity });
  server.always(200, { ok: true });
  const fetchDirectly = async () => {
    assert.equal((await fetch(server.url)).status, 200);
    // Ours accepts any certificate below; others' fetch must go on refusing this one.
    await assert.rejects(fetch(`https://127.0.0.1:${secure.port}/`), { name: 'TypeError' });
  };
  await fetchDirectly();
  const before = globals();
  const dispatcher: unknown = Reflect.get(globalThis, DISPATCHER);
  assert.ok(dispatcher);

  const { NetworkUnderTest } = await import('../support/networkUnderTest.ts');
  await using network = new NetworkUnderTest();
  await network.get(server.url);
  network.change({ proxy: `http://127.0.0.1:${proxy.port}`, strictTls: false });
  await network.get(server.url.replace('127.0.0.1', 'gateway.test'));
  await network.get(`https://gateway.test:${secure.port}/`);
  await network.get(`https://127.0.0.1:${secure.port}/`);
  assert.equal(proxy.seen.length, 2);

  await fetchDirectly();
  assert.equal(proxy.seen.length, 2);
  const after = globals();
  assert.deepEqual(
    after.map(([name]) => name),
    before.map(([name]) => name),
  );
  for (const [place, [name, value]] of after.entries()) assert.equal(value, before[place]?.[1], name);
  assert.equal(Reflect.get(globalThis, DISPATCHER), dispatcher);
});
