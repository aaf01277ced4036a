import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { csvPreview } from '../../src/host/panel/csvPreview.ts';

const rows = (count: number) => Array.from({ length: count }, (_, i) => `c${i},${i * 1000}`).join('\n');

describe('the first rows of a CSV file', () => {
  it('are told with the number of all, and which columns hold numbers', () => {
    const table = csvPreview(`city,people\n${rows(500)}\n`, true);
    assert.deepEqual(table?.header, ['city', 'people']);
    assert.equal(table?.rows.length, 8);
    assert.deepEqual(table?.rows[1], ['c1', '1000']);
    assert.deepEqual(table?.numeric, [false, true]);
    assert.equal(table?.rowCount, 500);
  });

  it('leave out a row that was cut off, and say nothing of those that were not read', () => {
    const table = csvPreview('a,b\n1,2\n3,"not the who', false);
    assert.deepEqual(table?.rows, [['1', '2']]);
    assert.equal(table?.rowCount, undefined);
  });

  it('are read whatever separates the cells and however they are quoted', () => {
    assert.deepEqual(csvPreview('a;b\n"x;y";"say ""hi"""\n', true)?.rows, [['x;y', 'say "hi"']]);
    assert.deepEqual(csvPreview('a\tb\r\n1\t2\r\n', true)?.rows, [['1', '2']]);
    assert.deepEqual(csvPreview('\ufeffa,b\n"two\nlines",2\n', true)?.header, ['a', 'b']);
    assert.deepEqual(csvPreview('a,b\n"two\nlines",2\n', true)?.rows, [['two lines', '2']]);
  });

  it('of a wide table and of long cells are cut', () => {
    const wide = Array.from({ length: 40 }, (_, i) => `c${i}`).join(',');
    const table = csvPreview(`${wide}\n${'x'.repeat(500)},${'1'.repeat(300)}\n`, true);
    assert.equal(table?.header.length, 12);
    assert.equal(table?.columnCount, 40);
    assert.equal(table?.rows[0]?.[0]?.length, 80);
    assert.deepEqual(table?.rows[0]?.slice(2, 4), ['', '']);
  });

  it('know numbers with signs, separators and gaps', () => {
    const text = 'a,b,c,d,e\n-1.5,"1,000",3 %,x1,\n,2e6,nan,2,\n';
    assert.deepEqual(csvPreview(text, true)?.numeric, [true, true, true, false, false]);
  });

  it('of nothing are no table', () => {
    assert.equal(csvPreview('', true), undefined);
    assert.equal(csvPreview('\n\n', true), undefined);
    assert.equal(csvPreview('one row that never ends', false), undefined);
  });

  it('stay small, whatever the file holds', () => {
    const piece = fc.oneof(fc.constantFrom('"', ',', ';', '\n', '\r\n', '\t', '""', 'a', '1'), fc.string());
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 200 }), fc.boolean(), (pieces, whole) => {
        const table = csvPreview(pieces.join(''), whole);
        if (table === undefined) return;
        assert.ok(table.rows.length <= 8 && table.header.length <= 12);
        for (const row of [table.header, ...table.rows]) {
          assert.equal(row.length, table.header.length);
          assert.ok(row.every((cell) => cell.length <= 80));
        }
      }),
    );
  });
});
