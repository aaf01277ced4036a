import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ImageStore } from '../../src/host/session/imageStore.ts';

const png = (fill: number) => `data:image/png;base64,${Buffer.alloc(100, fill).toString('base64')}`;

describe('ImageStore', () => {
  it('holds a picture that arrives twice once', async () => {
    const store = new ImageStore();
    const key = store.intern(png(1));
    assert.equal(store.intern(png(1)), key);
    store.forgetTexts();
    assert.equal(store.intern(png(1)), key);
    assert.deepEqual(await store.get(key), { mime: 'image/png', bytes: Buffer.alloc(100, 1) });
  });

  it('tells pictures apart, those too that end alike', async () => {
    const store = new ImageStore();
    const tail = 'A'.repeat(200);
    const a = store.intern(`data:image/png;base64,BBBB${tail}`);
    const b = store.intern(`data:image/png;base64,CCCC${tail}`);
    assert.notEqual(a, b);
    assert.notDeepEqual(await store.get(a), await store.get(b));
  });

  for (const url of ['data:image/svg+xml;base64,AAAA', 'data:text/html,<b>', 'https://example.com/x.png']) {
    it(`does not take ${url.slice(0, 20)} for a picture`, async () => {
      const store = new ImageStore();
      assert.equal(await store.get(store.intern(url)), undefined);
    });
  }
});
