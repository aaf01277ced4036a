import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HistoryCursor, isAtEdge } from '../../src/webview/history.ts';

test('the keys lead back to the oldest text and forth to the draft', () => {
  const cursor = new HistoryCursor(['one', 'two'], 'draft');
  assert.equal(cursor.move(1), undefined);
  assert.equal(cursor.move(-1), 'two');
  assert.equal(cursor.move(-1), 'one');
  assert.equal(cursor.move(-1), undefined);
  assert.equal(cursor.move(1), 'two');
  assert.equal(cursor.move(1), 'draft');
  assert.equal(cursor.move(1), undefined);
});

test('a draft that is the latest text is passed over', () => {
  const cursor = new HistoryCursor(['one', 'two'], 'two');
  assert.equal(cursor.move(-1), 'one');
  assert.equal(new HistoryCursor(['two'], 'two').move(-1), undefined);
  assert.equal(new HistoryCursor([], '').move(-1), undefined);
});

test('only the first and the last line are edges', () => {
  const text = 'one\ntwo\nthree';
  assert.deepEqual([isAtEdge(text, 3, -1), isAtEdge(text, 4, -1)], [true, false]);
  assert.deepEqual([isAtEdge(text, 7, 1), isAtEdge(text, 8, 1)], [false, true]);
  assert.ok(isAtEdge('', 0, -1) && isAtEdge('', 0, 1));
});
