import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TablePreview } from '../../src/core/tablePreview.ts';
import { makeTranslate } from '../../src/core/translate.ts';
import { tableFiles, tableWords } from '../../src/webview/view/viewTable.ts';

const language = { t: makeTranslate({}), lang: 'en' };
const table = (rows: number, rowCount: number | undefined, columnCount = 2): TablePreview => ({
  header: ['a', 'b'],
  rows: Array.from({ length: rows }, () => ['1', '2']),
  numeric: [true, true],
  rowCount,
  columnCount,
});

test('a table says how much of the file it shows', () => {
  assert.equal(tableWords(table(8, 1204), language), '8 of 1,204 rows');
  assert.equal(tableWords(table(3, 3), language), '3 rows');
  assert.equal(tableWords(table(1, 1), language), '1 row');
  assert.equal(tableWords(table(8, undefined), language), 'first 8 rows');
  assert.equal(tableWords(table(8, 20, 30), language), '8 of 20 rows, 2 of 30 columns');
});

test('the first few tables of a run are shown, some more are there to be shown', () => {
  const file = (filename: string) => ({
    containerId: 'c',
    fileId: filename,
    filename,
    name: filename,
    icon: 'file',
    size: '',
  });
  const names = ['a.csv', 'b.png', 'c.TSV', 'd.csv', 'e.csv', 'csv'];
  assert.deepEqual(
    tableFiles(names.map(file)).map(({ filename, open }) => [filename, open]),
    [
      ['a.csv', true],
      ['c.TSV', true],
      ['d.csv', true],
      ['e.csv', false],
    ],
  );
  const many = Array.from({ length: 40 }, (_, place) => file(`${place}.csv`));
  assert.equal(tableFiles(many).length, 12);
});
