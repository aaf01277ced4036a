/** A change of the text in a box: `text` in place of what stands from `from` to `to`, and what is selected then. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly selection: readonly [number, number];
}

const INDENT = '    ';

/** A new line indented as Python wants it: as the one before, and deeper after a colon. */
export function newLine(value: string, from: number, to: number): Edit {
  const line = value.slice(lineStart(value, from), from);
  const indent = /^[ \t]*/.exec(line)?.[0] ?? '';
  const text = `\n${indent}${/:\s*(?:#.*)?$/.test(line) ? INDENT : ''}`;
  const end = from + text.length;
  return { from, to, text, selection: [end, end] };
}

/** Moves lines in or out by one step; where nothing is selected, moving in writes spaces up to the next step. */
export function indentLines(value: string, from: number, to: number, direction: 1 | -1): Edit {
  const start = lineStart(value, from);
  if (direction === 1 && from === to) {
    const text = INDENT.slice((from - start) % INDENT.length);
    return { from, to, text, selection: [from + text.length, from + text.length] };
  }
  // A line of which only the beginning is touched is not meant.
  const last = to > from && value[to - 1] === '\n' ? to - 1 : to;
  const after = value.indexOf('\n', last);
  const end = after === -1 ? value.length : after;
  const lines = value.slice(start, end).split('\n');
  const moved = lines.map((line) =>
    direction === -1 ? line.replace(/^(?: {1,4}|\t)/, '') : line === '' ? line : INDENT + line,
  );
  const text = moved.join('\n');
  const first = (moved[0]?.length ?? 0) - (lines[0]?.length ?? 0);
  const grown = text.length - (end - start);
  return {
    from: start,
    to: end,
    text,
    selection: [Math.max(start, from + first), Math.max(start, to + grown)],
  };
}

function lineStart(value: string, at: number): number {
  return at === 0 ? 0 : value.lastIndexOf('\n', at - 1) + 1;
}
