import type { Translate } from '../../core/errorText.ts';
import { DATA_DIR } from '../python.ts';
import { picturePath, saveLines, type Written } from './chartCode.ts';
import { wordsOf } from './columns.ts';
import { pyText } from './literal.ts';
import type { SamplePlan } from './plan.ts';
import { SAMPLES, type SampleAxis, usualKindOf } from './samples.ts';
import { type Drawn, inWords } from './sampleWords.ts';
import type { ChartKind, ChartWish, FibonacciWish, SampleCsvWish } from './wish.ts';

const MADE_UP = '# Sample data, made up for this example: it comes from no file.';

/** The program that draws a chart from sample data. */
export function sampleChartCode({ kind, sample }: SamplePlan, wish: ChartWish, t: Translate): Written {
  const path = picturePath(wish, sample.topic);
  const code = [
    'import matplotlib.pyplot as plt',
    '',
    MADE_UP,
    ...(sample.x.values.length === 0 ? [] : [assignment(sample.x)]),
    assignment(sample.y),
    '',
    ...figureLines(kind, sample, path, t, wish.bins),
    '',
  ].join('\n');
  return { code, title: sample.title, path };
}

/** Draws the variables that are there, and saves the picture. */
function figureLines(
  kind: ChartKind,
  shown: Drawn,
  path: string,
  t: Translate,
  bins?: number,
): readonly string[] {
  const drawn = inWords(shown, t);
  const x = drawn.x.variable;
  const y = drawn.y.variable;
  const draw = {
    bar: [`ax.bar(${x}, ${y})`, ...axes(drawn)],
    line: [`ax.plot(${x}, ${y}, marker="o")`, ...axes(drawn), 'ax.grid(alpha=0.3)'],
    scatter: [`ax.scatter(${x}, ${y})`, ...axes(drawn), 'ax.grid(alpha=0.3)'],
    pie: [`ax.pie(${y}, labels=${x}, autopct="%1.1f%%", startangle=90, counterclock=False)`],
    histogram: [
      `ax.hist(${y}, bins=${bins === undefined ? '"auto"' : Math.min(Math.max(bins, 1), 500)}, edgecolor="white")`,
      `ax.set_xlabel(${pyText(drawn.y.label)})`,
      `ax.set_ylabel(${pyText(t('Number of orders'))})`,
    ],
  }[kind];
  return [
    `fig, ax = plt.subplots(figsize=${kind === 'pie' ? '(7, 7)' : '(8, 5)'})`,
    ...draw,
    `ax.set_title(${pyText(drawn.title)})`,
    ...saveLines(path),
  ];
}

function axes(sample: Drawn): readonly string[] {
  return [`ax.set_xlabel(${pyText(sample.x.label)})`, `ax.set_ylabel(${pyText(sample.y.label)})`];
}

/** A list of literals, wrapped at a readable width. */
function assignment({ variable, values }: SampleAxis): string {
  const items = values.map((value) => (typeof value === 'string' ? pyText(value) : String(value)));
  const short = `${variable} = [${items.join(', ')}]`;
  if (short.length <= 88) return short;
  const lines: string[] = [];
  for (const item of items) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + item.length < 80) lines[lines.length - 1] = `${last} ${item},`;
    else lines.push(`    ${item},`);
  }
  return [`${variable} = [`, ...lines, ']'].join('\n');
}

/** More would be unreadable, and the numbers after the 1,476th no longer fit a chart. */
export const MOST_FIBONACCI = 1_000;

/** The program that calculates the first Fibonacci numbers, and draws them where that is asked. */
export function fibonacciCode({ count, chart }: FibonacciWish, t: Translate): Written {
  const path = `${DATA_DIR}/fibonacci.png`;
  const title = t('The first {0} Fibonacci numbers', String(count));
  const calculate = [
    `count = ${count}`,
    '',
    'numbers = []',
    'a, b = 0, 1',
    'for _ in range(count):',
    '    numbers.append(a)',
    '    a, b = b, a + b',
    '',
    'print(numbers)',
    '',
  ];
  if (chart === undefined) return { code: calculate.join('\n'), title, path };
  const positions = 'range(1, count + 1)';
  const code = [
    'import matplotlib.pyplot as plt',
    '',
    ...calculate,
    'fig, ax = plt.subplots(figsize=(8, 5))',
    // Whole numbers beyond 64 bits are too large for bars, as floats they are not.
    chart === 'bar'
      ? `ax.bar(${positions}, ${count > 90 ? '[float(number) for number in numbers]' : 'numbers'})`
      : `ax.plot(${positions}, numbers, marker="o")`,
    ...(count > 25
      ? ['# They grow so fast that only a logarithmic axis shows all of them.', 'ax.set_yscale("symlog")']
      : []),
    `ax.set_title(${pyText(title)})`,
    `ax.set_xlabel(${pyText(t('Position'))})`,
    `ax.set_ylabel(${pyText(t('Fibonacci number'))})`,
    'ax.grid(alpha=0.3)',
    ...saveLines(path),
    '',
  ].join('\n');
  return { code, title, path };
}

export const MOST_ROWS = 100_000;
const ROW_COUNT = 24;

export interface SampleCsv {
  readonly topic: string;
  readonly rows: number;
}

/**
 * The program that writes a CSV with sample data, and draws it where that is asked.
 *
 * @returns undefined where no rule covers what the data is to be about
 */
export function sampleCsvCode(wish: SampleCsvWish, t: Translate): (Written & SampleCsv) | undefined {
  const words = wordsOf(wish.topic);
  if (words.every((word) => SALES_TOPIC.has(word))) return salesCsv(wish, t);
  const sample = SAMPLES.find(({ valueWords, byWords }) =>
    words.every((word) => valueWords.includes(word) || byWords.includes(word)),
  );
  if (!sample || sample.x.values.length === 0) return undefined;
  const path = `${DATA_DIR}/${wish.saveAs ?? `sample_${sample.y.variable}.csv`}`;
  const code = [
    'import csv',
    ...importLines(wish),
    '',
    MADE_UP,
    assignment(sample.x),
    assignment(sample.y),
    '',
    ...writeLines(
      path,
      [sample.x.label.toLowerCase(), sample.y.variable],
      `zip(${sample.x.variable}, ${sample.y.variable})`,
    ),
    ...(wish.drawn ? ['', ...figureLines(usualKindOf(sample), sample, pictureBeside(path), t)] : []),
    '',
  ].join('\n');
  return { code, title: sample.title, path, topic: sample.topic, rows: sample.x.values.length };
}

const SALES_TOPIC = new Set([
  'sale',
  'order',
  'shop',
  'store',
  'product',
  'row',
  'record',
  'business',
  'revenue',
  'region',
  'date',
  'unit',
  'price',
]);

function salesCsv(wish: SampleCsvWish, t: Translate): Written & SampleCsv {
  const path = `${DATA_DIR}/${wish.saveAs ?? 'sample_sales.csv'}`;
  const rows = Math.min(Math.max(wish.rows ?? ROW_COUNT, 1), MOST_ROWS);
  const code = [
    'import csv',
    'import random',
    'from datetime import date, timedelta',
    ...importLines(wish),
    '',
    '# Sample data, made up for this example: random numbers from a fixed seed, so always the same.',
    'numbers = random.Random(7)',
    'regions = ["North", "South", "East", "West"]',
    'prices = {"Laptop": 950.0, "Monitor": 240.0, "Keyboard": 45.0, "Headset": 80.0}',
    '',
    'rows = []',
    `for index in range(${rows}):`,
    `    day = date(2025, 1, 1) + timedelta(days=index * 365 // ${rows})`,
    '    product = numbers.choice(list(prices))',
    '    units = numbers.randint(1, 40)',
    '    revenue = round(units * prices[product], 2)',
    '    rows.append([day.isoformat(), numbers.choice(regions), product, units, prices[product], revenue])',
    '',
    ...writeLines(path, ['date', 'region', 'product', 'units', 'unit_price', 'revenue'], 'rows'),
    '',
    'print(f"{len(rows)} rows written")',
    ...(wish.drawn
      ? ['', ...totalLines, ...figureLines('bar', REVENUE_BY_REGION, pictureBeside(path), t)]
      : []),
    '',
  ].join('\n');
  return { code, title: 'Sample sales', path, topic: 'sales', rows };
}

function importLines({ drawn }: SampleCsvWish): readonly string[] {
  return drawn ? ['', 'import matplotlib.pyplot as plt'] : [];
}

const totalLines: readonly string[] = [
  'totals = dict.fromkeys(regions, 0.0)',
  'for row in rows:',
  '    totals[row[1]] += row[5]',
  '',
];

const REVENUE_BY_REGION: Drawn = {
  title: 'Revenue by region (sample data)',
  x: { variable: 'list(totals)', label: 'Region', values: [] },
  y: { variable: 'list(totals.values())', label: 'Revenue', values: [] },
};

/** The picture of a CSV has its name. */
function pictureBeside(path: string): string {
  return path.replace(/\.csv$/i, '.png');
}

function writeLines(path: string, header: readonly string[], rows: string): readonly string[] {
  return [
    `with open(${pyText(path)}, "w", newline="", encoding="utf-8") as file:`,
    '    writer = csv.writer(file)',
    `    writer.writerow([${header.map(pyText).join(', ')}])`,
    `    writer.writerows(${rows})`,
  ];
}
