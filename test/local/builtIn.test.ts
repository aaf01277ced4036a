import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { isNumeric, readTable } from '../../src/local/builtIn/csv.ts';
import { couldBeProgram, fencedBlocks } from '../../src/local/builtIn/given.ts';
import { pyComment, pyText, slug } from '../../src/local/builtIn/literal.ts';
import { paced, pieces } from '../../src/local/builtIn/pieces.ts';
import { citationsOf } from '../../src/local/responses/citations.ts';
import { sandboxLink } from '../../src/local/sandboxLink.ts';

suite('code in a prompt', () => {
  const programs = [
    'print(1)',
    'x = 1',
    'import os',
    'from a import b',
    '2+2',
    '40 + 2',
    'a\nb = 2',
    'while True: pass',
    'raise SystemExit',
  ];
  for (const text of programs)
    test(`may be a program: ${JSON.stringify(text)}`, () => assert.ok(couldBeProgram(text)));
  const words = [
    '',
    'hello',
    'What is the capital of France?',
    'delete my files',
    'Plot units by region, please.',
    'one\ntwo',
    'Thanks!',
    'from Berlin to Paris',
  ];
  for (const text of words) test(`is words: ${JSON.stringify(text)}`, () => assert.ok(!couldBeProgram(text)));

  const fences: readonly (readonly [prompt: string, blocks: readonly string[], beside: string])[] = [
    ['```python\na\n```', ['a\n'], ''],
    ['run:\n```py\na\n\nb\n```\nthanks', ['a\n\nb\n'], 'run:\nthanks'],
    ['~~~Python3\na\n```\nb\n~~~', ['a\n```\nb\n'], ''],
    ['````python\n```\n````', ['```\n'], ''],
    ['```python\nleft open', ['left open\n'], ''],
    ['```js\n1\n```', [], ''],
    ['no code', [], 'no code'],
    ['```python title="x"\r\na\r\n```', ['a\n'], ''],
  ];
  for (const [prompt, blocks, beside] of fences) {
    test(`fenced: ${JSON.stringify(prompt)}`, () => {
      const found = fencedBlocks(prompt);
      assert.deepEqual([found.blocks, found.beside], [blocks, beside]);
    });
  }
});

suite('texts in Python', () => {
  test('are literals whatever they hold', () => {
    assert.equal(pyText('a"b\\c\n\u2028\u007f'), '"a\\"b\\\\c\\n\\u2028\\u007f"');
    assert.equal(pyComment('one\ntwo\u2028three\r'), '# one two three');
    assert.equal(pyText('\ud800x'), '"\ufffdx"');
  });

  test('make file names', () => {
    assert.equal(slug('Total Größe (€) by Région'), 'total_gro_e_by_region');
    assert.equal(slug('价格'), 'chart');
    assert.equal(slug('../../x'), 'x');
  });
});

suite('pieces', () => {
  const texts = [
    '',
    'a',
    'import numpy as np\n\nx = 1\n',
    '😀'.repeat(2_000),
    'x'.repeat(1_000_000),
    ' '.repeat(5_000),
  ];
  for (const text of texts) {
    test(`of ${text.length} characters are the text again`, () => {
      const found = pieces(text);
      assert.equal(found.join(''), text);
      assert.ok(found.length <= 500, `${found.length} pieces`);
      assert.ok(found.every((piece) => piece.isWellFormed()));
    });
  }

  test('come within their time, and at once when stopped', async () => {
    const signal = new AbortController();
    const start = performance.now();
    for await (const _ of paced('word '.repeat(300), 100, signal.signal));
    const took = performance.now() - start;
    assert.ok(took > 60 && took < 400, `${took} ms`);
    signal.abort();
    const again = performance.now();
    for await (const _ of paced('word '.repeat(300), 5_000, signal.signal));
    // Unstopped it takes 1.8 s.
    assert.ok(performance.now() - again < 1000);
  });
});

suite('the head of a CSV', () => {
  const kinds = (text: string | Uint8Array) =>
    readTable('/mnt/data/x.csv', 'x.csv', Buffer.from(text as string))?.columns.map(
      (column) => `${column.name}=${column.kind}`,
    );
  const cases: readonly (readonly [text: string, expected: readonly string[] | undefined])[] = [
    ['a,b\n1,x\n', ['a=number', 'b=text']],
    ['\ufeffa;b\r\n"1";"x;y"\r\n', ['a=number', 'b=text']],
    ['a\tb\n2026-01-01\t$1,200.50\n', ['a=date', 'b=formattedNumber']],
    ['a,a,\n1,2,3', ['a=number', 'a.1=number', 'Unnamed: 2=number']],
    ['"q""uote","line\nbreak"\n1,2', ['q"uote=number', 'line\nbreak=number']],
    ['x\nn/a\n5\n\n', ['x=number']],
    ['', undefined],
    ['\n\n', undefined],
  ];
  for (const [text, expected] of cases)
    test(JSON.stringify(text), () => assert.deepEqual(kinds(text), expected));

  test('that is no UTF-8 is read as Windows writes it', () => {
    const table = readTable(
      '/mnt/data/x.csv',
      'x.csv',
      Buffer.from('Gr\xf6\xdfe;Ort\n1;K\xf6ln\n', 'latin1'),
    );
    assert.equal(table?.encoding, 'cp1252');
    assert.deepEqual(
      table?.columns.map((column) => [column.name, isNumeric(column)]),
      [
        ['Größe', true],
        ['Ort', false],
      ],
    );
  });
});

suite('citations', () => {
  const file = (path: string, figure = false) =>
    ({
      id: `cfile_${path.length}`,
      path: `/mnt/data/${path}`,
      size: 1,
      createdAt: 0,
      source: 'assistant',
      figure,
      uploadedAs: undefined,
      origin: undefined,
    }) as const;

  test('have the offsets of exactly the link, figures 0..0', () => {
    const files = [file('a.csv'), file('a.csv.png'), file('my (1) ü.csv')];
    const text = `[x](sandbox:/mnt/data/a.csv.png) [y](sandbox:/mnt/data/a.csv), [z](${sandboxLink('/mnt/data/my (1) ü.csv')}) [n](sandbox:/mnt/data/none)`;
    const cited = citationsOf(text, 'cntr_1', [file('cfile_1.png', true)], files);
    assert.deepEqual(
      cited.map((one) => [one.filename, text.slice(one.start_index, one.end_index)]),
      [
        ['cfile_1.png', ''],
        ['a.csv.png', 'sandbox:/mnt/data/a.csv.png'],
        ['a.csv', 'sandbox:/mnt/data/a.csv'],
        ['my (1) ü.csv', 'sandbox:/mnt/data/my%20%281%29%20%C3%BC.csv'],
      ],
    );
  });

  test('of a name that goes on are none', () => {
    assert.deepEqual(citationsOf('sandbox:/mnt/data/a.csvx', 'cntr_1', [], [file('a.csv')]), []);
  });
});
