import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatewayError } from '../../src/core/errors.ts';
import { apiBase } from '../../src/gateway/address.ts';
import { nativeContainerId } from '../../src/gateway/litellm.ts';
import type { NetworkSettings } from '../../src/gateway/network/network.ts';
import { chooseProxy, parseProxy } from '../../src/gateway/network/proxy.ts';

describe('chooseProxy', () => {
  const proxy = 'http://proxy:3128';
  const choose = async (url: string, more: Partial<NetworkSettings> = {}) =>
    (await chooseProxy(new URL(url), { proxy, noProxy: [], strictTls: true, env: {}, ...more }))?.origin;
  const gateway = 'https://llm.example.com';

  it('goes to this machine directly', async () => {
    for (const host of ['localhost', '127.0.0.1', '[::1]', '127.1.2.3'])
      assert.equal(await choose(`http://${host}:8080/`), undefined);
  });

  it('takes http.proxy before the environment', async () => {
    assert.equal(await choose(gateway), proxy);
    assert.equal(await choose(gateway, { env: { HTTPS_PROXY: 'http://env:1' } }), proxy);
  });

  const environments: readonly (readonly [string, Record<string, string>, string | undefined])[] = [
    ['https://a.b', { HTTPS_PROXY: 'http://env:1' }, 'http://env:1'],
    ['https://a.b', { https_proxy: 'http://low:1', HTTPS_PROXY: 'http://env:1' }, 'http://low:1'],
    ['https://a.b', { https_proxy: '', HTTPS_PROXY: 'http://env:1' }, 'http://env:1'],
    ['https://a.b', { HTTP_PROXY: 'http://env:1' }, 'http://env:1'],
    ['https://a.b', { all_proxy: 'http://all:1', HTTP_PROXY: 'http://env:1' }, 'http://all:1'],
    ['https://a.b', { ALL_PROXY: 'all:1' }, 'http://all:1'],
    ['http://a.b', { HTTPS_PROXY: 'http://env:1' }, undefined],
    ['http://a.b', { HTTP_PROXY: 'env:1', ALL_PROXY: 'all:1' }, 'http://env:1'],
    ['http://a.b', { ALL_PROXY: 'all:1' }, 'http://all:1'],
  ];
  for (const [url, env, origin] of environments) {
    it(`takes ${origin} for ${url} with ${JSON.stringify(env)}`, async () => {
      assert.equal(await choose(url, { proxy: '', env }), origin);
    });
  }

  it('takes none at all where http.proxySupport is off', async () => {
    const env = { HTTPS_PROXY: 'http://env:1' };
    const systemProxy = async () => 'http://system:1';
    assert.equal(await choose(gateway, { env, systemProxy, proxySupport: 'off' }), undefined);
    assert.equal(await choose(gateway, { env, systemProxy, proxySupport: 'fallback' }), proxy);
  });

  it("asks for the system's only where nothing else says anything", async () => {
    const asked: string[] = [];
    const systemProxy = async (url: URL) => {
      asked.push(url.href);
      return 'http://system:1';
    };
    assert.equal(await choose(gateway, { systemProxy }), proxy);
    assert.equal(await choose(gateway, { systemProxy, proxy: '', noProxy: ['*'] }), undefined);
    assert.equal(await choose('http://localhost', { systemProxy, proxy: '' }), undefined);
    assert.deepEqual(asked, []);
    assert.equal(await choose(gateway, { systemProxy, proxy: '' }), 'http://system:1');
    assert.equal(await choose(gateway, { systemProxy: async () => undefined, proxy: '' }), undefined);
    assert.deepEqual(asked, [`${gateway}/`]);
  });

  const spared: readonly (readonly [string, string, boolean])[] = [
    ['llm.example.com', 'https://llm.example.com', true],
    ['example.com', 'https://llm.example.com', true],
    ['.example.com', 'https://llm.example.com', true],
    ['*.example.com', 'https://llm.example.com', true],
    ['EXAMPLE.com.', 'https://llm.example.com.', true],
    ['example.com', 'https://notexample.com', false],
    ['llm.example.com:443', 'https://llm.example.com', true],
    ['llm.example.com:443', 'https://llm.example.com:8443', false],
    ['.example.com:8443', 'https://llm.example.com:8443', true],
    ['*', 'https://x.y', true],
    ['10.1.2.3', 'http://10.1.2.3:4000', true],
    ['10.1.2.3:4000', 'http://10.1.2.3:4000', true],
    ['10.1.2.3:80', 'http://10.1.2.3:4000', false],
    ['10.0.0.0/8', 'http://10.1.2.3:4000', true],
    ['10.0.0.0/16', 'http://10.1.2.3:4000', false],
    ['10.0.0.0/99', 'http://10.1.2.3:4000', false],
    ['10.0.0.0/8', 'http://ten.example.com', false],
    ['2.3', 'http://10.1.2.3:4000', false],
    ['2001:db8::1', 'http://[2001:db8::1]:4000', true],
    ['2001:0DB8:0::1', 'http://[2001:db8::1]:4000', true],
    ['[2001:db8::1]', 'http://[2001:db8::1]:4000', true],
    ['[2001:db8::1]:4000', 'http://[2001:db8::1]:4000', true],
    ['[2001:db8::1]:80', 'http://[2001:db8::1]:4000', false],
    ['2001:db8::/32', 'http://[2001:db8::1]:4000', true],
    ['2001:db9::/32', 'http://[2001:db8::1]:4000', false],
    ['', 'https://x.y', false],
  ];
  for (const [pattern, url, direct] of spared) {
    it(`${direct ? 'goes directly' : 'does not go directly'} to ${url} with "${pattern}"`, async () => {
      const expected = direct ? undefined : proxy;
      assert.equal(await choose(url, { noProxy: ['a.b', ` ${pattern} `] }), expected);
      assert.equal(await choose(url, { env: { no_proxy: `a.b, ${pattern}` } }), expected);
      assert.equal(await choose(url, { env: { NO_PROXY: `a.b ${pattern}` } }), expected);
    });
  }

  it('leaves NO_PROXY aside where http.noProxy is set, as the editor does', async () => {
    const env = { NO_PROXY: 'example.com' };
    assert.equal(await choose(gateway, { env, noProxy: ['other.com'] }), proxy);
    assert.equal(await choose(gateway, { env, noProxy: [''] }), undefined);
  });
});

describe('parseProxy', () => {
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
  const cases: readonly (readonly [string, string, string, string | undefined])[] = [
    ['http://proxy.corp:8080', 'http://proxy.corp:8080', 'proxy.corp:8080', undefined],
    ['proxy.corp:8080', 'http://proxy.corp:8080', 'proxy.corp:8080', undefined],
    ['me:secret@proxy.corp:8080', 'http://proxy.corp:8080', 'proxy.corp:8080', basic('me:secret')],
    ['proxy.corp', 'http://proxy.corp', 'proxy.corp:80', undefined],
    ['https://proxy.corp/', 'https://proxy.corp', 'proxy.corp:443', undefined],
    ['HTTP://[2001:db8::1]:3128/x', 'http://[2001:db8::1]:3128', '[2001:db8::1]:3128', undefined],
    ['http://me%40corp:a%3Ab%20%C3%BC@proxy:1', 'http://proxy:1', 'proxy:1', basic('me@corp:a:b ü')],
    ['http://me:100%sure@proxy:1', 'http://proxy:1', 'proxy:1', basic('me:100%sure')],
    ['http://me@proxy:1', 'http://proxy:1', 'proxy:1', basic('me:')],
  ];
  for (const [address, origin, name, authorization] of cases) {
    it(`reads ${address}`, () => assert.deepEqual(parseProxy(address), { origin, name, authorization }));
  }

  it('prefers http.proxyAuthorization', () => {
    assert.equal(parseProxy('http://me:x@proxy:1', 'Bearer abc').authorization, 'Bearer abc');
    assert.equal(parseProxy('http://me:x@proxy:1', ' ').authorization, basic('me:x'));
  });

  for (const address of [
    'socks://me:geheim@proxy:1080',
    'socks5h://proxy',
    'http://me:gehe#im@proxy:1',
    'a b',
  ]) {
    it(`cannot use ${address}, and does not repeat its password`, () => {
      assert.throws(
        () => parseProxy(address),
        (error) => error instanceof GatewayError && error.kind === 'proxy' && !/gehe|im@/.test(error.message),
      );
    });
  }
});

describe('apiBase', () => {
  for (const [entered, base] of [
    ['https://llm.example.com', 'https://llm.example.com/v1'],
    [' https://llm.example.com/v1/ ', 'https://llm.example.com/v1'],
    ['http://localhost:4000/', 'http://localhost:4000/v1'],
    ['https://host/proxy/openai/v1', 'https://host/proxy/openai/v1'],
    ['https://host/prefix?x=1#y', 'https://host/prefix/v1'],
    ['https://host/v1/responses', 'https://host/v1'],
  ] as const) {
    it(`${JSON.stringify(entered)} is ${base}`, () => assert.equal(apiBase(entered).href, base));
  }
});

describe('nativeContainerId', () => {
  const native = 'cntr_6a3c1c1024a8819892cfe6b854387cea0bb1797a3699251c';
  const rewrite = (text: string) => `cntr_${Buffer.from(text).toString('base64')}`;
  it('leaves native ids as they are', () => assert.equal(nativeContainerId(native), native));
  it('reads the native id out of a rewritten one', () => {
    const text = `litellm:custom_llm_provider:openai;model_id:${'f'.repeat(64)};container_id:${native}`;
    assert.equal(nativeContainerId(rewrite(text)), native);
  });
  it('leaves long ids alone that say something else', () => {
    const id = rewrite('x'.repeat(100));
    assert.equal(nativeContainerId(id), id);
  });
});
