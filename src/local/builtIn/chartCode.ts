import { baseName } from '../../core/files.ts';
import { DATA_DIR } from '../python.ts';
import { pyComment, pyText, slug } from './literal.ts';
import type { Period, TablePlan } from './plan.ts';
import { readLines } from './readCode.ts';
import type { Aggregate, ChartKind, ChartWish } from './wish.ts';

/** A program, and the words for what it does. */
export interface Written {
  readonly code: string;
  /** What the chart shows, such as `Total revenue by region`. */
  readonly title: string;
  /** Where it saves its picture. */
  readonly path: string;
}

/** More slices than these cannot be told apart, more bars not be read. */
const MOST: Readonly<Partial<Record<ChartKind, number>>> = { pie: 10, bar: 20 };

const AGGREGATE_WORDS: Readonly<Record<Aggregate, string>> = {
  sum: 'Total',
  mean: 'Average',
  count: 'Number of',
  min: 'Lowest',
  max: 'Highest',
  median: 'Median',
};

/** The program that draws a chart from a CSV file. */
export function chartCode(plan: TablePlan, wish: ChartWish): Written {
  const title = titleOf(plan, wish);
  const path = picturePath(wish, title);
  const body = {
    scatter: scatterLines,
    histogram: histogramLines,
    bar: groupLines,
    line: groupLines,
    pie: groupLines,
  };
  const lines = [
    'import matplotlib.pyplot as plt',
    'import pandas as pd',
    '',
    pyComment(`${title}, from ${baseName(plan.table.path)}.`),
    ...readLines(plan),
    '',
    ...body[plan.kind](plan, wish, title),
    ...saveLines(path),
    '',
  ];
  return { code: [...lines, lastExpression(plan), ''].join('\n'), title, path };
}

/** Where the picture goes: the name asked for, else one made of the title. */
export function picturePath(wish: ChartWish, title: string): string {
  return `${DATA_DIR}/${wish.saveAs ?? `${slug(title)}.${wish.format}`}`;
}

/** Saves the figure and leaves it open, so that it is shown too. */
export function saveLines(path: string): readonly string[] {
  return ['fig.tight_layout()', `fig.savefig(${pyText(path)}, dpi=150)`];
}

function titleOf(plan: TablePlan, wish: ChartWish): string {
  const least = wish.bottom === undefined ? '' : `, bottom ${wish.bottom}`;
  const few = wish.top === undefined ? least : `, top ${wish.top}`;
  const where = plan.where ? `, ${plan.where.column.name} ${plan.where.value}` : '';
  return whatOf(plan, few) + where;
}

function whatOf(plan: TablePlan, few: string): string {
  const over = plan.by && (plan.by.period ?? plan.by.column.name);
  const names = plan.values.map((column) => column.name).join(' and ');
  switch (plan.kind) {
    case 'histogram':
      return `Distribution of ${names}`;
    case 'scatter':
      return `${names} over ${over}`;
    default: {
      const what =
        plan.values.length === 0 ? 'Number of rows' : `${AGGREGATE_WORDS[plan.aggregate]} ${names}`;
      return `${what} by ${over}${few}`;
    }
  }
}

function histogramLines({ values: [value] }: TablePlan, wish: ChartWish, title: string): readonly string[] {
  const name = pyText(value?.name ?? '');
  return [
    `values = data[${name}].dropna()`,
    'if values.empty:',
    '    raise ValueError("The column holds no numbers.")',
    '',
    'fig, ax = plt.subplots(figsize=(8, 5))',
    `ax.hist(values, bins=${wish.bins === undefined ? '"auto"' : clamp(wish.bins, 1, 500)}, edgecolor="white")`,
    `ax.set_title(${pyText(title)})`,
    `ax.set_xlabel(${name})`,
    'ax.set_ylabel("Number of rows")',
  ];
}

function scatterLines({ values: [value], by }: TablePlan, _: ChartWish, title: string): readonly string[] {
  const y = pyText(value?.name ?? '');
  const x = pyText(by?.column.name ?? '');
  return [
    `points = data[[${x === y ? x : `${x}, ${y}`}]].dropna()`,
    'if points.empty:',
    '    raise ValueError("No row has numbers in both columns.")',
    '',
    'fig, ax = plt.subplots(figsize=(8, 5))',
    `ax.scatter(points[${x}], points[${y}], alpha=0.7)`,
    `ax.set_title(${pyText(title)})`,
    `ax.set_xlabel(${x})`,
    `ax.set_ylabel(${y})`,
    'ax.grid(alpha=0.3)',
  ];
}

function groupLines(plan: TablePlan, wish: ChartWish, title: string): readonly string[] {
  return [
    ...keyLines(plan),
    ...tableLines(plan, wish),
    ...nothingLines('no row has both a group and a number'),
    ...fewLines(plan, wish),
    '',
    ...drawLines(plan, title),
  ];
}

function nothingLines(why: string): readonly string[] {
  return ['if table.empty:', `    raise ValueError("There is nothing to draw: ${why}.")`];
}

const PERIODS: Readonly<Record<Period, string>> = {
  year: '.dt.year',
  quarter: '.dt.to_period("Q").astype(str)',
  month: '.dt.to_period("M").astype(str)',
  week: '.dt.to_period("W").dt.start_time',
  weekday: '.dt.day_of_week',
  day: '.dt.normalize()',
};

function keyLines({ by }: TablePlan): readonly string[] {
  const cell = `data[${pyText(by?.column.name ?? '')}]`;
  if (by?.column.kind === 'date') {
    return [
      `data = data[${cell}.notna()]`,
      `key = ${cell}${by.period === undefined ? '' : PERIODS[by.period]}`,
    ];
  }
  if (by?.column.kind === 'text') return [`key = ${cell}.fillna("(missing)").astype(str)`];
  return [`key = ${cell}`];
}

const AGGREGATE_CALLS: Readonly<Record<Aggregate, string>> = {
  // A group without any number has no total; a plain sum would say 0.
  sum: 'sum(min_count=1)',
  mean: 'mean()',
  count: 'count()',
  min: 'min()',
  max: 'max()',
  median: 'median()',
};

/** Whether the groups have an order of their own: time, numbers, the names of months. */
function inOrder({ kind, by }: TablePlan): 'key' | 'appearance' | 'size' {
  if (by?.column.kind !== 'text') return 'key';
  return by.column.ordered || kind === 'line' ? 'appearance' : 'size';
}

function tableLines(plan: TablePlan, wish: ChartWish): readonly string[] {
  const order = inOrder(plan);
  const names = plan.values.map((column) => pyText(column.name));
  const group = `data.groupby(key${order === 'appearance' ? ', sort=False' : ''})`;
  const selected = names.length > 1 ? `[[${names.join(', ')}]]` : `[${names[0]}]`;
  const made =
    names.length === 0 ? `${group}.size()` : `${group}${selected}.${AGGREGATE_CALLS[plan.aggregate]}`;
  const lines = [`table = ${made}.dropna()`];
  if (plan.by?.period === 'weekday') {
    lines.push(
      'days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]',
      'table.index = [days[int(day)] for day in table.index]',
    );
  }
  if (names.length <= 1 && order === 'size' && wish.top === undefined && wish.bottom === undefined) {
    lines.push('table = table.sort_values(ascending=False)');
  }
  return lines;
}

function fewLines(plan: TablePlan, wish: ChartWish): readonly string[] {
  const single = plan.values.length <= 1;
  const most = MOST[plan.kind];
  const positive =
    plan.kind === 'pie'
      ? [
          '',
          '# A slice needs a positive size.',
          'table = table[table > 0]',
          ...nothingLines('no group is above 0'),
        ]
      : [];
  const few = wish.top ?? wish.bottom;
  if (few !== undefined && single) {
    const call = wish.top === undefined ? 'nsmallest' : 'nlargest';
    return [...positive, '', `table = table.${call}(${clamp(few, 1, 100)})`];
  }
  if (plan.kind === 'bar' && inOrder(plan) !== 'size') {
    return [
      'if len(table) > 60:',
      '    print(f"{len(table)} groups are too many to read: the first 60 are drawn.")',
      '    table = table.iloc[:60]',
    ];
  }
  if (most === undefined || inOrder(plan) !== 'size' || !single) return positive;
  const additive = plan.aggregate === 'sum' || plan.aggregate === 'count';
  return [
    ...positive,
    '',
    additive
      ? `# More than ${most} groups cannot be read: the largest stay, the rest becomes one.`
      : `# More than ${most} groups cannot be read: the largest stay.`,
    `if len(table) > ${most}:`,
    ...(additive
      ? [
          `    rest = pd.Series({"Other": table.iloc[${most}:].sum()})`,
          `    table = pd.concat([table.iloc[:${most}], rest])`,
        ]
      : [`    table = table.iloc[:${most}]`]),
  ];
}

function drawLines(plan: TablePlan, title: string): readonly string[] {
  const over = plan.by?.period ?? plan.by?.column.name ?? '';
  if (plan.kind === 'pie') {
    return [
      'fig, ax = plt.subplots(figsize=(7, 7))',
      'ax.pie(table, labels=table.index.astype(str), autopct="%1.1f%%", startangle=90, counterclock=False)',
      `ax.set_title(${pyText(title)})`,
    ];
  }
  const several = plan.values.length > 1;
  const label = several ? AGGREGATE_WORDS[plan.aggregate] : title.slice(0, title.lastIndexOf(` by ${over}`));
  return [
    'fig, ax = plt.subplots(figsize=(8, 5))',
    ...(plan.kind === 'line' ? lineLines(plan, several) : barLines(several)),
    `ax.set_title(${pyText(title)})`,
    `ax.set_xlabel(${pyText(over)})`,
    `ax.set_ylabel(${pyText(label)})`,
    ...(plan.kind === 'line' ? ['ax.grid(alpha=0.3)'] : []),
    'plt.setp(ax.get_xticklabels(), rotation=45 if len(table) > 6 else 0, ha="right" if len(table) > 6 else "center")',
  ];
}

function barLines(several: boolean): readonly string[] {
  return several ? ['table.plot.bar(ax=ax)'] : ['ax.bar(table.index.astype(str), table)'];
}

function lineLines({ by }: TablePlan, several: boolean): readonly string[] {
  const x =
    by?.column.kind === 'text' || by?.period === 'weekday' ? 'table.index.astype(str)' : 'table.index';
  return several
    ? [
        'for name in table.columns:',
        `    ax.plot(${x}, table[name], marker="o", markersize=3, label=name)`,
        'ax.legend()',
      ]
    : [`ax.plot(${x}, table, marker="o", markersize=4)`];
}

function lastExpression({ kind }: TablePlan): string {
  if (kind === 'histogram') return 'values.describe()';
  return kind === 'scatter' ? 'points.describe()' : 'table';
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
