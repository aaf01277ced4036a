import { isPython, splitFences } from '../../core/fences.ts';

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

/**
 * The fenced blocks of a prompt.
 *
 * @returns blocks marked as Python; `unmarked` those without a language, which only Python itself can judge
 */
export function fencedBlocks(prompt: string): GivenCode & { readonly unmarked: readonly string[] } {
  const blocks: string[] = [];
  const unmarked: string[] = [];
  const others: string[] = [];
  const data: string[] = [];
  const beside: string[] = [];
  for (const piece of splitFences(prompt)) {
    const code = `${piece.text}\n`;
    if (piece.kind === 'text') beside.push(piece.text);
    else if (isPython(piece.language)) blocks.push(code);
    else if (piece.language === '') unmarked.push(code);
    else if (DATA.has(piece.language)) data.push(code);
    else others.push(piece.language);
  }
  return { blocks, unmarked, others, data, beside: beside.join('\n').trim() };
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
