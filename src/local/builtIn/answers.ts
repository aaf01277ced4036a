import { baseName } from '../../core/files.ts';
import type { CodeOutcome } from '../agent.ts';
import { sandboxLink } from '../sandboxLink.ts';
import { type Column, type CsvTable, MOST_COLUMNS } from './csv.ts';
import { type NoPlan, numbersOf } from './plan.ts';
import { SAMPLES } from './samples.ts';

/** What works without a language model, and how to get one. */
const WITHOUT_MODEL = [
  'What works without one:',
  '',
  '- **Python**: write or paste a program (or a ```` ```python ```` block), and it runs here, on this machine.',
  '- **Charts** (bar, line, pie, scatter, histogram) from an attached CSV file or selected rows: `average revenue per region as a bar chart`; then `as a pie chart`, `only the top 3`, `where product is Laptop`.',
  '- **Charts from sample data**: `bar chart of sales by quarter`, `pie chart of market share`.',
  '- **Fibonacci numbers**: `calculate the first 20 Fibonacci numbers and plot them`.',
  '- **A CSV with sample data**: `create a CSV with sample sales data`.',
  '',
  'To ask anything else, connect a gateway to a language model with the command **Code Interpreter: Set Up Gateway**.',
].join('\n');

/** The answer to everything that no rule covers. */
export function noModelAnswer(reason?: string, table?: CsvTable): string {
  const first =
    reason ??
    'No language model is set up, so this cannot be answered: the `built-in` model is no AI and only follows a few fixed rules.';
  const data =
    table === undefined
      ? ''
      : `\n\nOf ${quote(table.name)} a chart can be drawn: its columns are ${columnList(table)}. Try ${quote(example(table))}.`;
  return `${first}${data}\n\n${WITHOUT_MODEL}`;
}

/** A request that the rules follow, in the columns' own names. */
function example(table: CsvTable): string {
  const plain = (columns: readonly Column[]) =>
    (columns.find(({ name }) => /^[\p{L}\p{N}_ -]+$/u.test(name)) ?? columns[0])?.name;
  const value = plain(numbersOf(table));
  const by =
    plain(table.columns.filter((column) => column.kind === 'text')) ??
    plain(table.columns.filter((column) => column.kind === 'date'));
  if (value === undefined) return `pie chart of ${by ?? plain(table.columns)}`;
  return by === undefined ? `histogram of ${value}` : `bar chart of ${value} by ${by}`;
}

/** Why a chart that was asked for cannot be drawn, and what could be. */
export function noPlanAnswer(refusal: NoPlan): string {
  switch (refusal.type) {
    case 'missingColumns': {
      const missing = refusal.missing.map((phrase) => `"${phrase}"`).join(' or ');
      return `${quote(refusal.table.name)} has no column for ${missing}, so nothing was drawn. Its columns are: ${columnList(refusal.table)}.`;
    }
    case 'noNumbers': {
      const numbers = numbersOf(refusal.table).map((column) => quote(column.name));
      const what =
        refusal.column === undefined
          ? `${quote(refusal.table.name)} has too few columns of numbers for this chart`
          : `The column ${quote(refusal.column)} of ${quote(refusal.table.name)} does not hold numbers`;
      const have =
        numbers.length === 0 ? 'No column holds numbers.' : `Columns of numbers are: ${shortList(numbers)}.`;
      return `${what}, so nothing was drawn. ${have}`;
    }
    case 'tooManyColumns':
      return `${quote(refusal.table.name)} has ${refusal.table.width} columns, so nothing was drawn: the built-in rules read tables of up to ${MOST_COLUMNS}. Python that you write here has no such limit.`;
    case 'twoGroupings':
      return 'The built-in rules draw over one grouping at a time, so nothing was drawn. Ask with one "by …" only.';
    case 'noSuchFile': {
      const there = shortList(
        refusal.tables.map((table) => quote(table.name)),
        MOST_FILES,
      );
      const have = there === '' ? 'There is no CSV file here yet.' : `The CSV files here are: ${there}.`;
      return `There is no file ${quote(refusal.name)}, so nothing was drawn. ${have} Attach the file and ask again.`;
    }
    case 'noData': {
      const what = refusal.asked === '' ? 'this' : `"${refusal.asked}"`;
      const topics = SAMPLES.map((sample) => sample.topic).join(', ');
      return `There is no data for ${what}, so nothing was drawn. Attach a CSV file and name its columns, or ask for a chart of sample data: ${topics}.`;
    }
    case 'notAChart':
      return noModelAnswer();
  }
}

export function otherChartAnswer(name: string, table?: CsvTable): string {
  return noModelAnswer(
    `The built-in rules cannot draw a ${name}: they know bar, line, pie and scatter charts and histograms. Without a language model nothing else can be written here.`,
    table,
  );
}

function columnList(table: CsvTable): string {
  return shortList(table.columns.map((column) => quote(column.name)));
}

const MOST_LISTED = 30;

function shortList(names: readonly string[], most = MOST_LISTED): string {
  const more = names.length - most;
  return more > 0 ? `${names.slice(0, most).join(', ')} and ${more} more` : names.join(', ');
}

/** A name as inline code, whatever it holds. */
export function quote(name: string): string {
  const plain = name.replace(/\s+/g, ' ');
  return plain.includes('`') ? `\`\` ${plain} \`\`` : `\`${plain}\``;
}

export interface Told {
  /** What was done, as a sentence, said only where the code ran to its end. */
  readonly done: string;
  /** Whether the logs must be told here, since the client does not get them. */
  readonly withLogs: boolean;
}

/** What came of code that was run: only what really happened. */
export function outcomeAnswer(outcome: CodeOutcome, { done, withLogs }: Told): string {
  const parts = [`${endSentence(outcome, done)}${figureSentence(outcome)}`];
  if (withLogs && outcome.logs.trim() !== '') parts.push(fence(outcome.logs));
  if (outcome.written.length > 0) parts.push(fileLines(outcome.written));
  parts.push(...outcome.remarks.map((remark) => `*${remark}*`));
  return parts.join('\n\n');
}

function endSentence(outcome: CodeOutcome, done: string): string {
  switch (outcome.end) {
    case 'ok':
      return done;
    case 'error':
      return 'The code raised an error and did not run to its end; the traceback is in its output.';
    case 'timed_out':
      return 'The code took too long and was stopped.';
    case 'out_of_memory':
      return 'The code needed more memory than there is and was stopped.';
    case 'interrupted':
      return 'The code was stopped.';
    case 'died':
      return 'Python ended in the middle of the code.';
  }
}

function figureSentence({ end, figures, written }: CodeOutcome): string {
  if (end === 'ok' || (figures === 0 && written.length === 0)) return '';
  return ' What it had made by then is kept.';
}

const MOST_FILES = 20;

function fileLines(paths: readonly string[]): string {
  const more = paths.length - MOST_FILES;
  return [...paths.slice(0, MOST_FILES).map(fileLine), ...(more > 0 ? [`and ${more} more`] : [])].join('\n');
}

function fileLine(path: string): string {
  const label = baseName(path).replace(/[\\[\]`*<>]|(?<!\w)_|_(?!\w)/g, '\\$&');
  return `[Download ${label}](${sandboxLink(path)})`;
}

const LONGEST_LOGS = 4_000;

function fence(logs: string): string {
  const shown = logs.length > LONGEST_LOGS ? `${logs.slice(0, LONGEST_LOGS)}\n…` : logs.trimEnd();
  const longest = Math.max(2, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
  const marks = '`'.repeat(longest + 1);
  return `${marks}text\n${shown}\n${marks}`;
}
