import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatewayError } from '../../src/core/errors.ts';
import { ContainerBytes } from '../../src/host/containers/containerBytes.ts';
import { clientUnderTest } from '../support/clientUnderTest.ts';

describe('the bytes of files that an editor looks at', () => {
  const { server, client } = clientUnderTest();
  const gateway = () => {
    return { client: client(), label: { name: 'g', local: false, model: '' }, id: 'g', token: 'g' };
  };
  const file = (n: number) => ({ containerId: 'cntr_1', fileId: `cfile_${n}`, filename: `${n}.txt` });
  const requests = () => server().received.length;

  it('are fetched once, however many ask at once and later', async () => {
    server().answer = ({ url }, response) => response.end(/cfile_\d+/.exec(url)?.[0]);
    const bytes = new ContainerBytes();
    const all = Array.from({ length: 60 }, (_, n) => bytes.read(gateway(), file(n % 20)));
    const read = await Promise.all(all);
    assert.equal(requests(), 20);
    assert.equal(Buffer.from(read[43] ?? []).toString(), 'cfile_3');
    await bytes.read(gateway(), file(3));
    assert.equal(await bytes.size(gateway(), file(3)), 7);
    assert.equal(requests(), 20);
  });

  it('are fetched some at a time', async () => {
    let open = 0;
    let most = 0;
    server().answer = (_request, response) => {
      most = Math.max(most, ++open);
      setTimeout(() => {
        open--;
        response.end('x');
      }, 5);
    };
    const bytes = new ContainerBytes();
    await Promise.all(Array.from({ length: 30 }, (_, n) => bytes.read(gateway(), file(n))));
    assert.equal(most, 8);
    assert.equal(requests(), 30);
  });

  it('are asked for again after a failure, which keeps no place', async () => {
    const refuse = { error: { message: 'no such file', type: 'invalid_request_error' } };
    const bytes = new ContainerBytes();
    server().always(404, refuse);
    const gone = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) => bytes.read(gateway(), file(n))),
    );
    for (const result of gone)
      assert.ok(result.status === 'rejected' && result.reason instanceof GatewayError);
    server().answer = (_request, response) => response.end('back');
    assert.equal(Buffer.from(await bytes.read(gateway(), file(0))).toString(), 'back');
  });

  it('make room for others, the longest unused first', async () => {
    const mebibyte = Buffer.alloc(1024 * 1024, 'x');
    server().answer = (_request, response) => response.end(mebibyte);
    const bytes = new ContainerBytes();
    for (let n = 0; n < 64; n++) await bytes.read(gateway(), file(n));
    await bytes.read(gateway(), file(0));
    assert.equal(requests(), 64);
    await bytes.read(gateway(), file(64));
    await bytes.read(gateway(), file(0));
    assert.equal(requests(), 65, 'just used, it stayed');
    await bytes.read(gateway(), file(1));
    assert.equal(requests(), 66, 'the longest unused had gone');
  });
});
