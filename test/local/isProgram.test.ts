import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startPython } from '../../src/local/interpreter.ts';
import type { Python } from '../../src/local/python.ts';
import { sandboxParts } from '../support/sandboxParts.ts';

let python: Python;
before(async () => {
  python = await startPython(await sandboxParts());
  await python.run('sales = [1, 2]\nx = 1', { timeoutSeconds: 10 });
});
after(() => python.close());

const programs = [
  ...[
    '1+1',
    'print(x)',
    'import os',
    'x',
    'sales',
    'x = 3',
    '[1, 2, 3]',
    '{}',
    "f'{x}'",
    'for i in range(3): print(i)',
  ],
  ...[
    'def f():\n    return 1',
    'x == 1',
    'not x',
    'x in sales',
    'sales[0]',
    'y[0]',
    'x.real',
    '2 ** 10',
    "'a' + 'b'",
  ],
  ...[
    'lambda: 1',
    'await f()',
    'print("hello")',
    '# comment\nprint(1)',
    'del x',
    'assert x == 1',
    'y: int = 3',
    'a = b = 1',
  ],
  ...[
    'f(3)',
    'plot_it()',
    'x + 1',
    '1 < 2',
    '"abc".upper()',
    'import this, os',
    'with open("f") as f: pass',
    '(1 + 2) * 3',
  ],
  ...[
    'hello\nprint(1)',
    'raise ValueError("x")',
    'class A: pass',
    '[n for n in range(3)]',
    'x; x',
    'y + 1',
    'x-1',
    'df.head()',
  ],
];
const prose = [
  ...[
    '',
    '  ',
    'hello',
    'help',
    'print',
    'list',
    'not working',
    'hello, world',
    'yes or no',
    'this is wrong',
    'sales_data',
  ],
  ...[
    'thanks',
    '"a sentence"',
    '...',
    '1',
    '2024',
    '3.5',
    'True',
    'None',
    '# heading',
    'pass',
    'continue',
    'break',
  ],
  ...[
    'global warming',
    'raise prices',
    'assert dominance',
    'note: this',
    'TODO: fix',
    'Revenue (sales)',
    'good-bye',
  ],
  ...[
    'profit/loss',
    'income - expenses',
    'a.b',
    'return results',
    'yield curve',
    'await news',
    'hello; world',
    'a < b',
  ],
  ...[
    'Generate a bar chart of sales by quarter and save as PNG',
    'What is 1+1?',
    'x =',
    'if x',
    'del everything',
  ],
  ...[
    'not x y',
    'hello\nworld',
    'Calculate the first 20 fibonacci numbers and plot them',
    '\u0000',
    'Create a CSV',
    '-3',
    'covid-19',
    'A/B',
  ],
];

for (const text of programs) {
  test(`a program: ${JSON.stringify(text)}`, async () => assert.equal(await python.isProgram(text), true));
}
for (const text of prose) {
  test(`no program: ${JSON.stringify(text)}`, async () => assert.equal(await python.isProgram(text), false));
}

test('deeply nested text gets an answer', async () => {
  await python.isProgram(`${'('.repeat(5000)}1${')'.repeat(5000)}`);
  await python.isProgram(`${'-'.repeat(100_000)}1`);
  assert.equal(await python.isProgram('1+1'), true);
});
