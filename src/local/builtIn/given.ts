/** Python that stands in a prompt. */
export interface GivenCode {
  /** Each block of code, in its order. */
  readonly blocks: readonly string[];
  /** What is said beside them. */
  readonly beside: string;
  /** Languages of blocks that are no Python. */
  readonly others: readonly string[];
}

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
  const beside: string[] = [];
  let open: { readonly fence: string; readonly language: string; readonly lines: string[] } | undefined;
  const close = () => {
    if (open === undefined) return;
    const code = `${open.lines.join('\n')}\n`;
    if (PYTHON.has(open.language)) blocks.push(code);
    else if (open.language === '') unmarked.push(code);
    else others.push(open.language);
    open = undefined;
  };
  for (const line of prompt.split(/\r\n|\r|\n/)) {
    const fence = /^ {0,3}(`{3,}|~{3,})[ \t]*([^\s`{]*)[^`]*$/.exec(line);
    if (open) {
      const closing = fence?.[1] !== undefined && fence[2] === '' && fence[1].startsWith(open.fence);
      if (closing) close();
      else open.lines.push(line);
    } else if (fence?.[1]) {
      open = { fence: fence[1], language: (fence[2] ?? '').toLowerCase(), lines: [] };
    } else {
      beside.push(line);
    }
  }
  close();
  return { blocks, unmarked, others, beside: beside.join('\n').trim() };
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
  if (trimmed.includes('\n')) return /[=()[\]{}:'"#@]|^\s*(?:import|from)\s/m.test(trimmed);
  if (STATEMENT.test(trimmed)) return true;
  // One line of words and the marks of a sentence.
  return (
    !/^[\p{L}\p{M}\p{N}\s,.;:?!'’"“”&/-]+$/u.test(trimmed) || /^[\d\s.*/+%-]*\d[\d\s.*/+%-]*$/.test(trimmed)
  );
}
