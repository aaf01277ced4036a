import type { Translate } from '../../core/errorText.ts';
import { baseName } from '../../core/files.ts';
import type { CodeOutcome } from '../agent.ts';
import { sandboxLink } from '../sandboxLink.ts';
import { type Column, type CsvTable, MOST_COLUMNS } from './csv.ts';
import { type NoPlan, numbersOf } from './plan.ts';
import { SAMPLES } from './samples.ts';

/** What works without a language model, and how to get one. */
function withoutModel(t: Translate): string {
  return [
    t('What works without one:'),
    '',
    `- ${t('**Python**: write or paste a program (or a ```` ```python ```` block), and it runs here, on this machine.')}`,
    `- ${t('**Charts** (bar, line, pie, scatter, histogram) from an attached CSV file or selected rows: `average revenue per region as a bar chart`; then `as a pie chart`, `only the top 3`, `where product is Laptop`.')}`,
    `- ${t('**Charts from sample data**: `bar chart of sales by quarter`, `pie chart of market share`.')}`,
    `- ${t('**Fibonacci numbers**: `calculate the first 20 Fibonacci numbers and plot them`.')}`,
    `- ${t('**A CSV with sample data**: `create a CSV with sample sales data`.')}`,
    '',
    t(
      'To ask anything else, connect a gateway to a language model with the command **Code Interpreter: Set Up Gateway**.',
    ),
  ].join('\n');
}

/** The answer to everything that no rule covers. */
export function noModelAnswer(t: Translate, reason?: string, table?: CsvTable): string {
  const first =
    reason ??
    t(
      'No language model is set up, so this cannot be answered: the `built-in` model is no AI and only follows a few fixed rules.',
    );
  const parts = [first];
  if (table) {
    const told = [quote(table.name), columnList(table, t), quote(example(table))];
    parts.push(t('Of {0} a chart can be drawn: its columns are {1}. Try {2}.', ...told));
  }
  return [...parts, withoutModel(t)].join('\n\n');
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
export function noPlanAnswer(t: Translate, refusal: NoPlan): string {
  switch (refusal.type) {
    case 'missingColumns': {
      const missing = refusal.missing.map((phrase) => `"${phrase}"`).join(` ${t('or')} `);
      return t(
        '{0} has no column for {1}, so nothing was drawn. Its columns are: {2}.',
        quote(refusal.table.name),
        missing,
        columnList(refusal.table, t),
      );
    }
    case 'noNumbers': {
      const numbers = numbersOf(refusal.table).map((column) => quote(column.name));
      const name = quote(refusal.table.name);
      const what =
        refusal.column === undefined
          ? t('{0} has too few columns of numbers for this chart, so nothing was drawn.', name)
          : t(
              'The column {0} of {1} does not hold numbers, so nothing was drawn.',
              quote(refusal.column),
              name,
            );
      const have =
        numbers.length === 0
          ? t('No column holds numbers.')
          : t('Columns of numbers are: {0}.', shortList(numbers, t));
      return `${what} ${have}`;
    }
    case 'tooManyColumns':
      return t(
        '{0} has {1} columns, so nothing was drawn: the built-in rules read tables of up to {2}. Python that you write here has no such limit.',
        quote(refusal.table.name),
        String(refusal.table.width),
        String(MOST_COLUMNS),
      );
    case 'twoGroupings':
      return t(
        'The built-in rules draw over one grouping at a time, so nothing was drawn. Ask with one "by …" only.',
      );
    case 'noSuchFile': {
      const there = shortList(
        refusal.tables.map((table) => quote(table.name)),
        t,
        MOST_FILES,
      );
      return [
        t('There is no file {0}, so nothing was drawn.', quote(refusal.name)),
        there === '' ? t('There is no CSV file here yet.') : t('The CSV files here are: {0}.', there),
        t('Attach the file and ask again.'),
      ].join(' ');
    }
    case 'noData': {
      const what = refusal.asked === '' ? t('this') : `"${refusal.asked}"`;
      const topics = SAMPLES.map((sample) => sample.topic).join(', ');
      return t(
        'There is no data for {0}, so nothing was drawn. Attach a CSV file and name its columns, or ask for a chart of sample data: {1}.',
        what,
        topics,
      );
    }
    case 'notAChart':
      return noModelAnswer(t);
  }
}

export function otherChartAnswer(t: Translate, name: string, table?: CsvTable): string {
  return noModelAnswer(
    t,
    t(
      'The built-in rules cannot draw a {0}: they know bar, line, pie and scatter charts and histograms. Without a language model nothing else can be written here.',
      name,
    ),
    table,
  );
}

function columnList(table: CsvTable, t: Translate): string {
  return shortList(
    table.columns.map((column) => quote(column.name)),
    t,
  );
}

const MOST_LISTED = 30;

function shortList(names: readonly string[], t: Translate, most = MOST_LISTED): string {
  const more = names.length - most;
  return more > 0
    ? `${names.slice(0, most).join(', ')} ${t('and {0} more', String(more))}`
    : names.join(', ');
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
export function outcomeAnswer(outcome: CodeOutcome, { done, withLogs }: Told, t: Translate): string {
  const parts = [[endSentence(outcome, done, t), ...keptSentence(outcome, t)].join(' ')];
  if (withLogs && outcome.logs.trim() !== '') parts.push(fence(outcome.logs));
  if (outcome.written.length > 0) parts.push(fileLines(outcome.written, t));
  parts.push(...outcome.remarks.map((remark) => `*${remark}*`));
  return parts.join('\n\n');
}

function endSentence(outcome: CodeOutcome, done: string, t: Translate): string {
  switch (outcome.end) {
    case 'ok':
      return done;
    case 'error':
      return t('The code raised an error and did not run to its end; the traceback is in its output.');
    case 'timed_out':
      return t('The code took too long and was stopped.');
    case 'out_of_memory':
      return t('The code needed more memory than there is and was stopped.');
    case 'interrupted':
      return t('The code was stopped.');
    case 'died':
      return t('Python ended in the middle of the code.');
  }
}

function keptSentence({ end, figures, written }: CodeOutcome, t: Translate): readonly string[] {
  if (end === 'ok' || (figures === 0 && written.length === 0)) return [];
  return [t('What it had made by then is kept.')];
}

const MOST_FILES = 20;

function fileLines(paths: readonly string[], t: Translate): string {
  const more = paths.length - MOST_FILES;
  const shown = paths.slice(0, MOST_FILES).map((path) => fileLine(path, t));
  return [...shown, ...(more > 0 ? [t('and {0} more', String(more))] : [])].join('\n');
}

function fileLine(path: string, t: Translate): string {
  const label = baseName(path).replace(/[\\[\]`*<>]|(?<!\w)_|_(?!\w)/g, '\\$&');
  return `[${t('Download {0}', label)}](${sandboxLink(path)})`;
}

const LONGEST_LOGS = 4_000;

function fence(logs: string): string {
  const shown = logs.length > LONGEST_LOGS ? `${logs.slice(0, LONGEST_LOGS)}\n…` : logs.trimEnd();
  const longest = Math.max(2, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
  const marks = '`'.repeat(longest + 1);
  return `${marks}text\n${shown}\n${marks}`;
}
