import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cleanLog, foldLog, logFacts, logSections } from '../../src/webview/logs.ts';

test('escape sequences go, overwritten progress lines show their last state', () => {
  assert.equal(cleanLog('\x1b[31mred\x1b[0m \x1b]0;title\x07x'), 'red x');
  assert.equal(cleanLog('10%\r50%\r100%\ndone\r\n'), '100%\ndone\n');
  assert.equal(cleanLog('a\x00b\x08c'), 'abc');
});

test('an exception nobody caught is named, a caught one that was printed is not', () => {
  const raised =
    'hi\nTraceback (most recent call last):\n  File "x", line 1, in <module>\nZeroDivisionError: division by zero\n';
  assert.equal(logFacts([{ type: 'logs', logs: raised }]).raised, 'ZeroDivisionError: division by zero');
  assert.equal(logFacts([{ type: 'logs', logs: 'ValueError: only a text' }]).raised, undefined);
  const long = `${raised}${'and on it went\n'.repeat(20)}`;
  assert.equal(logFacts([{ type: 'logs', logs: long }]).raised, undefined);
});

test('a traceback is a section of its own', () => {
  const text = 'before\nTraceback (most recent call last):\n  File "x"\nKeyError: 1\nafter';
  assert.deepEqual(
    logSections(text).map((section) => section.kind),
    ['text', 'traceback', 'text'],
  );
  assert.equal(
    logSections(text)
      .map((section) => section.text)
      .join('\n'),
    text,
  );
});

test('a long log is folded in the middle and nothing is lost', () => {
  const lines = Array.from({ length: 1_000 }, (_, i) => `line ${i}`);
  const folded = foldLog(lines.join('\n'));
  assert.equal(folded?.hidden, 968);
  assert.ok(folded?.head.startsWith('line 0\n'));
  assert.ok(folded?.tail.endsWith('line 999'));
  assert.equal(foldLog('short'), undefined);
});

test('outputs of a step are joined, and worked out once', () => {
  const outputs = [
    { type: 'logs', logs: 'a' },
    { type: 'logs', logs: 'b\n' },
  ] as const;
  assert.equal(logFacts(outputs).text, 'a\nb');
  assert.equal(logFacts(outputs), logFacts(outputs));
});
