import assert from 'node:assert/strict';
import { createServer, type Socket } from 'node:net';
import { after, afterEach, before, beforeEach, describe, it, type TestContext } from 'node:test';
import type { ErrorKind } from '../../src/core/events.ts';
import { Authority } from '../support/certificates.ts';
import { FaultServer } from '../support/faultServer.ts';
import { NetworkUnderTest } from '../support/networkUnderTest.ts';
import { TlsServer } from '../support/tlsServer.ts';

let network: NetworkUnderTest;
beforeEach(() => {
  network = new NetworkUnderTest();
});
afterEach(() => network[Symbol.asyncDispose]());

describe('an address with the wrong scheme', () => {
  let secure: TlsServer;
  let plain: FaultServer;
  before(async () => {
    const identity = new Authority('Company CA').issue('gateway', { hosts: ['127.0.0.1'] });
    secure = await TlsServer.start({ identity });
    plain = await FaultServer.start();
  });
  after(async () => {
    await secure[Symbol.asyncDispose]();
    await plain[Symbol.asyncDispose]();
  });

  for (const method of ['GET', 'POST'] as const) {
    it(`https where http is spoken is no matter of trust (${method})`, async () => {
      const url = plain.url.replace('http:', 'https:');
      const error = await network.fails(url, 'wrong_scheme', { method });
      assert.equal(error.detail, 'http');
      assert.equal(error.retryable, false);
    });

    it(`http where https is spoken is found out, trusted or not (${method})`, async () => {
      const error = await network.fails(`http://127.0.0.1:${secure.port}/`, 'wrong_scheme', { method });
      assert.equal(error.detail, 'https');
      assert.equal(error.retryable, false);
      assert.equal(secure.clients.length, 0);
    });
  }

  it('a server of plain http that hangs up is not taken for one', async () => {
    plain.answer = (_request, response) => response.destroy();
    await network.fails(plain.url, 'connection_lost');
  });

  it('a server that has answered before is not asked what it speaks', async (t) => {
    let connections = 0;
    const url = await listen(t, (socket, count) => {
      connections = count;
      socket.once('data', () => {
        if (count === 1) socket.end('HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
        else socket.destroy();
      });
    });
    assert.equal((await network.get(url)).status, 200);
    await network.fails(url, 'connection_lost');
    assert.equal(connections, 2);
  });

  it('a request that is stopped ends at once, whatever is being found out', async (t) => {
    const stop = new AbortController();
    const url = await listen(t, (socket, count) => {
      // The first is the request; the second would be answered by nobody.
      if (count === 1) socket.once('data', () => socket.destroy());
      else stop.abort();
    });
    await assert.rejects(network.get(url, { signal: stop.signal }), { name: 'AbortError' });
  });
});

describe('a server that speaks TLS and refuses', () => {
  /** A fatal alert of TLS 1.2 (RFC 5246, section 7.2) instead of an answer to the first message. */
  const alert = (code: number) => Buffer.from([0x15, 3, 3, 0, 2, 2, code]);
  const cases: readonly (readonly [string, number, ErrorKind])[] = [
    ['handshake_failure', 40, 'tls_failed'],
    ['bad_certificate', 42, 'client_certificate_needed'],
    ['unknown_ca', 48, 'client_certificate_needed'],
    ['protocol_version', 70, 'tls_failed'],
    ['certificate_required', 116, 'client_certificate_needed'],
  ];
  for (const [name, code, kind] of cases) {
    it(`with ${name} is ${kind}`, async (t) => {
      const url = await listen(t, (socket) => socket.once('data', () => socket.end(alert(code))));
      assert.equal((await network.fails(url.replace('http:', 'https:'), kind)).retryable, false);
    });
  }
});

it('what is no HTTP at all is not understood', async (t) => {
  const url = await listen(t, (socket) => socket.once('data', () => socket.end('SSH-2.0-OpenSSH_9.2\r\n')));
  await network.fails(url, 'not_understood');
});

/** A server of bare TCP that is told of each connection, with its number from 1, and ends with the test. */
async function listen(t: TestContext, serve: (socket: Socket, count: number) => void): Promise<string> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => {});
    serve(socket, sockets.push(socket));
  });
  t.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return `http://127.0.0.1:${address.port}/`;
}
