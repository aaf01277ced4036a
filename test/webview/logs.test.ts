import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logSections } from '../../src/core/traceback.ts';
import { foldLog, logFacts } from '../../src/webview/logs.ts';

test('an exception nobody caught is named, a caught one that was printed is not', () => {
  const raised =
    'hi\nTraceback (most recent call last):\n  File "x", line 1, in <module>\nZeroDivisionError: division by zero\n';
  assert.equal(logFacts([{ type: 'logs', logs: raised }]).raised, 'ZeroDivisionError: division by zero');
  assert.equal(logFacts([{ type: 'logs', logs: 'ValueError: only a text' }]).raised, undefined);
  const long = `${raised}${'and on it went\n'.repeat(20)}`;
  assert.equal(logFacts([{ type: 'logs', logs: long }]).raised, undefined);
});

const cut = (text: string) =>
  logSections(text).map(({ kind, from, to }) => `${kind}: ${text.slice(from, to)}`);

test('a traceback is a section of its own', () => {
  const traceback = 'Traceback (most recent call last):\n  File "x"\nKeyError: 1';
  assert.deepEqual(cut(`before\n${traceback}\nafter`), [
    'text: before',
    `traceback: ${traceback}`,
    'text: after',
  ]);
  assert.deepEqual(cut(traceback), [`traceback: ${traceback}`]);
  assert.deepEqual(cut(''), []);
  const rule = '-'.repeat(75);
  const ipython = 'KeyError        Traceback (most recent call last)\nCell In[1], line 1\nKeyError: 1';
  assert.deepEqual(cut(`${rule}\n${ipython}`), [`traceback: ${ipython}`]);
  assert.deepEqual(cut(`a\n\n${rule}\n${ipython}\n`), ['text: a\n', `traceback: ${ipython}`]);
});

test('a long log is folded in the middle and nothing is lost', () => {
  const lines = Array.from({ length: 1_000 }, (_, i) => `line ${i}`);
  const text = lines.join('\n');
  const folded = foldLog(text);
  assert.ok(folded);
  const shown = [...text.slice(0, folded.headEnd).split('\n'), ...text.slice(folded.tailStart).split('\n')];
  assert.deepEqual(shown, [...lines.slice(0, 12), ...lines.slice(-20)]);
  assert.equal(folded.hidden, 968);
  assert.equal(foldLog('short'), undefined);
  assert.equal(foldLog(lines.slice(0, 40).join('\n')), undefined);
});

test('outputs of a step are joined, and worked out once', () => {
  const outputs = [
    { type: 'logs', logs: 'a' },
    { type: 'logs', logs: 'b\n' },
  ] as const;
  const coloured = [
    { type: 'logs', logs: 'one' },
    { type: 'logs', logs: '\x1b[1mtwo' },
  ] as const;
  assert.deepEqual(logFacts(coloured).log.runs, [{ from: 4, to: 7, className: 'ansi-bold' }]);
  assert.deepEqual(logFacts(outputs).log, { text: 'a\nb', runs: [] });
  assert.equal(logFacts(outputs), logFacts(outputs));
});
