import type { StepOutput } from '../core/events.ts';
import { readTerminal, type StyledText, type StyleRun } from '../core/terminal.ts';
import { uncaught } from '../core/traceback.ts';

/** What a step printed, made fit to read. */
export interface LogFacts {
  readonly log: StyledText;
  /** `ZeroDivisionError: division by zero` where the code ended with an exception that nobody caught. */
  readonly raised: string | undefined;
}

const known = new WeakMap<readonly StepOutput[], LogFacts>();
const nothing: LogFacts = { log: { text: '', runs: [] }, raised: undefined };

/** The logs of a step, worked out once for each list of outputs. */
export function logFacts(outputs: readonly StepOutput[] | undefined): LogFacts {
  if (outputs === undefined) return nothing;
  let facts = known.get(outputs);
  if (facts === undefined) {
    const log = joinLogs(outputs.flatMap((output) => (output.type === 'logs' ? [output.logs] : [])));
    facts = { log, raised: uncaught(log.text) };
    known.set(outputs, facts);
  }
  return facts;
}

function joinLogs(pieces: readonly string[]): StyledText {
  const runs: StyleRun[] = [];
  let text = '';
  for (const piece of pieces) {
    if (text !== '' && !text.endsWith('\n')) text += '\n';
    const read = readTerminal(piece);
    for (const run of read.runs)
      runs.push({ ...run, from: text.length + run.from, to: text.length + run.to });
    text += read.text;
  }
  return { text: text.replace(/\n+$/, ''), runs };
}

/** A long log folded: where its beginning ends, how many lines are left out, and where its end begins. */
export interface FoldedLog {
  readonly headEnd: number;
  readonly hidden: number;
  readonly tailStart: number;
}

const FOLD_ABOVE = 40;
const HEAD = 12;
const TAIL = 20;

/** How a log is folded, or undefined where it is short enough to show. */
export function foldLog(text: string): FoldedLog | undefined {
  const ends: number[] = [];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) ends.push(at);
  const lines = ends.length + 1;
  const headEnd = ends[HEAD - 1];
  const before = ends.at(-TAIL);
  if (lines <= FOLD_ABOVE || headEnd === undefined || before === undefined) return undefined;
  return { headEnd, hidden: lines - HEAD - TAIL, tailStart: before + 1 };
}
