import { exactColumn, findColumn, wordsOf } from './columns.ts';
import { type Column, type CsvTable, isNumeric, MOST_COLUMNS } from './csv.ts';
import { findSample, type Sample, usualKindOf } from './samples.ts';
import type { Aggregate, ChartKind, ChartWish } from './wish.ts';

/** A chart that can be drawn. */
export type Plan = TablePlan | SamplePlan;

export interface TablePlan {
  readonly type: 'table';
  readonly kind: ChartKind;
  readonly table: CsvTable;
  /** At least one; more than one only for bars and lines. Empty: rows are counted. */
  readonly values: readonly Column[];
  readonly by: PlanBy | undefined;
  readonly aggregate: Aggregate;
  /** Only rows that hold this value there are drawn. */
  readonly where?: { readonly column: Column; readonly value: string };
}

/** What the values are over: a column, or a stretch of time taken from a column of dates. */
export interface PlanBy {
  readonly column: Column;
  readonly period: Period | undefined;
}

export type Period = 'year' | 'quarter' | 'month' | 'week' | 'weekday' | 'day';

export interface SamplePlan {
  readonly type: 'sample';
  readonly kind: ChartKind;
  readonly sample: Sample;
}

/** Why there is no chart, for the answer. */
export type NoPlan =
  | { readonly type: 'missingColumns'; readonly missing: readonly string[]; readonly table: CsvTable }
  | { readonly type: 'tooManyColumns'; readonly table: CsvTable }
  | { readonly type: 'noNumbers'; readonly column: string | undefined; readonly table: CsvTable }
  | { readonly type: 'twoGroupings'; readonly table: CsvTable | undefined }
  | { readonly type: 'noSuchFile'; readonly name: string; readonly tables: readonly CsvTable[] }
  | { readonly type: 'noData'; readonly asked: string }
  /** No chart was meant after all. */
  | { readonly type: 'notAChart' };

/**
 * What to draw, from which data.
 *
 * @param tables the CSV files there are, the one that counts most last
 * @param attached whether one of them was uploaded by a person: then the wish is about it
 */
export function planChart(wish: ChartWish, tables: readonly CsvTable[], attached: boolean): Plan | NoPlan {
  // Of sample data no part can be drawn.
  const part = wish.fileName !== undefined || wish.bottom !== undefined || wish.where !== undefined;
  const sample = part ? undefined : findSample(wish);
  const fromSample = sample && samplePlan(wish, sample);
  if (wish.sample && fromSample) return fromSample;
  if (wish.fileName !== undefined) {
    const named = tables.findLast((table) => sameName(table, wish.fileName ?? ''));
    return named ? planTable(wish, named) : { type: 'noSuchFile', name: wish.fileName, tables };
  }
  const tried = tables.toReversed().map((table) => planTable(wish, table));
  const fitting = tried.find((plan) => plan.type === 'table');
  if (fitting) return fitting;
  // A weak wish ("show me …", "plot …") that no data fits was perhaps none.
  if (fromSample && !wish.aboutData && !attached) return fromSample;
  const refusal = tried[0];
  if (refusal && (wish.kind !== undefined || wish.aboutData || wish.by !== undefined)) return refusal;
  if (wish.kind === undefined && !wish.aboutData) return { type: 'notAChart' };
  return { type: 'noData', asked: [wish.values.join(' and '), wish.by].filter(Boolean).join(' by ') };
}

function samplePlan(wish: ChartWish, sample: Sample): SamplePlan {
  return { type: 'sample', kind: wish.kind ?? usualKindOf(sample), sample };
}

function sameName(table: CsvTable, name: string): boolean {
  return (
    table.name.toLowerCase() === name.toLowerCase() ||
    table.path.toLowerCase().endsWith(`/${name.toLowerCase()}`)
  );
}

function planTable(wish: ChartWish, table: CsvTable): TablePlan | NoPlan {
  if (table.width > MOST_COLUMNS) return { type: 'tooManyColumns', table };
  if (wish.alsoBy !== undefined) return { type: 'twoGroupings', table };
  const values = wish.values.map((phrase) => ({ phrase, column: findColumn(phrase, table.columns) }));
  const by = wish.by === undefined ? undefined : findBy(wish.by, table.columns);
  const missing = values.filter((value) => value.column === undefined).map((value) => value.phrase);
  if (wish.by !== undefined && by === undefined) missing.push(wish.by);
  if (isPair(wish.by, table.columns)) return { type: 'twoGroupings', table };
  const where = wish.where && wherePlan(wish.where, table);
  if (wish.where && where === undefined) missing.push(wish.where.column);
  if (missing.length > 0) return { type: 'missingColumns', missing, table };
  const columns = values.flatMap((value) => value.column ?? []);
  if (wish.kind === undefined && columns.length === 0 && by === undefined && !wish.aboutData) {
    return { type: 'notAChart' };
  }
  const plan = fill(wish, table, columns, by);
  return plan.type === 'table' && where ? { ...plan, where } : plan;
}

function wherePlan(asked: NonNullable<ChartWish['where']>, table: CsvTable): TablePlan['where'] {
  const column = findColumn(asked.column, table.columns);
  if (column === undefined || (isNumeric(column) && Number.isNaN(Number(asked.value)))) return undefined;
  return { column, value: asked.value };
}

/** "By product and region" names two columns at once. */
function isPair(phrase: string | undefined, columns: readonly Column[]): boolean {
  if (phrase === undefined || exactColumn(phrase, columns)) return false;
  const parts = phrase.split(/\s*(?:,|&|\band\b)\s*/i);
  return parts.length > 1 && parts.every((part) => findBy(part, columns) !== undefined);
}

const PERIOD_WORDS: Readonly<Record<string, Period>> = {
  year: 'year',
  quarter: 'quarter',
  month: 'month',
  week: 'week',
  weekday: 'weekday',
  day: 'day',
};

function findBy(phrase: string, columns: readonly Column[]): PlanBy | undefined {
  const column = findColumn(phrase, columns);
  if (column) return { column, period: undefined };
  const word = wordsOf(phrase).join('');
  const date = columns.find((candidate) => candidate.kind === 'date');
  if (date === undefined) return undefined;
  if (word === 'time' || word === 'date') return { column: date, period: undefined };
  const period = Object.hasOwn(PERIOD_WORDS, word)
    ? PERIOD_WORDS[word]
    : word === 'dayofweek'
      ? 'weekday'
      : undefined;
  return period && { column: date, period };
}

/** Fills in what the wish leaves open, from what the columns hold. */
function fill(
  wish: ChartWish,
  table: CsvTable,
  columns: readonly Column[],
  by: PlanBy | undefined,
): TablePlan | NoPlan {
  const usual = wish.kind ?? usualKind(wish, columns, by, table);
  // "Histogram of sales by region" is said where bars are meant.
  const kind = usual === 'histogram' && columns.length > 0 && by && !isNumeric(by.column) ? 'bar' : usual;
  switch (kind) {
    case 'histogram':
      return fillHistogram(table, columns[0] ?? by?.column);
    case 'scatter':
      return fillScatter(table, [...columns, ...(by ? [by.column] : [])], by !== undefined);
    default:
      return fillGroups(wish, kind, table, columns, by);
  }
}

function usualKind(
  wish: ChartWish,
  columns: readonly Column[],
  by: PlanBy | undefined,
  table: CsvTable,
): ChartKind {
  if (by?.column.kind === 'date' && by.period !== 'weekday') return 'line';
  const [first] = columns;
  if (wish.link === 'versus' && first && isNumeric(first) && by && isNumeric(by.column)) return 'scatter';
  if (by === undefined && first && isNumeric(first)) return firstOf(table, 'date') ? 'line' : 'histogram';
  return 'bar';
}

function fillHistogram(table: CsvTable, asked: Column | undefined): TablePlan | NoPlan {
  const value = asked ?? numbersOf(table)[0];
  if (value === undefined || !isNumeric(value)) return { type: 'noNumbers', column: value?.name, table };
  return { type: 'table', kind: 'histogram', table, values: [value], by: undefined, aggregate: 'count' };
}

/** "Revenue vs units" draws revenue over units, "units and revenue" the other way round. */
function fillScatter(table: CsvTable, asked: readonly Column[], versus: boolean): TablePlan | NoPlan {
  const spare = numbersOf(table).filter((column) => !asked.includes(column));
  const [first = spare.shift(), second = spare.shift()] = asked;
  if (first === undefined || second === undefined) return { type: 'noNumbers', column: undefined, table };
  const [y, x] = versus ? [first, second] : [second, first];
  const wrong = isNumeric(y) ? (isNumeric(x) || x.kind === 'date' ? undefined : x) : y;
  if (wrong) return { type: 'noNumbers', column: wrong.name, table };
  const by = { column: x, period: undefined };
  return { type: 'table', kind: 'scatter', table, values: [y], by, aggregate: 'sum' };
}

function fillGroups(
  wish: ChartWish,
  kind: ChartKind,
  table: CsvTable,
  asked: readonly Column[],
  askedBy: PlanBy | undefined,
): TablePlan | NoPlan {
  let values = asked;
  let by = askedBy;
  const [only] = values;
  if (by === undefined && only && !isNumeric(only) && values.length === 1) {
    // "Pie chart of region": how often each one occurs.
    return plan(kind, table, [], { column: only, period: undefined }, 'count');
  }
  if (
    only &&
    by &&
    values.length === 1 &&
    !isNumeric(only) &&
    isNumeric(by.column) &&
    wish.aggregate !== 'count'
  ) {
    // "Top 5 products by revenue" names the values last.
    [values, by] = [[by.column], { column: only, period: undefined }];
  }
  by ??= usualBy(kind, table, values);
  if (by === undefined) return { type: 'noNumbers', column: undefined, table };
  if (values.length === 0 && wish.aggregate === 'count') return plan(kind, table, [], by, 'count');
  if (values.length === 0 && askedBy !== undefined && wish.aggregate === undefined) {
    return plan(kind, table, [], by, 'count');
  }
  if (values.length === 0) {
    const number = numbersOf(table).find((column) => column !== by?.column);
    if (number === undefined) return plan(kind, table, [], by, 'count');
    values = [number];
  }
  const aggregate = wish.aggregate ?? 'sum';
  const wrong = aggregate === 'count' ? undefined : values.find((column) => !isNumeric(column));
  if (wrong) return { type: 'noNumbers', column: wrong.name, table };
  return plan(kind, table, kind === 'pie' ? values.slice(0, 1) : values.slice(0, 6), by, aggregate);
}

function plan(
  kind: ChartKind,
  table: CsvTable,
  values: readonly Column[],
  by: PlanBy,
  aggregate: Aggregate,
): TablePlan {
  return { type: 'table', kind, table, values, by, aggregate };
}

function usualBy(kind: ChartKind, table: CsvTable, values: readonly Column[]): PlanBy | undefined {
  const date = firstOf(table, 'date');
  const text = firstOf(table, 'text');
  const column =
    (kind === 'line' ? (date ?? text) : (text ?? date)) ??
    table.columns.find((other) => !values.includes(other));
  return column && { column, period: undefined };
}

function firstOf(table: CsvTable, kind: Column['kind']): Column | undefined {
  return table.columns.find((column) => column.kind === kind);
}

/** Columns of numbers, those that only count or name the rows last. */
export function numbersOf(table: CsvTable): Column[] {
  const numbers = table.columns.filter(isNumeric);
  const names = (column: Column) =>
    /^(?:unnamed: \d+|index|row|no|nr|#|.*\bid)$/i.test(column.name.replaceAll('_', ' '));
  return [...numbers.filter((column) => !names(column)), ...numbers.filter(names)];
}
