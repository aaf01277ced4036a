import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readTerminal } from '../../src/core/terminal.ts';

/** A text with each run as `<classes|words>`. */
function shown(raw: string): string {
  const { text, runs } = readTerminal(raw);
  let out = '';
  let at = 0;
  for (const { from, to, className } of runs) {
    out += `${text.slice(at, from)}<${className.replaceAll('ansi-', '')}|${text.slice(from, to)}>`;
    at = to;
  }
  return out + text.slice(at);
}

test('colours and weights are classes, whatever way they are told', () => {
  assert.equal(shown('\x1b[31mred\x1b[0m plain'), '<fg-1|red> plain');
  assert.equal(shown('\x1b[1;92mok\x1b[22m!\x1b[39m.'), '<bold fg-10|ok><fg-10|!>.');
  assert.equal(shown('\x1b[41;37mx\x1b[m'), '<fg-7 bg-1|x>');
  assert.equal(shown('\x1b[3;4;9;2mx\x1b[23;24;29;22my'), '<italic underline strike dim|x>y');
  assert.equal(shown('\x1b[38;5;196mx\x1b[38;5;244my\x1b[38;2;80;90;250mz'), '<fg-1|x><fg-7|y><fg-12|z>');
  assert.equal(shown('\x1b[38:5:2mx'), '<fg-2|x>');
  assert.equal(shown('\x9b32mx'), '<fg-2|x>');
  assert.equal(shown('\x1b[7mx\x1b[27my'), '<inverse|x>y');
  assert.equal(shown('a\x1b[31mb\nc\x1b[0m\nd'), 'a<fg-1|b>\n<fg-1|c>\nd');
});

test('text cannot hide in its own colour', () => {
  assert.equal(shown('\x1b[30;40mx'), '<fg-0|x>');
  assert.equal(shown('\x1b[8mx'), 'x');
});

test('a line that is written over shows what is left of it', () => {
  assert.equal(shown('10%\r50%\r100%\ndone\r\n'), '100%\ndone\n');
  assert.equal(shown('loading...\rdone'), 'doneing...');
  assert.equal(shown('loading...\r\x1b[Kdone'), 'done');
  assert.equal(shown('\x1b[31mloading\x1b[0m\r\x1b[32mok'), '<fg-2|ok><fg-1|ading>');
  assert.equal(shown('ab\x08c'), 'ac');
  assert.equal(shown('\x1b[31mab\x08\x08\x1b[0mc'), 'c');
  assert.equal(shown('\u{1f600}\x08x'), 'x');
});

test('every other sequence is dropped', () => {
  assert.equal(shown('\x1b]0;title\x07x\x1b]8;;https://e.com\x1b\\link\x1b]8;;\x1b\\'), 'xlink');
  assert.equal(shown('\x1b[2J\x1b[1;1H\x1b[?25l\x1b(Ba\x1bMb\x00\x07c\x7f\x85d'), 'abcd');
  assert.equal(shown('a\tb'), 'a\tb');
  assert.equal(shown('\x1bPq#0;2;0;0;0\x1b\\x'), 'x');
});

const piece = fc.oneof(
  fc.constantFrom(
    '\x1b[31m',
    '\x1b[0m',
    '\x1b[1m',
    '\x1b[K',
    '\r',
    '\n',
    '\x08',
    '\x1b',
    '\x1b[',
    '\x9b',
    '\x1b]0;',
  ),
  fc.string({ maxLength: 6 }),
  fc.string({ maxLength: 6, unit: 'binary' }),
);

test('whatever is printed, the runs are in order inside the text, and no control character is left', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const { text, runs } = readTerminal(pieces.join(''));
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
      assert.doesNotMatch(text, /[\x00-\x08\x0b-\x1f\x7f-\x9f]/);
      let at = 0;
      for (const { from, to, className } of runs) {
        assert.ok(from >= at && to > from && to <= text.length, JSON.stringify(runs));
        assert.match(className, /^[a-z0-9 -]+$/);
        at = to;
      }
    }),
    { numRuns: 1_000 },
  );
});

test('hostile logs cost what their length costs', () => {
  const size = 200_000;
  const hostile = [
    '\r'.repeat(size),
    'x\r'.repeat(size),
    'x\x08'.repeat(size),
    `${'x'.repeat(size)}${'\ry'.repeat(size)}`,
    '\x1b['.repeat(size),
    '\x1b]'.repeat(size),
    '\x1b[31mx\x1b[32my'.repeat(size / 8),
    '\x1b[1;'.repeat(size),
  ];
  for (const text of hostile) assert.ok(readTerminal(text).runs.length <= 10_000);
});
