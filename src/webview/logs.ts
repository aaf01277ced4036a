import type { StepOutput } from '../core/events.ts';

/** What a step printed, made fit to read. */
export interface LogFacts {
  readonly text: string;
  /** `ZeroDivisionError: division by zero` where the code ended with an exception that nobody caught. */
  readonly raised: string | undefined;
}

const known = new WeakMap<readonly StepOutput[], LogFacts>();
const nothing: LogFacts = { text: '', raised: undefined };

/** The logs of a step, worked out once for each list of outputs. */
export function logFacts(outputs: readonly StepOutput[] | undefined): LogFacts {
  if (outputs === undefined) return nothing;
  let facts = known.get(outputs);
  if (facts === undefined) {
    const printed = outputs.flatMap((output) => (output.type === 'logs' ? [cleanLog(output.logs)] : []));
    const text = joinLogs(printed);
    facts = { text, raised: uncaught(text) };
    known.set(outputs, facts);
  }
  return facts;
}

/** Escape sequences of terminals: CSI, OSC (ended by BEL or ST), and the two-character ones. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this removes
const ESCAPES = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]{0,2000}(?:\x07|\x1b\\)?|[ -/]*[0-~])/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this removes
const CONTROLS = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x9b]/g;

/** Text as a terminal would have left it: escape sequences gone, lines overwritten by `\r` replaced by the last one. */
export function cleanLog(raw: string): string {
  const text = raw.replace(ESCAPES, '').replace(CONTROLS, '').replace(/\r+\n/g, '\n');
  if (!text.includes('\r')) return text;
  return text
    .split('\n')
    .map((line) => {
      const states = line.split('\r');
      return states.findLast((state) => state !== '') ?? '';
    })
    .join('\n');
}

function joinLogs(pieces: readonly string[]): string {
  let text = '';
  for (const piece of pieces) text += text === '' || text.endsWith('\n') ? piece : `\n${piece}`;
  return text.replace(/\n+$/, '');
}

const TRACEBACK = /^(?:Traceback \(most recent call last\):|[\w.]+ +Traceback \(most recent call last\))/m;
const EXCEPTION = /^[A-Za-z_][\w.]*(?:Error|Exception|Interrupt|Exit|Warning|Group|Iteration)\b(?::.*)?$/;

function uncaught(text: string): string | undefined {
  if (!TRACEBACK.test(text)) return undefined;
  // An exception's message may go on over a few lines.
  const lines = text.slice(-4_000).split('\n').slice(-8);
  return lines.findLast((line) => EXCEPTION.test(line));
}

/** A stretch of log: a traceback, or anything else. */
export interface LogSection {
  readonly kind: 'text' | 'traceback';
  readonly text: string;
}

/** Cuts a log where a traceback begins and after the line that names the exception. */
export function logSections(text: string): readonly LogSection[] {
  if (!TRACEBACK.test(text)) return text === '' ? [] : [{ kind: 'text', text }];
  const sections: LogSection[] = [];
  let lines: string[] = [];
  let kind: LogSection['kind'] = 'text';
  const end = () => {
    if (lines.length > 0) sections.push({ kind, text: lines.join('\n') });
    lines = [];
  };
  for (const line of text.split('\n')) {
    if (kind === 'text' && TRACEBACK.test(line)) {
      // IPython draws a line above its tracebacks; the box around them says the same.
      if (/^-{20,}$/.test(lines.at(-1) ?? '')) lines.pop();
      end();
      kind = 'traceback';
    }
    lines.push(line);
    if (kind === 'traceback' && EXCEPTION.test(line)) {
      end();
      kind = 'text';
    }
  }
  end();
  return sections;
}

/** A long log folded: its beginning, how many lines are left out, and its end. */
export interface FoldedLog {
  readonly head: string;
  readonly hidden: number;
  readonly tail: string;
}

const FOLD_ABOVE = 40;
const HEAD = 12;
const TAIL = 20;

/** The log folded, or undefined where it is short enough to show. */
export function foldLog(text: string): FoldedLog | undefined {
  const lines = text.split('\n');
  if (lines.length <= FOLD_ABOVE) return undefined;
  return {
    head: lines.slice(0, HEAD).join('\n'),
    hidden: lines.length - HEAD - TAIL,
    tail: lines.slice(-TAIL).join('\n'),
  };
}
