import assert from 'node:assert/strict';
import { after, before, beforeEach } from 'node:test';
import { GatewayError } from '../../src/core/errors.ts';
import type { ErrorKind } from '../../src/core/events.ts';
import { type ContainerListener, GatewayClient } from '../../src/gateway/client.ts';
import type { Healed } from '../../src/gateway/files/ownership.ts';
import { Transport } from '../../src/gateway/network/transport.ts';
import { FakeClock } from './fakeClock.ts';
import { FaultServer } from './faultServer.ts';

/** A gateway client before a server that answers as each test says; started and ended around the tests of a file. */
export function clientUnderTest() {
  const key = 'test-key-0123456789abcdef';
  let server: FaultServer;
  let transport: Transport;
  let client: GatewayClient;
  let clock: FakeClock;
  let healed: Healed[];
  let answered: (readonly [containerId: string, answer: 'used' | 'expired'])[];
  before(async () => {
    server = await FaultServer.start();
    transport = new Transport(() => ({ proxy: '', noProxy: [], strictTls: true, env: {} }));
  });
  after(async () => {
    await transport.close();
    await server[Symbol.asyncDispose]();
  });
  beforeEach(() => {
    server.received.length = 0;
    server.aborted = 0;
    clock = new FakeClock();
    healed = [];
    answered = [];
    const onContainer: ContainerListener = (...answer) => answered.push(answer);
    const onHealed = (what: Healed) => healed.push(what);
    client = new GatewayClient({ baseUrl: server.url, key }, transport, { clock, onHealed, onContainer });
  });
  return {
    key,
    server: () => server,
    transport: () => transport,
    client: () => client,
    clock: () => clock,
    /** What the client says that it mended. */
    healed: () => healed,
    /** What it says of containers. */
    answered: () => answered,
    /** Checks the kind of an error, and that the key is nowhere in it. */
    rejectsWith: (kind: ErrorKind) => (error: unknown) => {
      assert.ok(error instanceof GatewayError, String(error));
      assert.equal(error.kind, kind);
      const everything = JSON.stringify([error.message, error.stack, error.detail, error.toRunError()]);
      assert.ok(!everything.includes(key), 'the key is in the error');
      return true;
    },
  };
}
