import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeLinks } from '../../src/webview/traceback.ts';

const code = 'def half(x):\n    return x / 0\n\nhalf(4)\n';
const links = (text: string, of = code) =>
  codeLinks(text, of).map(({ from, to, line }) => `${line}: ${text.slice(from, to)}`);

test("Python's frames lead to the lines that they quote", () => {
  const text = `Traceback (most recent call last):
  File "<cell 7>", line 4, in <module>
    half(4)
    ~~~~^^^
  File "<cell 7>", line 2, in half
    return x / 0
           ~~^~~
ZeroDivisionError: division by zero`;
  assert.deepEqual(links(text), ['4: File "<cell 7>", line 4', '2: File "<cell 7>", line 2']);
});

test('frames in other code do not', () => {
  const text = `Traceback (most recent call last):
  File "/usr/lib/python3.12/site-packages/pandas/core/frame.py", line 4, in groupby
    return DataFrameGroupBy(
  File "<cell 1>", line 2, in earlier
    return x / zero
  File "<cell 1>", line 99
ZeroDivisionError: division by zero`;
  assert.deepEqual(links(text), []);
});

test('a syntax error leads to its line', () => {
  const text = '  File "<cell 2>", line 2\n    print("a"\n         ^\nSyntaxError: \'(\' was never closed';
  assert.deepEqual(links(text, 'x = 1\nprint("a"\n'), ['2: File "<cell 2>", line 2']);
});

test('a frame without a quotation leads there too, if it is one of given code', () => {
  assert.deepEqual(links('  File "<string>", line 4, in <module>\nZeroDivisionError: x'), [
    '4: File "<string>", line 4',
  ]);
  assert.deepEqual(links('  File "<string>", line 40, in <module>\nZeroDivisionError: x'), []);
  assert.deepEqual(links('  File "/x.py", line 4, in <module>\nZeroDivisionError: x'), []);
});

test("IPython's listing leads there by its head and by its arrow", () => {
  const text = `ZeroDivisionError                         Traceback (most recent call last)
Cell In[1], line 4
      1 def half(x):
      2     return x / 0
----> 4 half(4)

Cell In[1], line 2, in half(x)
      1 def half(x):
----> 2     return x / 0

File /usr/lib/python3.11/x.py:2, in y
----> 2     return x / zero
ZeroDivisionError: division by zero`;
  assert.deepEqual(links(text), [
    '4: Cell In[1], line 4',
    '4: ----> 4 half(4)',
    '2: Cell In[1], line 2',
    '2: ----> 2     return x / 0',
  ]);
});

test('a hostile traceback costs little', () => {
  const size = 100_000;
  assert.deepEqual(links('  File "<cell 1>", line 4\n    no\n'.repeat(size / 10)), []);
  assert.deepEqual(links('-'.repeat(size)), []);
  assert.deepEqual(links(`  File "${'<'.repeat(size)}`), []);
});
