import type { Column, CsvTable } from './csv.ts';
import { pyText } from './literal.ts';
import type { TablePlan } from './plan.ts';

/** The lines that read a CSV and make the used columns what they hold. */
export function readLines({ table, values, by, where }: TablePlan): readonly string[] {
  const used = new Set([...values, ...(by ? [by.column] : []), ...(where ? [where.column] : [])]);
  return [
    `data = pd.read_csv(${[pyText(table.path), ...readOptions(table)].join(', ')})`,
    ...[...used].flatMap((column) => cleanLines(column)),
    ...(where ? whereLines(where) : []),
    ...(table.dollars
      ? ['', '# Dollar signs are money here, not formulas.', 'plt.rcParams["text.parse_math"] = False']
      : []),
  ];
}

function readOptions(table: CsvTable): readonly string[] {
  const separator = table.delimiter === ',' ? [] : [`sep=${pyText(table.delimiter)}`];
  const encoding = table.encoding === undefined ? [] : [`encoding=${pyText(table.encoding)}`];
  // Without it pandas takes the first column for the index where rows end with a separator.
  return [...separator, ...encoding, 'index_col=False'];
}

/** What cannot be read as a number or a date becomes a missing value, which is then left out. */
function cleanLines(column: Column): readonly string[] {
  const cell = `data[${pyText(column.name)}]`;
  switch (column.kind) {
    case 'number':
      return [`${cell} = pd.to_numeric(${cell}, errors="coerce")`];
    case 'formattedNumber':
      return [
        '# Take currency signs, percent signs and thousands separators off the numbers.',
        `${cell} = ${cell}.astype(str).str.replace(r"[^0-9.eE+-]", "", regex=True)`,
        `${cell} = pd.to_numeric(${cell}, errors="coerce")`,
      ];
    case 'date':
      return [
        `${cell} = pd.to_datetime(${cell}, format="mixed"${column.dayFirst ? ', dayfirst=True' : ''}, errors="coerce")`,
      ];
    case 'text':
      return [];
  }
}

function whereLines({ column, value }: NonNullable<TablePlan['where']>): readonly string[] {
  const cell = `data[${pyText(column.name)}]`;
  return [
    `data = data[${holds(cell, column, value)}]`,
    'if data.empty:',
    `    raise ValueError(${pyText(`No row has ${value} in the column ${column.name}.`)})`,
  ];
}

/** Which rows are meant: words whatever their case, dates by their beginning (`2026`, `2026-03`). */
function holds(cell: string, column: Column, value: string): string {
  switch (column.kind) {
    case 'number':
    case 'formattedNumber':
      return `${cell} == ${Number(value)}`;
    case 'date':
      return `${cell}.dt.strftime("%Y-%m-%d").str.startswith(${pyText(value)}, na=False)`;
    case 'text':
      return `${cell}.astype(str).str.strip().str.casefold() == ${pyText(value)}.casefold()`;
  }
}
