import type { StepOutput } from '../core/events.ts';
import { EXCEPTION, TRACEBACK, uncaught } from '../core/traceback.ts';
import { readTerminal, type StyledText, type StyleRun } from './ansi.ts';

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

/** A stretch of log: a traceback, or anything else; `from` and `to` are places in the log. */
export interface LogSection {
  readonly kind: 'text' | 'traceback';
  readonly from: number;
  readonly to: number;
}

/** Cuts a part of a log where a traceback begins and after the line that names the exception. */
export function logSections(text: string, from = 0, to = text.length): readonly LogSection[] {
  if (from >= to) return [];
  if (!TRACEBACK.test(text)) return [{ kind: 'text', from, to }];
  const sections: LogSection[] = [];
  const add = (kind: LogSection['kind'], end: number) => {
    if (end > start) sections.push({ kind, from: start, to: end });
  };
  let start = from;
  let inTraceback = false;
  let ruleAt: number | undefined;
  for (let at = from; at < to; ) {
    const newline = text.indexOf('\n', at);
    const end = newline === -1 || newline > to ? to : newline;
    const line = text.slice(at, end);
    if (!inTraceback && TRACEBACK.test(line)) {
      // IPython draws a line above its tracebacks; the box around them says the same.
      add('text', (ruleAt ?? at) - 1);
      start = at;
      inTraceback = true;
    } else if (inTraceback && EXCEPTION.test(line)) {
      add('traceback', end);
      start = end + 1;
      inTraceback = false;
    }
    ruleAt = /^-{20,}$/.test(line) ? at : undefined;
    at = end + 1;
  }
  add(inTraceback ? 'traceback' : 'text', to);
  return sections;
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
