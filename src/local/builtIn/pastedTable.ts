import { DATA_DIR } from '../python.ts';
import { type CsvTable, parseRows, readTable } from './csv.ts';
import { fencedBlocks } from './given.ts';
import { pyText } from './literal.ts';

/** A table that stands in a prompt, as a selection of a CSV file does, and what is asked of it. */
export interface PastedTable {
  readonly table: CsvTable;
  readonly text: string;
  readonly question: string;
}

const NAME = 'selection.csv';
/** Characters; what is longer is better attached as a file. */
const LONGEST = 64 * 1024;

/** @returns undefined where there is none */
export function pastedTable(prompt: string): PastedTable | undefined {
  const { data, unmarked, beside } = fencedBlocks(prompt);
  for (const text of [...data, ...unmarked]) {
    if (text.length > LONGEST) continue;
    const table = readTable(`${DATA_DIR}/${NAME}`, NAME, new TextEncoder().encode(text));
    if (table && isTable(text, table)) return { table, text, question: beside };
  }
  return undefined;
}

/** Below a header of several names there are rows, and they are as long. */
function isTable(text: string, { delimiter, width }: CsvTable): boolean {
  const rows = parseRows(text, delimiter, Number.POSITIVE_INFINITY);
  return width > 1 && rows.length > 1 && rows.every((row) => row.length === width);
}

/** The lines that put it where the code after them reads it. */
export function keepLines({ table, text }: PastedTable): string {
  const literal = /["\\]|[^\P{C}\n\t]/u.test(text) ? pyText(text) : `"""\\\n${text}"""`;
  return [
    'from pathlib import Path',
    '',
    '# The rows that came with the question.',
    `Path(${pyText(table.path)}).write_text(${literal}, encoding="utf-8")`,
    '',
    '',
  ].join('\n');
}
