import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pastedFile } from '../../src/host/inputs/pasted.ts';
import { PromptHistory } from '../../src/host/session/promptHistory.ts';

describe('PromptHistory', () => {
  const none = () => Promise.resolve([]);

  it('has each text once, where it was sent last', async () => {
    const history = new PromptHistory(none);
    for (const [at, text] of ['a', 'b', ' ', 'a', 'x'.repeat(20_001)].entries()) history.add(text, at);
    assert.deepEqual(await history.list(), ['b', 'a']);
  });

  it('is bounded', async () => {
    const history = new PromptHistory(none);
    for (let i = 0; i < 300; i++) history.add(`prompt ${i}`, i);
    const list = await history.list();
    assert.equal(list.length, 200);
    assert.equal(list.at(-1), 'prompt 299');
  });

  it('has what was sent in stored sessions too, by its time, and looks again when they change', async () => {
    let stored = [
      { text: 'new', at: 30 },
      { text: 'old', at: 10 },
      { text: 'both', at: 5 },
    ];
    let looks = 0;
    const history = new PromptHistory(() => {
      looks++;
      return Promise.resolve(stored);
    });
    history.add('mine', 20);
    history.add('both', 25);
    assert.deepEqual(await history.list(), ['old', 'mine', 'both', 'new']);
    await history.list();
    assert.equal(looks, 1);
    stored = [];
    history.storedChanged();
    assert.deepEqual(await history.list(), ['mine', 'both']);
  });
});

describe('a pasted file', () => {
  const now = new Date(2026, 0, 2, 9, 5, 7);
  const bytes = new Uint8Array([1, 2, 3]).buffer;
  const nameOf = (name: string, ...taken: string[]) =>
    pastedFile(
      name,
      bytes,
      taken.map((other) => ({ id: other, name: other, size: 1 })),
      now,
    ).name;

  it('keeps its name, made safe, and its bytes', () => {
    assert.equal(nameOf('sales.csv'), 'sales.csv');
    assert.equal(nameOf('../../.bashrc\u202E'), '.bashrc');
    assert.deepEqual(pastedFile('a', bytes, [], now).bytes, new Uint8Array([1, 2, 3]));
  });

  it('that is a picture without a name is called by the time', () => {
    assert.equal(nameOf('image.png'), 'pasted-090507.png');
  });

  it('has a name that no other has', () => {
    assert.equal(nameOf('image.PNG', 'pasted-090507.png'), 'pasted-090507 (2).png');
    assert.equal(nameOf('a.csv', 'a.csv', 'a (2).csv'), 'a (3).csv');
  });
});
