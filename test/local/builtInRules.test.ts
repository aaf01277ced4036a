import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { english } from '../../src/core/translate.ts';
import { noModelAnswer, noPlanAnswer, outcomeAnswer } from '../../src/local/builtIn/answers.ts';
import { chartCode } from '../../src/local/builtIn/chartCode.ts';
import { type CsvTable, readTable } from '../../src/local/builtIn/csv.ts';
import { couldBeProgram, fencedBlocks } from '../../src/local/builtIn/given.ts';
import { parseWish } from '../../src/local/builtIn/parseWish.ts';
import { planChart } from '../../src/local/builtIn/plan.ts';
import { MOST_ROWS, sampleCsvCode } from '../../src/local/builtIn/sampleCode.ts';
import { parseMultipart } from '../../src/local/http/multipart.ts';
import { citationsOf } from '../../src/local/responses/citations.ts';

function table(text: string): CsvTable {
  const read = readTable('/mnt/data/x.csv', 'x.csv', Buffer.from(text));
  assert.ok(read);
  return read;
}

function planned(prompt: string, data: CsvTable) {
  const wish = parseWish(
    prompt,
    data.columns.map((column) => column.name),
  );
  assert.equal(wish?.type, 'chart', prompt);
  assert.ok(wish?.type === 'chart');
  return { wish, plan: planChart(wish, [data], true) };
}

function took(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

suite('columns that are called like fillers', () => {
  for (const name of ['value', 'Values', 'data', 'trend']) {
    test(name, () => {
      const { plan } = planned(`bar chart of ${name} by name`, table(`name,${name}\na,1\nb,2\n`));
      assert.ok(plan.type === 'table');
      assert.deepEqual([plan.values.map((column) => column.name), plan.aggregate], [[name], 'sum']);
    });
  }

  test('"of the data" is no column', () => {
    const { plan } = planned('bar chart of size by name of the data', table('name,data,size\na,1,2\n'));
    assert.ok(plan.type === 'table');
    assert.deepEqual(
      plan.values.map((column) => column.name),
      ['size'],
    );
  });
});

test('the code reads rows that end with a separator, and does not draw an empty pie', () => {
  const { wish, plan } = planned('pie chart of profit by name', table('name,profit\na,-1\n'));
  assert.ok(plan.type === 'table');
  const { code } = chartCode(plan, wish);
  assert.match(code, /read_csv\("\/mnt\/data\/x\.csv", index_col=False\)/);
  assert.match(code, /table = table\[table > 0\]\nif table\.empty:\n {4}raise/);
});

test('a sample CSV says how many rows it has', () => {
  const wish = {
    type: 'sampleCsv',
    topic: 'sales',
    rows: 10_000_000,
    saveAs: undefined,
    drawn: false,
  } as const;
  assert.equal(sampleCsvCode(wish, english)?.rows, MOST_ROWS);
});

test('the refusal names the columns and gives an example that works', () => {
  for (const text of [
    'day,city,max temp\n2026-01-01,Rome,4\n',
    'a\nx\n',
    'a\n1\n',
    'day,n\n2026-01-01,1\n',
  ]) {
    const data = table(text);
    const answer = noModelAnswer(english, undefined, data);
    for (const { name } of data.columns) assert.ok(answer.includes(`\`${name}\``));
    const example = /Try `([^`]+)`/.exec(answer)?.[1] ?? '';
    assert.equal(planned(example, data).plan.type, 'table', example);
  }
});

test('many columns are refused, named in part, and quick', () => {
  const wide = table(`${'a,'.repeat(60_000)}b\n1\n`);
  assert.ok(took(() => table(`${'a,'.repeat(60_000)}b\n1\n`)) < 300);
  const { plan } = planned('bar chart of a by b', wide);
  assert.ok(plan.type === 'tooManyColumns');
  assert.match(noPlanAnswer(english, plan), /60001 columns/);
  const many = table(`${Array.from({ length: 100 }, (_, at) => `c${at}`).join(',')}\n`);
  assert.match(noModelAnswer(english, undefined, many), /`c29` and 70 more/);
});

test('many files are listed in part', () => {
  const written = Array.from({ length: 25 }, (_, at) => `/mnt/data/${at}.txt`);
  const outcome = { end: 'ok', logs: '', figures: 0, written, remarks: [] } as const;
  const answer = outcomeAnswer(outcome, { done: 'Done.', withLogs: false }, english);
  assert.match(answer, /19\.txt\)\nand 5 more$/);
});

suite('hostile texts take milliseconds', () => {
  const works: readonly (readonly [name: string, work: () => unknown])[] = [
    ['digits', () => couldBeProgram(`${'1'.repeat(50_000)}x`)],
    ['line breaks', () => couldBeProgram(`a${'\n'.repeat(50_000)}b`)],
    ['backticks', () => fencedBlocks(`${'`'.repeat(100_000)}a\``)],
    ['a long fence', () => fencedBlocks(`\`\`\`${'a'.repeat(100_000)}\``)],
    ['blanks', () => fencedBlocks(`~~~${' '.repeat(100_000)}\``)],
  ];
  for (const [name, work] of works) {
    test(name, () => {
      const ms = took(work);
      assert.ok(ms < 100, `${ms} ms`);
    });
  }

  test('the head of a part', async () => {
    const body = `--b\r\nContent-Disposition: form-data; ${'a'.repeat(15_000)}\r\n\r\nx\r\n--b--`;
    const start = performance.now();
    await assert.rejects(
      parseMultipart(
        (async function* () {
          yield Buffer.from(body);
        })(),
        'b',
      ),
    );
    assert.ok(performance.now() - start < 100);
  });

  test('links to many files', () => {
    const files = Array.from({ length: 5_000 }, (_, at) => ({
      id: `cfile_${at}`,
      path: `/mnt/data/${at}.txt`,
      size: 1,
      createdAt: 0,
      source: 'assistant' as const,
      figure: false,
      uploadedAs: undefined,
      origin: undefined,
    }));
    const text = files.map((file) => `(sandbox:${file.path})`).join(' ');
    const start = performance.now();
    assert.equal(citationsOf(text, 'cntr_1', [], files).length, 5_000);
    assert.ok(performance.now() - start < 300);
  });
});
