/** The beginning of a traceback, of Python's or of IPython's. */
const TRACEBACK = /^(?:Traceback \(most recent call last\):|[\w.]+ +Traceback \(most recent call last\))/m;
/** The line that names an exception. */
const EXCEPTION = /^[A-Za-z_][\w.]*(?:Error|Exception|Interrupt|Exit|Warning|Group|Iteration)\b(?::.*)?$/;

/** The exception that a log ends with and nobody caught: `ZeroDivisionError: division by zero`. */
export function uncaught(text: string): string | undefined {
  if (!TRACEBACK.test(text)) return undefined;
  // An exception's message may go on over a few lines.
  const lines = text.slice(-4_000).split('\n').slice(-8);
  return lines.findLast((line) => EXCEPTION.test(line));
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
