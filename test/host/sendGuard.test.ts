import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Doubt, type SendAnswer, SendGuard } from '../../src/host/inputs/sendGuard.ts';
import type { InputFile } from '../../src/host/session/inputs.ts';

const remote = { name: 'llm.example.com', local: false, model: 'm' };
const file = (uri: string, text = 'a,b\n'): InputFile => ({
  name: uri.slice(uri.lastIndexOf('/') + 1),
  bytes: Buffer.from(text),
  uri,
});
const sales = file('file:///w/sales.csv');
const env = file('file:///w/.env');
const ignored = file('file:///w/out/big.csv');

/** A guard, what it asked, and what it is answered. */
function guarded(...answers: readonly SendAnswer[]) {
  const asked: (readonly string[])[] = [];
  const given = [...answers];
  const ask = (doubts: readonly Doubt[]) => {
    asked.push(doubts.map(({ file: { name }, concern }) => `${name}: ${concern}`));
    assert.ok(given.length > 0, 'asked once more than expected');
    return Promise.resolve(given.shift());
  };
  const guard = new SendGuard({
    ask,
    ignored: (uris) => Promise.resolve(new Set(uris.filter((uri) => uri.includes('/out/')))),
  });
  return { guard, asked };
}

describe('before files leave the machine', () => {
  it('nothing is asked of files without any sign, nor where the gateway is on this machine', async () => {
    const { guard, asked } = guarded();
    assert.deepEqual(await guard.permitted([sales], remote), [sales]);
    const local = { ...remote, local: true };
    assert.deepEqual(await guard.permitted([sales, env, ignored], local), [sales, env, ignored]);
    assert.deepEqual(asked, []);
  });

  it('all doubts are one question, and what is allowed is not asked again', async () => {
    const { guard, asked } = guarded('send');
    const files = [sales, env, ignored];
    assert.deepEqual(await guard.permitted(files, remote), files);
    assert.deepEqual(await guard.permitted(files, remote), files);
    assert.deepEqual(asked, [['.env: environment', 'big.csv: git_ignored']]);
  });

  it('what is left out stays here, and is asked about when it is attached again', async () => {
    const { guard, asked } = guarded('leaveOut', 'send');
    assert.deepEqual(await guard.permitted([env, sales], remote), [sales]);
    assert.deepEqual(await guard.permitted([env], remote), [env]);
    assert.equal(asked.length, 2);
  });

  it('no answer sends nothing at all', async () => {
    assert.equal(await guarded(undefined).guard.permitted([env, sales], remote), undefined);
  });

  it('a file that comes to hold a key is asked about again', async () => {
    const { guard, asked } = guarded('send', 'send');
    const key = `-----BEGIN ${'PRIVATE KEY'}-----`;
    await guard.permitted([ignored], remote);
    await guard.permitted([file('file:///w/out/big.csv', key)], remote);
    assert.deepEqual(asked, [['big.csv: git_ignored'], ['big.csv: private_key']]);
  });

  it('a part of a file is as its file is', async () => {
    const { guard, asked } = guarded('send');
    const part = { name: '.env-line-3', bytes: Buffer.from('A=1'), uri: undefined, origin: env.uri ?? '' };
    await guard.permitted([part, { ...part, name: 'text', origin: 'file:///w/out/a%20b.txt' }], remote);
    assert.deepEqual(asked, [['.env-line-3: environment', 'text: git_ignored']]);
  });
});
