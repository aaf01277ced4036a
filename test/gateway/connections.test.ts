import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Authority } from '../support/certificates.ts';
import { NetworkUnderTest } from '../support/networkUnderTest.ts';
import { ProxyProcess } from '../support/proxyProcess.ts';
import { TlsServer } from '../support/tlsServer.ts';

let network: NetworkUnderTest;
beforeEach(() => {
  network = new NetworkUnderTest();
});
afterEach(() => network[Symbol.asyncDispose]());

/** A server that can be ended and started again on its port. */
class Restarting implements AsyncDisposable {
  requests = 0;
  connections = 0;
  port = 0;
  #server: Server | undefined;
  readonly #sockets = new Set<Socket>();

  async start(): Promise<void> {
    const server = createServer((_request, response) => {
      this.requests++;
      response.end('ok');
    });
    server.on('connection', (socket) => {
      this.connections++;
      this.#sockets.add(socket);
    });
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  /** @param reset as a process that is killed leaves them, and not in good order */
  async stop(reset = false): Promise<void> {
    for (const socket of this.#sockets) if (reset) socket.resetAndDestroy();
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}

describe('connections', () => {
  it('are used again by requests that may be repeated, and never by others', async () => {
    await using server = new Restarting();
    await server.start();
    const url = `http://127.0.0.1:${server.port}/`;
    for (let n = 0; n < 3; n++) {
      await network.get(url);
      await nextTurn();
    }
    assert.equal(server.connections, 1);
    for (let n = 0; n < 3; n++) await network.get(url, { method: 'POST', body: 'x' });
    assert.equal(server.connections, 4);
  });

  for (const reset of [false, true]) {
    it(`of a gateway that was ${reset ? 'killed' : 'ended'} and started again do no harm`, async () => {
      await using server = new Restarting();
      await server.start();
      const url = `http://127.0.0.1:${server.port}/`;
      for (let n = 0; n < 5; n++) {
        await network.get(url);
        await server.stop(reset);
        await server.start();
        server.requests = 0;
        assert.equal((await network.get(url, { method: 'POST', body: 'x' })).status, 200);
        assert.equal(server.requests, 1);
        assert.equal((await network.get(url)).status, 200);
      }
    });
  }
});

describe('a silent connection', { skip: process.platform !== 'linux' && 'the system tells nobody' }, () => {
  /** ms until the kernel next asks the other side for a sign of life, for each connection to a port that has it on. */
  function keepAlives(port: number): number[] {
    // Columns by https://docs.kernel.org/networking/proc_net_tcp.html; timer 2 is keep-alive, in 1/100 s.
    return readFileSync('/proc/net/tcp', 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , remote, state]) => remote?.endsWith(`:${hex(port)}`) && state === '01')
      .map((columns) => columns[5]?.split(':') ?? [])
      .flatMap(([timer, left]) => (timer === '02' ? [Number.parseInt(left ?? '', 16) * 10] : []));
  }
  const hex = (port: number) => port.toString(16).toUpperCase().padStart(4, '0');

  const silent = async (url: string) =>
    network.transport.request({
      method: 'POST',
      url: new URL(url),
      headers: {},
      body: '{}',
      headersTimeout: 0,
      bodyTimeout: 0,
    });

  it('is watched by the system, so that a dead gateway is noticed', async (t) => {
    const server = createServer((_request, response) => response.write('begun'));
    t.after(() => {
      server.close();
      server.closeAllConnections();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const response = await silent(`http://127.0.0.1:${port}/`);
    const [left, ...others] = keepAlives(port);
    assert.ok(left !== undefined && left > 0 && left <= 60_000, String(left));
    assert.deepEqual(others, []);
    response.discard();
  });

  it('is watched through a proxy too', async () => {
    const identity = new Authority('Company CA').issue('gateway', { hosts: ['gateway.test'] });
    await using server = await TlsServer.start({ identity });
    await using proxy = await ProxyProcess.start();
    server.answer = (_request, response) => response.write('begun');
    network.change({ proxy: `http://127.0.0.1:${proxy.port}`, strictTls: false });
    const response = await silent(`https://gateway.test:${server.port}/`);
    const [left, ...others] = keepAlives(proxy.port);
    assert.ok(left !== undefined && left > 0 && left <= 60_000, String(left));
    assert.deepEqual(others, []);
    response.discard();
  });
});

describe('a chunked answer that ends too early', () => {
  for (const method of ['GET', 'POST'] as const) {
    it(`in good order (${method}) is a connection that was lost`, async () => {
      const server = createServer((_request, response) => {
        response.writeHead(200);
        response.write('a part', () => response.socket?.end());
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      try {
        const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
        const read = async () => {
          const { body } = await network.transport.request({
            method,
            url,
            headers: {},
            headersTimeout: 5_000,
            bodyTimeout: 5_000,
          });
          for await (const _ of body);
        };
        await assert.rejects(read(), { kind: 'connection_lost', retryable: true });
      } finally {
        server.closeAllConnections();
        server.close();
      }
    });
  }
});
