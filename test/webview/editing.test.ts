import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Edit, indentLines, newLine } from '../../src/webview/editing.ts';

/** The text after an edit, with what is selected between `[` and `]`, or `|` for the cursor. */
function after(value: string, { from, to, text, selection: [start, end] }: Edit): string {
  const changed = value.slice(0, from) + text + value.slice(to);
  const selected = changed.slice(start, end);
  const mark = selected === '' ? '|' : `[${selected}]`;
  return changed.slice(0, start) + mark + changed.slice(end);
}

/** An edit of a text whose cursor is where `|` stands, or whose selection is between `[` and `]`. */
function edited(marked: string, edit: (value: string, from: number, to: number) => Edit): string {
  const value = marked.replace(/[[\]|]/g, '');
  const from = marked.search(/[[|]/);
  const to = marked.includes(']') ? marked.indexOf(']') - 1 : from;
  return after(value, edit(value, from, to));
}

const indent = (value: string, from: number, to: number) => indentLines(value, from, to, 1);
const outdent = (value: string, from: number, to: number) => indentLines(value, from, to, -1);

test('a new line is indented as the one before, deeper after a colon', () => {
  assert.equal(edited('x = 1|', newLine), 'x = 1\n|');
  assert.equal(edited('if x:|', newLine), 'if x:\n    |');
  assert.equal(edited('if x:  # why|', newLine), 'if x:  # why\n    |');
  assert.equal(edited('    y = {1: 2}|z', newLine), '    y = {1: 2}\n    |z');
  assert.equal(edited('\n|x', newLine), '\n\n|x');
  assert.equal(edited('|\nx', newLine), '\n|\nx');
});

test('Tab writes spaces up to the next step, and moves the lines that are selected', () => {
  assert.equal(edited('x|', indent), 'x   |');
  assert.equal(edited('    |x', indent), '        |x');
  assert.equal(edited('[a\n\nb]\nc', indent), '    [a\n\n    b]\nc');
  assert.equal(edited('[a\n]b', indent), '    [a\n]b');
  assert.equal(edited('    a|', outdent), 'a|');
  assert.equal(edited('a|', outdent), 'a|');
  assert.equal(edited('\ta\n  [b\nc]', outdent), '\ta\n[b\nc]');
});

test('moving lines in and out again changes nothing', () => {
  const line = fc.constantFrom('a', '    b', 'c: d', '\tx', '  y');
  fc.assert(
    fc.property(fc.array(line, { minLength: 2, maxLength: 8 }), (lines) => {
      const value = lines.join('\n');
      const moved = indentLines(value, 0, value.length, 1);
      const back = indentLines(moved.text, 0, moved.text.length, -1);
      assert.equal(back.text, value);
    }),
  );
});
