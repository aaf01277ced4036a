import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MessageGuard } from '../../src/host/inputs/messageGuard.ts';

const remote = { name: 'llm.example.com', local: false, model: 'm' };
const SALES = 'file:///w/sales.csv';
const ENV = 'file:///w/.env';
const IGNORED = 'file:///w/out/a%20b.csv';

/** A guard, what it asked, and what it is answered. */
function guarded(...answers: readonly boolean[]) {
  const asked: string[] = [];
  const given = [...answers];
  const guard = new MessageGuard({
    ask: (origin, concern) => {
      asked.push(`${origin ?? 'message'}: ${concern}`);
      const answer = given.shift();
      assert.ok(answer !== undefined, 'asked once more than expected');
      return Promise.resolve(answer);
    },
    ignored: (uris) => Promise.resolve(new Set(uris.filter((uri) => uri.includes('/out/')))),
  });
  return { guard, asked };
}

describe('before a message leaves the machine', () => {
  const token = `ghp_${'a1B2'.repeat(9)}`;
  const said = (text: string, origin?: string) => ({ text, origin });

  it('nothing is asked of one without any sign, nor where the gateway is on this machine', async () => {
    const { guard, asked } = guarded();
    assert.equal(await guard.mayBeSaid(said('_password = input()\nprint(1)', SALES), remote), true);
    assert.equal(await guard.mayBeSaid(said(`key = "${token}"`, ENV), { ...remote, local: true }), true);
    assert.deepEqual(asked, []);
  });

  it('a token or a private key in it is asked about, until it is allowed', async () => {
    const { guard, asked } = guarded(false, true, true);
    const code = said(`import x\nx.login("${token}")`, 'file:///w/a.py');
    assert.equal(await guard.mayBeSaid(code, remote), false);
    assert.equal(await guard.mayBeSaid(code, remote), true);
    assert.equal(await guard.mayBeSaid(code, remote), true);
    assert.equal(await guard.mayBeSaid(said(`-----BEGIN ${'PRIVATE KEY'}-----`), remote), true);
    assert.deepEqual(asked, ['file:///w/a.py: token', 'file:///w/a.py: token', 'message: private_key']);
  });

  it('what is selected in a file that is asked about is asked about too', async () => {
    const { guard, asked } = guarded(true, true);
    assert.equal(await guard.mayBeSaid(said('A=1', ENV), remote), true);
    assert.equal(await guard.mayBeSaid(said('1,2', IGNORED), remote), true);
    assert.deepEqual(asked, ['file:///w/.env: environment', 'file:///w/out/a%20b.csv: git_ignored']);
  });
});
