/** A part of a prompt: what is said, or a fenced block. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  /** `language` is in lower case, empty where none is named; the text is without the fences. */
  | { readonly kind: 'block'; readonly language: string; readonly text: string };

const PYTHON = new Set(['python', 'py', 'python3', 'py3', 'ipython', 'pycon']);

/** Whether the language that a fence names is Python. */
export function isPython(language: string): boolean {
  return PYTHON.has(language);
}

/**
 * A prompt as what is said and its fenced blocks, in order (CommonMark: three or more backticks or tildes; one left
 * open goes to the end).
 */
export function splitFences(prompt: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let said: string[] = [];
  let open: { readonly fence: string; readonly language: string; readonly lines: string[] } | undefined;
  const endText = () => {
    if (said.length > 0) pieces.push({ kind: 'text', text: said.join('\n') });
    said = [];
  };
  const endBlock = () => {
    if (open) pieces.push({ kind: 'block', language: open.language, text: open.lines.join('\n') });
    open = undefined;
  };
  for (const line of prompt.split(/\r\n|\r|\n/)) {
    const fence = fenceOf(line);
    if (open) {
      if (fence?.language === '' && fence.marks.startsWith(open.fence)) endBlock();
      else open.lines.push(line);
    } else if (fence) {
      endText();
      open = { fence: fence.marks, language: fence.language.toLowerCase(), lines: [] };
    } else said.push(line);
  }
  endText();
  endBlock();
  return pieces;
}

/** The parts are taken one after the other: in one pattern they could be shared out in too many ways. */
function fenceOf(line: string): { readonly marks: string; readonly language: string } | undefined {
  const marks = /^ {0,3}(`{3,}|~{3,})/.exec(line);
  const rest = marks ? line.slice(marks[0].length) : '';
  if (!marks?.[1] || rest.includes('`')) return undefined;
  return { marks: marks[1], language: /^[^\s{]*/.exec(rest.replace(/^[ \t]+/, ''))?.[0] ?? '' };
}
