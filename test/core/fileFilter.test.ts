import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fileKind, matcher } from '../../src/core/fileFilter.ts';

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
