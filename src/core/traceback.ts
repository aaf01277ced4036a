/** The beginning of a traceback, of Python's or of IPython's. */
export const TRACEBACK =
  /^(?:Traceback \(most recent call last\):|[\w.]+ +Traceback \(most recent call last\))/m;
/** The line that names an exception. */
export const EXCEPTION =
  /^[A-Za-z_][\w.]*(?:Error|Exception|Interrupt|Exit|Warning|Group|Iteration)\b(?::.*)?$/;

/** The exception that a log ends with and nobody caught: `ZeroDivisionError: division by zero`. */
export function uncaught(text: string): string | undefined {
  if (!TRACEBACK.test(text)) return undefined;
  // An exception's message may go on over a few lines.
  const lines = text.slice(-4_000).split('\n').slice(-8);
  return lines.findLast((line) => EXCEPTION.test(line));
}
