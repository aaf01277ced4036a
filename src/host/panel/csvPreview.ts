import papaparse from 'papaparse';
import type { TablePreview } from '../../core/tablePreview.ts';

/** Rows, columns and UTF-16 units of a cell that are shown. */
const ROWS = 8;
const COLUMNS = 12;
const LONGEST_CELL = 80;

const NUMBER = /^[+-]?(?:\d[\d ,_']*)?(?:\.\d+)?(?:e[+-]?\d+)?\s?%?$/i;

/**
 * The first rows of a CSV file, whatever separates its cells.
 *
 * @param text the file, or its beginning
 * @param whole whether it is all of the file
 * @returns undefined for a file without any row
 */
export function csvPreview(text: string, whole: boolean): TablePreview | undefined {
  // What is cut off in the middle of a row is none.
  const lines = whole ? text : text.slice(0, text.lastIndexOf('\n') + 1);
  const { data } = papaparse.parse<string[]>(lines.replace(/^\ufeff/, ''), { skipEmptyLines: 'greedy' });
  const [header, ...rows] = data;
  if (header === undefined) return undefined;
  const shown = rows.slice(0, ROWS);
  const columnCount = shown.reduce((most, row) => Math.max(most, row.length), header.length);
  const columns = [...Array(Math.min(columnCount, COLUMNS)).keys()];
  const fill = (row: readonly string[]) => columns.map((column) => shorten(row[column] ?? ''));
  return {
    header: fill(header),
    rows: shown.map(fill),
    numeric: columns.map((column) => isNumeric(shown.map((row) => row[column] ?? ''))),
    rowCount: whole ? rows.length : undefined,
    columnCount,
  };
}

function isNumeric(cells: readonly string[]): boolean {
  const filled = cells
    .map((cell) => cell.trim())
    .filter((cell) => cell !== '' && !/^(?:nan|na|null)$/i.test(cell));
  return (
    filled.length > 0 &&
    filled.every((cell) => cell.length < LONGEST_CELL && NUMBER.test(cell) && /\d/.test(cell))
  );
}

function shorten(cell: string): string {
  const line = cell
    .slice(0, 4 * LONGEST_CELL)
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > LONGEST_CELL ? `${line.slice(0, LONGEST_CELL - 1).toWellFormed()}…` : line;
}
