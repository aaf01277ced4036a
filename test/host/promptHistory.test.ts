import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pastedFile } from '../../src/host/inputs/pasted.ts';
import { PromptHistory } from '../../src/host/session/promptHistory.ts';

describe('PromptHistory', () => {
  it('has each text once, where it was sent last', () => {
    const history = new PromptHistory();
    for (const text of ['a', 'b', ' ', 'a', 'x'.repeat(20_001)]) history.add(text);
    assert.deepEqual(history.list, ['b', 'a']);
  });

  it('is bounded', () => {
    const history = new PromptHistory();
    for (let i = 0; i < 300; i++) history.add(`prompt ${i}`);
    assert.equal(history.list.length, 200);
    assert.equal(history.list.at(-1), 'prompt 299');
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
