import type { TablePreview } from '../../core/tablePreview.ts';
import { isTable } from '../../core/tablePreview.ts';
import { formatNumber } from './format.ts';
import type { Language } from './view.ts';
import type { FileView, TableView } from './viewTypes.ts';

/** Files of one run whose first rows are shown at once. */
const MOST_OPEN = 3;
/** Files of one run whose first rows can be shown; all of them are in the list of files. */
const MOST_TABLES = 12;

/** Which of the files that a run made are shown as tables. */
export function tableFiles(files: readonly FileView[]): readonly TableView[] {
  return files
    .filter(({ filename }) => isTable(filename))
    .slice(0, MOST_TABLES)
    .map((file, place) => ({ ...file, open: place < MOST_OPEN }));
}

/** How much of a file its table shows. */
export function tableWords(
  { rows, header, rowCount, columnCount }: TablePreview,
  { t, lang }: Language,
): string {
  const number = (value: number) => formatNumber(value, lang);
  const parts: string[] = [];
  if (rowCount === undefined) parts.push(t('first {0} rows', number(rows.length)));
  else if (rowCount > rows.length) parts.push(t('{0} of {1} rows', number(rows.length), number(rowCount)));
  else parts.push(rowCount === 1 ? t('1 row') : t('{0} rows', number(rowCount)));
  if (columnCount > header.length)
    parts.push(t('{0} of {1} columns', number(header.length), number(columnCount)));
  return parts.join(', ');
}
