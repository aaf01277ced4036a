import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type MdNode, parseMarkdown } from '../../src/webview/markdown/markdown.ts';
import { MarkdownStream } from '../../src/webview/markdown/markdownStream.ts';
import { needsMending, repaired } from '../../src/webview/markdown/mend.ts';
import { answers } from './markdownCorpus.ts';

/** Blocks as the page would hold them after all pieces have been shown. */
function streamed(pieces: readonly string[]): MdNode[] {
  const stream = new MarkdownStream();
  const blocks: MdNode[] = [];
  for (const update of [...pieces.map((piece) => stream.push(piece)), stream.finish()]) {
    for (const [place, node] of update.changed) blocks[place] = node;
    blocks.push(...update.closed);
  }
  return blocks;
}

function split(text: string, cuts: readonly number[]): string[] {
  const places = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((a, b) => a - b);
  return [...places, text.length].map((end, i) => text.slice(i === 0 ? 0 : places[i - 1], end));
}

const lines = fc.constantFrom(
  '# Title',
  'Some *text* with `code` and **bold',
  '',
  '',
  '- item',
  '- ',
  '  continued',
  '1. one',
  '2) two',
  '> quote',
  'lazy',
  '```python',
  '```',
  '~~~',
  '    indented',
  '| a | b |',
  '|---|--:|',
  '| 1 | 2 |',
  '| x | yes | yes',
  '> "foo"',
  '> [x]: https://e.com "foo"',
  '---',
  '===',
  '***',
  '-',
  '[ref] and [x][ref]',
  '[ref]: https://example.com "t"',
  '[late]',
  '[late]:',
  'https://example.com/late',
  '![p](sandbox:/mnt/data/p.png)',
  '[f](sandbox:/mnt/data/my file.csv)',
  '<b>raw</b>',
  '\\',
  'hard  ',
  'a\tb',
  '\r',
  '&amp; &lt;',
  '   ```js',
  '- - x',
  '+ y',
  '\u0000',
);

test('any split of an answer ends as the whole parsed at once', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(lines, fc.constantFrom('\n', '\n', '\n', '\r\n', '\n\n', '\r')), { maxLength: 40 }),
      fc.array(fc.nat(), { maxLength: 30 }),
      (written, cuts) => {
        const text = written.flat().join('');
        assert.deepEqual(streamed(split(text, cuts)), parseMarkdown(text));
      },
    ),
    { numRuns: 2_000 },
  );
});

/** All blocks of an answer after each of its pieces. */
function shownOverTime(pieces: readonly string[]): (readonly MdNode[])[] {
  const stream = new MarkdownStream();
  const blocks: MdNode[] = [];
  let open: readonly MdNode[] = [];
  return pieces.map((piece) => {
    const update = stream.push(piece);
    for (const [place, node] of update.changed) blocks[place] = node;
    blocks.push(...update.closed);
    open = update.open ?? open;
    return [...blocks, ...open];
  });
}

/** What is behind a line's beginning, and grows in it. */
const words = fc.constantFrom(
  'word',
  ' ',
  '  ',
  ' more words, and more',
  '1',
  '. ',
  ') x',
  ': ',
  ' - ',
  '-',
  '+',
  '12',
  ';',
  '!',
  '"q"',
  '(',
  ')',
  '#',
  '**',
  '*',
  '_',
  '`',
  '[',
  '](',
  '](https://e.com)',
  ']: ',
  'https',
  '://',
  'e.com',
  '/',
  '|',
  '&',
  'amp',
  '<',
  '>',
  '~~',
  '$',
  '=',
  '\\',
  '\u00a0',
  '\t',
  'é',
  '\ud83d',
  '\ude00',
);

test('at every moment an answer looks as if what is there of it had come at once', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof({ weight: 3, arbitrary: words }, lines, fc.constant('\n')), { maxLength: 30 }),
      (pieces) => {
        let text = '';
        for (const [place, shown] of shownOverTime(pieces).entries()) {
          text += pieces[place];
          assert.deepEqual(shown, shownOverTime([text])[0], JSON.stringify(text));
        }
      },
    ),
    { numRuns: 3_000 },
  );
});

test('what is found to need no mending is what would be left as it is', () => {
  const complete = fc.constantFrom(
    '[t](https://e.com/1)',
    '`code`',
    '**bold**',
    '*em*',
    '`a*b`',
    '_i_',
    '\n\n',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(words, complete, lines), { maxLength: 14 }), (pieces) => {
      const text = pieces.join('');
      // One space at the end is taken away, which makes no difference but in code.
      const trimmed = text.replace(/(?<! ) $/, '');
      if (!needsMending(text)) assert.deepEqual(parseMarkdown(repaired(text)), parseMarkdown(trimmed), text);
    }),
    { numRuns: 20_000 },
  );
});

test('marks that are complete need no mending', () => {
  for (const text of [
    'a **b** c',
    'see `x_y`, *d* and [the guide](https://e.com/1).',
    'from $41.2k to $63.9k',
  ]) {
    assert.equal(needsMending(text), false, text);
  }
  for (const text of ['a **b', '`x', '[t', '[t](https://e.co', '- > 5']) assert.ok(needsMending(text), text);
});

test('one character at a time ends as the whole, and closes blocks on the way', () => {
  const text =
    '# A\n\nfirst *one*\n\n- a\n- b\n\n```py\nx = 1\n\ny = 2\n```\n\n|a|b|\n|-|-|\n|1|2|\n\nend [r]\n\n[r]: https://e.com\n';
  assert.deepEqual(streamed([...text]), parseMarkdown(text));
  const stream = new MarkdownStream();
  let closed = 0;
  for (const character of text) closed += stream.push(character).closed.length;
  assert.ok(closed >= 5, `${closed} blocks were closed before the end`);
});

test('a closed block is never given again unless a definition changes it', () => {
  const stream = new MarkdownStream();
  stream.push('one [r]\n\ntwo\n\n');
  const update = stream.push('three\n\n[r]: https://e.com\n\nfour\n\n');
  stream.push('five\n');
  assert.deepEqual([...update.changed.keys()], [0]);
});

test('unfinished marks are shown as what they will become', () => {
  const shown = (text: string) => JSON.stringify(new MarkdownStream().push(text).open);
  assert.equal(shown('a **bo'), shown('a **bo**'));
  assert.equal(shown('a **'), shown('a '));
  assert.equal(shown('see [the file](sandbox:/mnt/da'), shown('see the file'));
  assert.match(shown('```python\nx = 1'), /"kind":"code","language":"python","text":"x = 1"/);
  assert.doesNotMatch(shown('![chart](sandbox:/mn'), /sandbox/);
});

test('a long table is not parsed anew with each line, and the paragraph after it closes it', () => {
  const head = '| a | b |\n|---|---|\n';
  const rows = Array.from({ length: 3_000 }, (_, i) => `| ${i} | some words in a cell |\n`);
  const stream = new MarkdownStream();
  stream.push(head);
  const time = (some: readonly string[]) => {
    const begun = performance.now();
    for (const row of some) stream.push(row);
    return performance.now() - begun;
  };
  const first = time(rows.slice(0, 1_500));
  const second = time(rows.slice(1_500));
  assert.ok(second < first, `the second half took ${second} ms, the first ${first}`);
  stream.push('\n');
  assert.equal(stream.push('After it.\n').closed.length, 1);
  const text = `${head}${rows.join('')}\nAfter it.\n`;
  assert.deepEqual(streamed([head, ...rows, '\n', 'After it.\n']), parseMarkdown(text));
});

/** What each block of an answer is, from its first appearance on, as it comes character by character. */
function kindsOverTime(text: string): string[][] {
  const stream = new MarkdownStream();
  const kinds: string[][] = [];
  let closed = 0;
  for (const character of text) {
    const update = stream.push(character);
    closed += update.closed.length;
    for (const [place, node] of (update.open ?? []).entries()) {
      const kind = typeof node === 'string' ? 'text' : node.kind === 'element' ? node.tag : node.kind;
      const seen = kinds[closed + place] ?? [];
      kinds[closed + place] = seen;
      if (seen.at(-1) !== kind) seen.push(kind);
    }
  }
  return kinds;
}

test('a block that is being written becomes what it is at once, and never goes back', () => {
  for (const answer of answers) {
    for (const kinds of kindsOverTime(answer)) assert.equal(kinds.length, 1, kinds.join(' → '));
  }
});

test('a table is a table from its first cell on, whatever of the line below the header is there', () => {
  const text = '| Quarter | Sales |\n|:--------|------:|\n| Q1 | 41,200 |';
  for (let end = 3; end <= text.length; end++) {
    const [table] = new MarkdownStream().push(text.slice(0, end)).open ?? [];
    assert.ok(
      typeof table === 'object' && table.kind === 'element' && table.tag === 'table',
      text.slice(0, end),
    );
  }
  assert.deepEqual(kindsOverTime('| a | b\nno table after all\n'), [['table', 'p']]);
});

test('a table that is being written has the columns and the alignment that are known', () => {
  const shown = (text: string) => JSON.stringify(new MarkdownStream().push(text).open);
  assert.equal(shown('| a | b |\n|:-'), shown('| a | b |\n|:-|---|'));
  assert.equal(shown('| a | b |\n|--:|'), shown('| a | b |\n|--:|---|'));
  assert.equal(shown('| a \\| b'), shown('| a \\| b |\n|---|'));
});
