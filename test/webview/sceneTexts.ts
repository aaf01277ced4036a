/** What steps of the scenes say and print, and what their files hold. */

import type { TablePreview } from '../../src/core/tablePreview.ts';

export const TRACEBACK = `Reading 1,204 rows
Traceback (most recent call last):
  File "/tmp/cell.py", line 6, in <module>
    by_quarter = df.groupby("quater")["amount"].sum()
                 ^^^^^^^^^^^^^^^^^^^^^
  File "/usr/lib/python3.12/site-packages/pandas/core/frame.py", line 9183, in groupby
    return DataFrameGroupBy(
KeyError: 'quater'`;

export const longCode = Array.from(
  { length: 100 },
  (_, i) =>
    `def step_${i}(value):\n    total = value * ${i} + ${i * 7}\n    return {"step": ${i}, "total": total}`,
).join('\n');

export const longLog = Array.from(
  { length: 10_000 },
  (_, i) => `row ${i + 1}: amount=${(i * 37) % 991}, region=${'NESW'[i % 4]}`,
).join('\n');

const colours = Array.from(
  { length: 8 },
  (_, i) => `\x1b[3${i}mcolour ${i}\x1b[0m \x1b[9${i}mbright\x1b[0m \x1b[4${i}mback\x1b[0m`,
);
const progressLines = [0, 25, 50, 100].map((done) => `\r\x1b[32m${'█'.repeat(done / 5)}\x1b[0m ${done} %`);

/** Colours, weights, and a line of progress that was written over. */
export const colouredLog = [
  ...colours,
  '\x1b[1mbold\x1b[0m \x1b[2mdim\x1b[0m \x1b[3mitalic\x1b[0m \x1b[4munderline\x1b[0m \x1b[9mstrike\x1b[0m \x1b[7minverse\x1b[0m',
  progressLines.join(''),
].join('\n');

/** The first rows of every CSV file of the scenes. */
export const table: TablePreview = {
  header: ['quarter', 'region', 'note', 'sales', 'change', 'last year', 'plan', 'share', 'returns', 'stock'],
  rows: Array.from({ length: 8 }, (_, i) => [
    `2024Q${(i % 4) + 1}`,
    `North ${'EW'[i % 2]}`,
    i === 2 ? '<b>not bold</b>, and a rather long remark that somebody left in a cell' : '',
    String(41_200 + i * 1_377),
    (i * 1.7 - 3).toFixed(2),
    String(39_800 + i * 911),
    String(42_000 + i * 1_000),
    `${10 + i} %`,
    String(i * 7),
    String(900 - i * 31),
  ]),
  numeric: [false, false, false, true, true, true, true, true, true, true],
  rowCount: 1_204,
  columnCount: 14,
};
