import { wordsOf } from './columns.ts';
import type { ChartKind, ChartWish } from './wish.ts';

/** A small set of made-up data, for charts where there is no file. */
export interface Sample {
  /** Such as `sales by quarter`. */
  readonly topic: string;
  readonly title: string;
  /** Words that a prompt may use for the values and for what they are over. */
  readonly valueWords: readonly string[];
  readonly byWords: readonly string[];
  readonly x: SampleAxis;
  readonly y: SampleAxis;
}

export interface SampleAxis {
  /** The Python variable. */
  readonly variable: string;
  readonly label: string;
  readonly values: readonly (string | number)[];
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const SALES_WORDS = [
  'sale',
  'revenue',
  'turnover',
  'income',
  'figure',
  'number',
  'result',
  'company',
  'product',
];

function sales(by: string, labels: readonly string[], values: readonly number[]): Sample {
  const word = by.toLowerCase();
  return {
    topic: `sales by ${word}`,
    title: `Sales by ${word} (sample data)`,
    valueWords: SALES_WORDS,
    byWords: [word, ...(word === 'month' ? ['time', 'date'] : [])],
    x: { variable: `${word}s`, label: by, values: labels },
    y: { variable: 'sales', label: 'Sales (thousand $)', values },
  };
}

/** The first that fits is taken, so the order is the order of preference. */
export const SAMPLES: readonly Sample[] = [
  sales('Quarter', ['Q1', 'Q2', 'Q3', 'Q4'], [125, 148, 132, 176]),
  {
    topic: 'market share',
    title: 'Market share (sample data)',
    valueWords: ['market', 'share', 'marketshare'],
    byWords: ['company', 'vendor', 'competitor', 'brand', 'market', 'firm', 'provider'],
    x: {
      variable: 'companies',
      label: 'Company',
      values: ['Company A', 'Company B', 'Company C', 'Company D', 'Others'],
    },
    y: { variable: 'shares', label: 'Market share (%)', values: [35, 27, 18, 12, 8] },
  },
  {
    topic: 'temperature by month',
    title: 'Average temperature by month (sample data)',
    valueWords: ['temperature', 'temp', 'weather', 'climate', 'monthly', 'average', 'city'],
    byWords: ['month', 'time', 'year', 'date'],
    x: { variable: 'months', label: 'Month', values: MONTHS },
    y: {
      variable: 'temperatures',
      label: 'Average temperature (°C)',
      values: [1.2, 2.4, 6.1, 10.3, 14.8, 18.0, 20.1, 19.6, 15.4, 10.5, 5.6, 2.3],
    },
  },
  sales('Month', MONTHS, [42, 39, 44, 47, 49, 52, 46, 41, 45, 54, 57, 65]),
  sales('Region', ['North', 'South', 'East', 'West'], [182, 147, 121, 131]),
  sales('Product', ['Laptops', 'Monitors', 'Keyboards', 'Headsets'], [248, 161, 74, 98]),
  {
    topic: 'sales and advertising spend',
    title: 'Sales and advertising spend (sample data)',
    valueWords: [
      'sale',
      'revenue',
      'advertising',
      'ad',
      'advert',
      'marketing',
      'spend',
      'spending',
      'budget',
    ],
    byWords: ['sale', 'revenue', 'advertising', 'ad', 'advert', 'marketing', 'spend', 'spending', 'budget'],
    x: {
      variable: 'spend',
      label: 'Advertising spend (thousand $)',
      values: [5, 8, 10, 12, 15, 18, 21, 24, 27, 30, 33, 36],
    },
    y: {
      variable: 'sales',
      label: 'Sales (thousand $)',
      values: [41, 50, 48, 61, 66, 64, 79, 82, 95, 91, 104, 112],
    },
  },
  {
    topic: 'order values',
    title: 'Order values (sample data)',
    valueWords: ['order', 'value', 'purchase', 'amount', 'number', 'normal'],
    byWords: [],
    x: { variable: 'orders', label: 'Order', values: [] },
    y: {
      variable: 'order_values',
      label: 'Order value ($)',
      values: [
        12, 18, 21, 24, 25, 27, 29, 31, 32, 33, 34, 35, 36, 37, 38, 38, 39, 40, 41, 42, 42, 43, 44, 45, 46,
        47, 48, 49, 51, 52, 54, 55, 57, 59, 62, 65, 69, 74, 81, 95,
      ],
    },
  },
];

const DEFAULTS: Readonly<Record<ChartKind, string>> = {
  bar: 'sales by quarter',
  line: 'temperature by month',
  pie: 'market share',
  scatter: 'sales and advertising spend',
  histogram: 'order values',
};

/** The kind of chart that suits a sample. */
export function usualKindOf(sample: Sample): ChartKind {
  if (sample.topic === 'market share') return 'pie';
  return sample.x.label === 'Month' ? 'line' : 'bar';
}

/** The sample that a wish speaks of: by its words, or the usual one for its kind where it has none. */
export function findSample(wish: ChartWish): Sample | undefined {
  if (wish.alsoBy !== undefined) return undefined;
  const values = wish.values.flatMap(wordsOf);
  const by = wish.by === undefined ? [] : wordsOf(wish.by);
  if (values.length === 0 && by.length === 0) {
    return wish.kind && SAMPLES.find((sample) => sample.topic === DEFAULTS[wish.kind ?? 'bar']);
  }
  return SAMPLES.find(
    (sample) =>
      fits(sample, wish.kind) &&
      values.every((word) => sample.valueWords.includes(word)) &&
      by.every((word) => sample.byWords.includes(word)),
  );
}

/** Points are drawn from the sample of pairs alone, a distribution from that of single values alone. */
function fits(sample: Sample, kind: ChartKind | undefined): boolean {
  const pairs = sample.topic === DEFAULTS.scatter;
  const singles = sample.topic === DEFAULTS.histogram;
  if (kind === 'scatter') return pairs;
  if (kind === 'histogram') return singles;
  return !pairs && !singles;
}
