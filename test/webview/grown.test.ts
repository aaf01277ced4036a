import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { TextPart } from '../../src/core/events.ts';
import { addText, latestText } from '../../src/core/latestText.ts';
import { addedTo, GrownText } from '../../src/webview/grown.ts';

const empty: TextPart = { text: '', refusal: false, citations: [] };

test('the end of a text is known as far as it came in pieces, and never more than some of it', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 900 }), { maxLength: 12 }), (pieces) => {
      const part = pieces.reduce((before, piece) => addText(before, piece, false), empty);
      const latest = latestText(part);
      assert.equal(part.text, pieces.join(''));
      assert.ok(part.text.endsWith(latest));
      assert.ok(
        latest.length >= Math.min(part.text.length, 512) && latest.length <= 1_024,
        `${latest.length}`,
      );
    }),
  );
});

test('what came otherwise is not known', () => {
  const part = addText({ ...empty, text: 'told at once' }, ' and more', false);
  assert.equal(latestText({ ...part, text: 'another' }), '');
  assert.equal(latestText(part), ' and more');
});

test('what was added since it was last looked at is found, however much that is', () => {
  const step = fc.tuple(fc.string({ maxLength: 300 }), fc.boolean());
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const shown = new GrownText();
      let part = empty;
      let seen = '';
      for (const [piece, looks] of steps) {
        part = addText(part, piece, false);
        if (looks) seen += shown.take(part.text, latestText(part), false);
        if (looks) assert.equal(seen, part.text);
      }
    }),
  );
});

test('what was taken for the same by its end alone is found out in the end', () => {
  const same = 'the same end of some length, longer than what is compared of two texts';
  const shown = new GrownText();
  const first = addText(empty, `One beginning and ${same}`, false);
  shown.take(first.text, latestText(first), false);
  const other = addText({ ...empty, text: 'Two' }, ` beginnings, an${same}`, false);
  assert.equal(shown.take(other.text, latestText(other), false), '');
  assert.equal(shown.take(other.text, latestText(other), true), undefined);
});

test('another text is told apart', () => {
  const shown = new GrownText();
  const first = addText(empty, 'one two three four five six', false);
  assert.equal(shown.take(first.text, latestText(first), false), first.text);
  const other = addText({ ...empty, text: 'six five four three two one' }, ', and more', false);
  assert.equal(shown.take(other.text, latestText(other), false), undefined);
  assert.equal(shown.take(`${other.text}!`, '', true), '!');
  assert.equal(shown.take('short', '', true), undefined);
  assert.equal(addedTo('ab', 'abc'), 'c');
});
