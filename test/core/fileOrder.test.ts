import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { comparer, fileKind, matcher, type Sortable, sortKey } from '../../src/core/fileOrder.ts';

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

describe('a filter', () => {
  const passing = (name: string, ...paths: readonly string[]) =>
    paths.filter(matcher({ name, kind: undefined }));

  it('finds a part of a name, in any case, and of its folders', () => {
    assert.deepEqual(passing('SALES', 'sales.csv', 'a/Sales_2.csv', 'sales/x.csv', 'cost.csv'), [
      'sales.csv',
      'a/Sales_2.csv',
      'sales/x.csv',
    ]);
  });

  it('takes stars and question marks for a pattern of the whole name', () => {
    assert.deepEqual(passing('*.csv', 'a.csv', 'x/b.CSV', 'c.csv.gz'), ['a.csv', 'x/b.CSV']);
    assert.deepEqual(passing('a?.csv', 'a1.csv', 'a.csv', 'a12.csv'), ['a1.csv']);
    assert.deepEqual(passing('x/*.csv', 'x/b.csv', 'y/b.csv'), ['x/b.csv']);
    assert.deepEqual(passing('*a*b', 'xaxb', 'aab', 'ba', 'ab.'), ['xaxb', 'aab']);
    assert.deepEqual(passing('*.[c]sv', 'a.csv', 'a.[c]sv'), ['a.[c]sv']);
  });

  it('does not take long for a pattern that fits in many ways but one', () => {
    const fits = matcher({ name: `${'*a'.repeat(60)}b`, kind: undefined });
    assert.equal(fits('a'.repeat(4000)), false);
  });

  it('tells kinds by names', () => {
    assert.deepEqual(['a.PNG', 'a.csv', 'a.parquet', 'a.py', 'README', 'a.zip'].map(fileKind), [
      'picture',
      'table',
      'table',
      'text',
      'other',
      'other',
    ]);
    assert.equal(matcher({ name: 'a', kind: 'picture' })('a.csv'), false);
    assert.equal(matcher({ name: 'a', kind: 'picture' })('x/a.png'), true);
  });
});
