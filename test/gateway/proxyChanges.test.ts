import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { companyNetwork } from '../support/companyNetwork.ts';
import { freePort, waitFor } from '../support/processes.ts';
import { ProxyProcess } from '../support/proxyProcess.ts';

const { secure, network, secureUrl, plainUrl } = companyNetwork();

const at = (proxy: ProxyProcess) => `http://127.0.0.1:${proxy.port}`;

describe('a proxy that is not there', () => {
  it('is said to be what does not answer', async () => {
    const port = await freePort();
    network().change({ proxy: `http://127.0.0.1:${port}` });
    for (const url of [secureUrl(), plainUrl()]) {
      const error = await network().fails(url, 'proxy_unreachable');
      assert.equal(error.detail, `127.0.0.1:${port}`);
      assert.equal(error.retryable, true);
    }
    network().change({ proxy: 'http://proxy.invalid:3128' });
    assert.equal((await network().fails(secureUrl(), 'proxy_unreachable')).detail, 'proxy.invalid:3128');
  });

  it('breaks what was under way', async () => {
    const proxy = await ProxyProcess.start();
    await proxy.behave({ dieAfter: 100_000 });
    secure().answer = (_request, response) => response.end('x'.repeat(10_000_000));
    network().change({ proxy: at(proxy) });
    await network().fails(secureUrl(), 'connection_lost');
    await network().fails(secureUrl(), 'proxy_unreachable');
  });
});

describe('a change of settings', () => {
  it('leaves nothing behind when everything is closed', async () => {
    await using proxy = await ProxyProcess.start();
    secure().answer = (_request, response) => response.write('begun');
    network().change({ proxy: at(proxy) });
    const running = network().get(secureUrl(), { method: 'POST', body: '' });
    const ended = assert.rejects(running, { name: 'GatewayError' });
    await waitFor(() => secure().clients.length > 0, { what: 'the request' });
    network().change({ proxyAuthorization: 'Basic eDp5' });
    const other = assert.rejects(network().get(secureUrl()), { name: 'GatewayError' });
    await waitFor(() => secure().clients.length > 1, { what: 'the other request' });
    await network().transport.close();
    await Promise.all([ended, other]);
    await waitFor(async () => (await proxy.connections()) === 0, { what: 'the end of all connections' });
  });

  it("need not wait for the system's proxy when the request is stopped", async () => {
    const stop = new AbortController();
    const systemProxy = () => {
      stop.abort();
      return new Promise<undefined>(() => {});
    };
    network().change({ systemProxy });
    await assert.rejects(network().get(secureUrl(), { signal: stop.signal }), { name: 'AbortError' });
  });

  it('counts from the next request on, and leaves alone what is under way', async () => {
    await using first = await ProxyProcess.start();
    await using second = await ProxyProcess.start();
    let finish = () => {};
    secure().answer = (_request, response) => {
      response.write('begun, ');
      finish = () => response.end('ended');
    };
    network().change({ proxy: at(first) });
    const running = network().get(secureUrl(), { method: 'POST', body: '' });
    await waitFor(() => secure().clients.length > 0, { what: 'the first request' });
    const finishFirst = finish;

    secure().answer = (_request, response) => response.end('new');
    network().change({ proxy: at(second) });
    assert.equal((await network().get(secureUrl())).text, 'new');
    assert.deepEqual([first.seen.length, second.seen.length], [1, 1]);
    assert.equal(await first.connections(), 1);

    finishFirst();
    assert.equal((await running).text, 'begun, ended');
    await waitFor(async () => (await first.connections()) === 0, { what: 'the end of the old connections' });
    assert.equal(await second.connections(), 1);
  });
});
