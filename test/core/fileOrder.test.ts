import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { comparer, firstSorted, type Sortable, sortKey } from '../../src/core/fileOrder.ts';

const file = (name: string, bytes?: number, createdAt?: number): Sortable & { name: string } => ({
  name,
  key: sortKey(name),
  bytes,
  createdAt,
});
const names = (files: readonly { readonly name: string }[]) => files.map(({ name }) => name);

describe('the order of files', () => {
  it('by name takes numbers for numbers, and does not care about case', () => {
    const sorted = ['b10.csv', 'B9.csv', 'a.csv', 'b010.csv', 'Ä.csv'].map((name) => file(name));
    assert.deepEqual(names(sorted.sort(comparer('name'))), [
      'a.csv',
      'B9.csv',
      'b10.csv',
      'b010.csv',
      'Ä.csv',
    ]);
  });

  it('by size puts the largest first, and those of unknown size last', () => {
    const sorted = [file('a'), file('b', 1), file('c', 30), file('d', 0)].sort(comparer('size'));
    assert.deepEqual(names(sorted), ['c', 'b', 'd', 'a']);
  });

  it('by time puts the newest first, and leaves the gateway’s order where that tells nothing', () => {
    const sorted = [file('a', 1, 5), file('z', 1, 5), file('c', 1, 9), file('d')].sort(comparer('time'));
    assert.deepEqual(names(sorted), ['c', 'a', 'z', 'd']);
  });
});

describe('the first of a list', () => {
  it('are those that sorting all of it puts first, what is equal in its order', () => {
    const entries = fc.array(fc.record({ rank: fc.integer({ min: 0, max: 9 }), place: fc.nat() }));
    const byRank = (a: { readonly rank: number }, b: { readonly rank: number }) => a.rank - b.rank;
    fc.assert(
      fc.property(entries, fc.nat({ max: 12 }), (all, count) => {
        assert.deepEqual(firstSorted(all, count, byRank), all.toSorted(byRank).slice(0, count));
      }),
    );
  });
});
