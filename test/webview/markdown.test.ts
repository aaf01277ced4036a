import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type MdNode, parseMarkdown, picturesIn } from '../../src/webview/markdown/markdown.ts';
import { MarkdownStream } from '../../src/webview/markdown/markdownStream.ts';
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

const hostile = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<style>*{}</style>',
  '<iframe src="https://evil"></iframe>',
  '<svg onload=alert(1)>',
  '[a](javascript:alert(1))',
  '[a](JaVaScRiPt:alert(1))',
  '[a](java&#10;script:alert(1))',
  '[a](command:workbench.action.quit)',
  '[a](vscode://x/y)',
  '[a](data:text/html,<script>)',
  '[a](file:///etc/passwd)',
  '[a](vbscript:x)',
  '<javascript:alert(1)>',
  '<command:x>',
  '[a]: javascript:x\n\n[a]',
  '![a](https://evil/x.png)',
  '![a](data:image/svg+xml,<svg>)',
  '![a](file:///x.png)',
  '![a](command:x)',
  '[a](//evil)',
  '[a](\\\\evil\\share)',
  'javascript:alert(1)',
  '[a](sandbox:/mnt/data/x" onclick="alert(1))',
  '[a](https://ok "x" onclick=alert(1))',
  '| <b> |\n|--|\n| <i onclick=x> |',
  '&lt;script&gt;',
  '[a](sandbox:javascript:x)',
];

const TAGS = new Set(
  'p h3 h4 h5 h6 blockquote ul ol li table thead tbody tr th td hr br em strong s code'.split(' '),
);

function check(nodes: readonly MdNode[]): void {
  for (const node of nodes) {
    if (typeof node === 'string') continue;
    switch (node.kind) {
      case 'element':
        assert.ok(TAGS.has(node.tag), node.tag);
        assert.deepEqual(
          Object.keys(node).filter((key) => !['kind', 'tag', 'children', 'start', 'align'].includes(key)),
          [],
        );
        check(node.children);
        break;
      case 'link':
        assert.match(node.href, /^(?:https?:\/\/|sandbox:\/|\/mnt\/data\/)/i);
        check(node.children);
        break;
      case 'image':
        assert.match(node.src, /^(?:https?:\/\/|sandbox:\/|\/mnt\/data\/|streamdown:)/i);
        break;
      case 'code':
        break;
    }
  }
}

test('hostile Markdown becomes only elements on the list, links only to the web and to files', () => {
  for (const text of hostile) check(parseMarkdown(text));
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...hostile, '\n', '\n\n', ' ', '> ', '- ', '**', '`', '[', '](', ')'), {
        maxLength: 12,
      }),
      (parts) => {
        const stream = new MarkdownStream();
        for (const part of parts) check(stream.push(part).open ?? []);
        check(parseMarkdown(parts.join('')));
      },
    ),
  );
});

test('HTML is shown as it was written', () => {
  assert.deepEqual(parseMarkdown('<b>x</b>'), [{ kind: 'element', tag: 'p', children: ['<b>x</b>'] }]);
});

test('names of files are not taken for sites, addresses are', () => {
  const kinds = (text: string) => JSON.stringify(parseMarkdown(text)).includes('"link"');
  assert.equal(kinds('run plot.py and read data.md, mail me@example.com'), false);
  assert.equal(kinds('see https://example.com/a'), true);
});

test('links to files may have spaces, brackets and bare paths', () => {
  const href = (text: string) => /"href":"([^"]*)"/.exec(JSON.stringify(parseMarkdown(text)))?.[1];
  assert.equal(href('[x](sandbox:/mnt/data/my file (1).csv)'), 'sandbox:/mnt/data/my%20file%20(1).csv');
  assert.equal(href('[x](/mnt/data/a.csv)'), '/mnt/data/a.csv');
  assert.equal(href('[x](sandbox:/mnt/data/a.csv "title")'), 'sandbox:/mnt/data/a.csv');
});

test('pictures of an answer are found, in code they are not', () => {
  assert.deepEqual(picturesIn('![a](sandbox:/mnt/data/a.png)\n\n`![b](sandbox:/b.png)`\n'), [
    'sandbox:/mnt/data/a.png',
  ]);
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
