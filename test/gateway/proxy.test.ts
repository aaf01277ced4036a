import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { NetworkSettings } from '../../src/gateway/network/network.ts';
import { companyNetwork } from '../support/companyNetwork.ts';
import { SECRETS } from '../support/networkUnderTest.ts';
import { freePort, waitFor } from '../support/processes.ts';
import { ProxyProcess } from '../support/proxyProcess.ts';

const { identity, secure, plain, network, secureUrl, plainUrl } = companyNetwork();
const credentials = 'me@corp:pa%ss@word';
const inUrl = 'me%40corp:pa%25ss%40word@';

const at = (proxy: ProxyProcess, before = '') => `http://${before}127.0.0.1:${proxy.port}`;

describe('through a proxy', () => {
  let proxy: ProxyProcess;
  before(async () => {
    proxy = await ProxyProcess.start();
  });
  after(() => proxy[Symbol.asyncDispose]());
  beforeEach(async () => {
    proxy.seen.length = 0;
    await proxy.behave({});
    network().change({ proxy: at(proxy) });
  });

  it('an https gateway is reached in a tunnel, where the proxy sees nothing', async () => {
    assert.deepEqual(await network().get(secureUrl()), { status: 200, text: '{}' });
    await network().get(secureUrl(), { method: 'POST', body: 'x' });
    const target = `gateway.test:${secure().port}`;
    assert.deepEqual(
      proxy.seen.map((request) => [request.method, request.target, request.headers.host]),
      [
        ['CONNECT', target, target],
        ['CONNECT', target, target],
      ],
    );
    assert.ok(!JSON.stringify(proxy.seen).includes(SECRETS[0]));
  });

  it('an http gateway is reached by forwarding, for many proxies open tunnels to https ports only', async () => {
    assert.deepEqual(await network().get(`${plainUrl()}/v1/models?a=1`), {
      status: 200,
      text: '{"plain":true}',
    });
    assert.equal((await network().get(plainUrl(), { method: 'POST', body: 'hello' })).status, 200);
    assert.deepEqual(
      proxy.seen.map(({ method, target }) => [method, target]),
      [
        ['GET', `${plainUrl()}/v1/models?a=1`],
        ['POST', `${plainUrl()}/`],
      ],
    );
    assert.equal(plain().received[0]?.url, '/v1/models?a=1');
    assert.equal(plain().received[0]?.headers.host, new URL(plainUrl()).host);
    assert.equal(plain().received[1]?.body, 'hello');
  });

  const environments = ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'HTTP_PROXY'] as const;
  for (const name of environments) {
    it(`that ${name} names, without a scheme`, async () => {
      network().change({ proxy: '', env: { [name]: `127.0.0.1:${proxy.port}` } });
      assert.equal((await network().get(secureUrl())).status, 200);
      assert.equal(proxy.seen.length, 1);
    });
  }

  it("that the system's settings name", async () => {
    network().change({ proxy: '', systemProxy: async () => at(proxy) });
    assert.equal((await network().get(secureUrl())).status, 200);
    assert.equal(proxy.seen.length, 1);
  });

  for (const [name, settings] of Object.entries({
    'http.proxySupport is off': { proxySupport: 'off', env: { HTTPS_PROXY: 'http://127.0.0.1:1' } },
    'http.noProxy names the gateway': { noProxy: ['.test'] },
    'NO_PROXY names the gateway': { env: { NO_PROXY: 'gateway.test' } },
  } satisfies Record<string, Partial<NetworkSettings>>)) {
    it(`is not gone where ${name}`, async () => {
      network().change(settings);
      await network().fails(secureUrl(), 'name_not_found');
      assert.equal(proxy.seen.length, 0);
    });
  }

  it('a stream arrives piece by piece, and leaving it closes the tunnel', async () => {
    let closed = false;
    secure().answer = (_request, response) => {
      response.on('close', () => {
        closed = true;
      });
      response.write('first');
    };
    const response = await network().transport.request({
      method: 'POST',
      url: new URL(secureUrl()),
      headers: {},
      body: '{}',
      headersTimeout: 10_000,
      bodyTimeout: 0,
    });
    for await (const chunk of response.body) {
      assert.equal(Buffer.from(chunk).toString(), 'first');
      break;
    }
    await waitFor(() => closed, { what: 'the end of the request at the gateway' });
    await waitFor(async () => (await proxy.connections()) === 0, { what: 'the end of the tunnel' });
  });

  it('a gateway that is not trusted, or speaks no TLS, is said to be what is wrong', async () => {
    network().change({ caFile: '' });
    await network().fails(secureUrl(), 'tls');
    await network().fails(plainUrl().replace('http:', 'https:'), 'wrong_scheme');
    assert.equal(proxy.seen.length, 2);
  });

  it('that refuses', async () => {
    await proxy.behave({ refuse: 403 });
    const error = await network().fails(secureUrl(), 'proxy');
    assert.equal(error.status, 403);
    assert.equal(error.retryable, false);
    assert.equal(secure().clients.length, 0);
  });

  it('that cannot reach the gateway', async () => {
    const port = await freePort();
    const error = await network().fails(`https://gateway.test:${port}/`, 'proxy');
    assert.equal(error.status, 502);
    assert.equal(error.retryable, true);
  });

  it('that answers with a web page instead of the gateway', async () => {
    await proxy.behave({ refuse: 403 });
    const { status, text } = await network().get(plainUrl());
    assert.equal(status, 403);
    assert.match(text, /^<!doctype html>/);
  });

  it('that hangs up, or speaks no HTTP', async () => {
    await proxy.behave({ hangUp: true });
    const error = await network().fails(secureUrl(), 'proxy_unreachable');
    assert.equal(error.detail, `127.0.0.1:${proxy.port}`);
    await proxy.behave({ garbage: true });
    await network().fails(secureUrl(), 'proxy_unreachable');
  });

  it('that is spoken to in TLS although it speaks none', async () => {
    network().change({ proxy: `https://127.0.0.1:${proxy.port}` });
    await network().fails(secureUrl(), 'proxy_tls');
    await network().fails(plainUrl(), 'proxy_tls');
  });
});

describe('a proxy that wants a password', () => {
  let proxy: ProxyProcess;
  before(async () => {
    proxy = await ProxyProcess.start({ credentials });
  });
  after(() => proxy[Symbol.asyncDispose]());

  for (const [name, settings] of Object.entries({
    'its address': () => ({ proxy: at(proxy, inUrl) }),
    'an address without a scheme': () => ({ env: { ALL_PROXY: `${inUrl}127.0.0.1:${proxy.port}` } }),
    'http.proxyAuthorization': () => ({
      proxy: at(proxy, 'someone:else@'),
      proxyAuthorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
    }),
  } satisfies Record<string, () => Partial<NetworkSettings>>)) {
    it(`gets it from ${name}, and the gateway does not`, async () => {
      network().change(settings());
      assert.equal((await network().get(secureUrl())).status, 200);
      assert.equal((await network().get(plainUrl())).status, 200);
      assert.equal(plain().received[0]?.headers['proxy-authorization'], undefined);
      const told = (origin: string) => `${origin} is reached through the proxy 127.0.0.1:${proxy.port}.`;
      assert.deepEqual(network().notes, [told(new URL(secureUrl()).origin), told(plainUrl())]);
    });
  }

  it('says so where it gets none, or a wrong one', async () => {
    for (const before of ['', 'me%40corp:wrong@']) {
      network().change({ proxy: at(proxy, before) });
      for (const url of [secureUrl(), plainUrl()]) {
        const error = await network().fails(url, 'proxy_auth');
        assert.equal(error.status, 407);
        assert.equal(error.retryable, false);
      }
    }
    assert.equal(plain().received.length, 0);
  });

  it('keeps it to itself in errors', async () => {
    await proxy.behave({ refuse: 403 });
    network().change({ proxy: at(proxy, inUrl) });
    await network().fails(secureUrl(), 'proxy');
    network().change({ proxy: `http://${inUrl}127.0.0.1:${await freePort()}` });
    await network().fails(secureUrl(), 'proxy_unreachable');
    network().change({ proxy: `socks5://${inUrl}127.0.0.1:1` });
    await network().fails(secureUrl(), 'proxy');
  });
});

describe('a proxy that is spoken to in TLS', () => {
  let proxy: ProxyProcess;
  before(async () => {
    proxy = await ProxyProcess.start({ credentials, identity });
  });
  after(() => proxy[Symbol.asyncDispose]());
  const address = () => `https://${inUrl}127.0.0.1:${proxy.port}`;

  it('is used for https and http gateways', async () => {
    network().change({ proxy: address() });
    assert.equal((await network().get(secureUrl())).status, 200);
    assert.equal((await network().get(plainUrl())).status, 200);
  });

  it('must be trusted', async () => {
    network().change({ proxy: address(), caFile: '' });
    for (const url of [secureUrl(), plainUrl()]) await network().fails(url, 'proxy_tls');
  });

  it('must be who it says', async () => {
    network().change({ proxy: address().replace('127.0.0.1', 'localhost') });
    for (const url of [secureUrl(), plainUrl()]) await network().fails(url, 'proxy_tls');
  });
});
