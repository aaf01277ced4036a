/** What the head of a CSV file tells about its columns. */
export interface CsvTable {
  /** Full path in the container. */
  readonly path: string;
  readonly name: string;
  readonly delimiter: string;
  /** Undefined for UTF-8. */
  readonly encoding: string | undefined;
  /** The first {@link MOST_COLUMNS}. */
  readonly columns: readonly Column[];
  /** How many columns there are. */
  readonly width: number;
  /** Whether it holds dollar signs, which matplotlib would take for formulas. */
  readonly dollars: boolean;
}

export interface Column {
  /** As pandas will name it. */
  readonly name: string;
  readonly kind: 'number' | 'formattedNumber' | 'date' | 'text';
  /** For dates such as 31/12/2026. */
  readonly dayFirst: boolean;
  /** Names that have an order of their own, such as months: they stay as they come. */
  readonly ordered: boolean;
}

const HEAD_BYTES = 256 * 1024;
const ROWS_LOOKED_AT = 200;
/** With more the rules would become slow, and nobody draws them by name. */
export const MOST_COLUMNS = 500;

/**
 * Reads the header of a CSV and what its first rows hold.
 *
 * @returns undefined where there is no header
 */
export function readTable(path: string, name: string, bytes: Uint8Array): CsvTable | undefined {
  const { text, encoding } = decode(bytes.subarray(0, HEAD_BYTES), bytes.length > HEAD_BYTES);
  const delimiter = sniff(text);
  const rows = parseRows(text, delimiter, ROWS_LOOKED_AT + 1);
  const header = rows[0];
  if (header === undefined || header.every((cell) => cell.trim() === '')) return undefined;
  const columns = names(header.slice(0, MOST_COLUMNS)).map((column, at) => {
    const cells = rows.slice(1).flatMap((row) => row[at]?.trim() || []);
    return { name: column, ...judge(cells) };
  });
  return { path, name, delimiter, encoding, columns, width: header.length, dollars: text.includes('$') };
}

function decode(
  head: Uint8Array,
  cut: boolean,
): { readonly text: string; readonly encoding: string | undefined } {
  try {
    // The last character may be cut in two; `stream` leaves it out.
    return {
      text: new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: cut }),
      encoding: undefined,
    };
  } catch {
    return { text: new TextDecoder('windows-1252').decode(head), encoding: 'cp1252' };
  }
}

/** The separator that the header has most of, outside quotes. */
function sniff(text: string): string {
  const header = (/^.*$/m.exec(text)?.[0] ?? '').replace(/"[^"]*"/g, '');
  const counts = [',', ';', '\t', '|'].map((mark) => [mark, header.split(mark).length] as const);
  return counts.reduce((best, next) => (next[1] > best[1] ? next : best))[0];
}

/** Rows of a CSV (RFC 4180), empty lines left out, up to `most` of them. */
export function parseRows(text: string, delimiter: string, most: number): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  const endRow = () => {
    row.push(cell);
    if (row.length > 1 || cell !== '') rows.push(row);
    row = [];
    cell = '';
  };
  for (let at = 0; at < text.length && rows.length < most; at++) {
    const char = text[at] as string;
    if (quoted) {
      if (char !== '"') cell += char;
      else if (text[at + 1] === '"') {
        cell += '"';
        at++;
      } else quoted = false;
    } else if (char === '"' && cell === '') quoted = true;
    else if (char === delimiter) {
      row.push(cell);
      cell = '';
    } else if (char === '\n') endRow();
    else if (char !== '\r') cell += char;
  }
  if (rows.length < most) endRow();
  return rows;
}

/** As pandas names columns: `Unnamed: 0` for an empty name, `a.1` for the second `a`. */
function names(header: readonly string[]): readonly string[] {
  const used = new Set<string>();
  const nexts = new Map<string, number>();
  return header.map((cell, at) => {
    const base = cell === '' ? `Unnamed: ${at}` : cell;
    let name = base;
    let next = nexts.get(base) ?? 1;
    for (; used.has(name); next++) name = `${base}.${next}`;
    nexts.set(base, next);
    used.add(name);
    return name;
  });
}

const NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i;
const FORMATTED = /^\(?[-+]?\s*[$€£¥]?\s*[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?\s*[%€$£¥]?\)?$/;
const ISO_DATE = /^\d{4}[-/.]\d{1,2}(?:[-/.]\d{1,2})?(?:[T ]\d{1,2}:\d{2}.*)?$/;
const SLASHED_DATE = /^(\d{1,2})[-/.](\d{1,2})[-/.]\d{2,4}$/;
const WORDED_DATE = /^(?:\d{1,2}\s+)?[a-z]{3,9}\.?\s+(?:\d{1,2},?\s+)?\d{4}$/i;
const ORDERED =
  /^(?:(?:\d{4}[- ]?)?[qh][1-4]|(?:q[1-4][- ]?)\d{4}|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?(?:[- ]\d{2,4})?|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*|(?:week|day|month|year) ?\d+)$/i;
const MISSING = new Set(['na', 'n/a', 'nan', 'null', 'none', '-', '']);

function judge(cells: readonly string[]): Omit<Column, 'name'> {
  const told = cells.filter((cell) => !MISSING.has(cell.toLowerCase()));
  const most = (test: (cell: string) => boolean) =>
    told.length > 0 && told.filter(test).length >= told.length * 0.8;
  const plain = { dayFirst: false, ordered: false };
  const dayFirst = told.some((cell) => Number(SLASHED_DATE.exec(cell)?.[1] ?? 0) > 12);
  if (most((cell) => NUMBER.test(cell))) return { kind: 'number', ...plain };
  if (most((cell) => NUMBER.test(cell) || FORMATTED.test(cell))) return { kind: 'formattedNumber', ...plain };
  if (most((cell) => ISO_DATE.test(cell) || SLASHED_DATE.test(cell) || WORDED_DATE.test(cell))) {
    return { kind: 'date', dayFirst, ordered: false };
  }
  return { kind: 'text', dayFirst: false, ordered: most((cell) => ORDERED.test(cell)) };
}

/** Whether a chart can take its numbers from the column. */
export function isNumeric(column: Column): boolean {
  return column.kind === 'number' || column.kind === 'formattedNumber';
}
