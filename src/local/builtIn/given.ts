/** Python that stands in a prompt. */
export interface GivenCode {
  /** Each block of code, in its order. */
  readonly blocks: readonly string[];
  /** What is said beside them. */
  readonly beside: string;
  /** Languages of blocks that are no Python and no data. */
  readonly others: readonly string[];
  /** Each block of data: rows with separators. */
  readonly data: readonly string[];
}

const DATA = new Set(['csv', 'tsv']);
const PYTHON = new Set(['python', 'py', 'python3', 'py3', 'ipython', 'pycon']);

/**
 * The fenced blocks of a prompt (CommonMark: three or more backticks or tildes; one left open goes to the end).
 *
 * @returns blocks marked as Python; `unmarked` those without a language, which only Python itself can judge
 */
export function fencedBlocks(prompt: string): GivenCode & { readonly unmarked: readonly string[] } {
  const blocks: string[] = [];
  const unmarked: string[] = [];
  const others: string[] = [];
  const data: string[] = [];
  const beside: string[] = [];
  let open: { readonly fence: string; readonly language: string; readonly lines: string[] } | undefined;
  const close = () => {
    if (open === undefined) return;
    const code = `${open.lines.join('\n')}\n`;
    if (PYTHON.has(open.language)) blocks.push(code);
    else if (open.language === '') unmarked.push(code);
    else if (DATA.has(open.language)) data.push(code);
    else others.push(open.language);
    open = undefined;
  };
  for (const line of prompt.split(/\r\n|\r|\n/)) {
    const fence = fenceOf(line);
    if (open) {
      const closing = fence?.language === '' && fence.marks.startsWith(open.fence);
      if (closing) close();
      else open.lines.push(line);
    } else if (fence) {
      open = { fence: fence.marks, language: fence.language.toLowerCase(), lines: [] };
    } else {
      beside.push(line);
    }
  }
  close();
  return { blocks, unmarked, others, data, beside: beside.join('\n').trim() };
}

/** The parts are taken one after the other: in one pattern they could be shared out in too many ways. */
function fenceOf(line: string): { readonly marks: string; readonly language: string } | undefined {
  const marks = /^ {0,3}(`{3,}|~{3,})/.exec(line);
  const rest = marks ? line.slice(marks[0].length) : '';
  if (!marks?.[1] || rest.includes('`')) return undefined;
  return { marks: marks[1], language: /^[^\s{]*/.exec(rest.replace(/^[ \t]+/, ''))?.[0] ?? '' };
}

const STATEMENT =
  /^\s*(?:import\s+[\w.]+|from\s+[\w.]+\s+import\b|del\s+\w|raise\b|assert\b|global\s+\w|pass\s*$|@\w|(?:while|for|if|with|def|class|try|async|lambda|match)\b.*:)/;

/**
 * Whether it is worth asking Python if a text is a program: false for words and plain sentences, for which no Python
 * need be started.
 */
export function couldBeProgram(text: string): boolean {
  const trimmed = text.trim();
  if (trimmed === '') return false;
  if (trimmed.includes('\n')) return /[=()[\]{}:'"#@]|^[ \t]*(?:import|from)\s/m.test(trimmed);
  if (STATEMENT.test(trimmed)) return true;
  // One line of words and the marks of a sentence.
  return (
    !/^[\p{L}\p{M}\p{N}\s,.;:?!'’"“”&/-]+$/u.test(trimmed) ||
    (/^[\d\s.*/+%-]+$/.test(trimmed) && /\d/.test(trimmed))
  );
}
