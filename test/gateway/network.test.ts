import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { apiBase } from '../../src/gateway/http.ts';
import { nativeContainerId } from '../../src/gateway/litellm.ts';
import { proxyFor } from '../../src/gateway/network.ts';

describe('proxyFor', () => {
  const proxy = 'http://proxy:3128';
  const choose = (
    url: string,
    more: { noProxy?: string[]; env?: Record<string, string>; proxy?: string } = {},
  ) => proxyFor(new URL(url), { proxy, noProxy: [], strictTls: true, env: {}, ...more });

  it('goes to this machine directly', () => {
    for (const host of ['localhost', '127.0.0.1', '[::1]', '127.1.2.3'])
      assert.equal(choose(`http://${host}:8080/`), undefined);
  });
  it('uses http.proxy, else the environment', () => {
    assert.equal(choose('https://llm.example.com'), proxy);
    assert.equal(
      choose('https://llm.example.com', { proxy: '', env: { HTTPS_PROXY: 'http://env:1' } }),
      'http://env:1',
    );
    assert.equal(
      choose('http://llm.example.com', { proxy: '', env: { HTTPS_PROXY: 'http://env:1' } }),
      undefined,
    );
  });
  it('spares what http.noProxy and NO_PROXY name', () => {
    assert.equal(choose('https://llm.example.com', { noProxy: ['example.com'] }), undefined);
    assert.equal(choose('https://llm.example.com', { noProxy: ['*.example.com'] }), undefined);
    assert.equal(choose('https://llm.example.com', { env: { NO_PROXY: 'a.b, .example.com' } }), undefined);
    assert.equal(choose('https://llm.example.com:8443', { noProxy: ['llm.example.com:443'] }), proxy);
    assert.equal(choose('https://notexample.com', { noProxy: ['example.com'] }), proxy);
    assert.equal(choose('https://x.y', { noProxy: ['*'] }), undefined);
  });
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
