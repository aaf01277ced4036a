import { splitFences } from './fences.ts';

/** UTF-16 units of a title. */
const LONGEST_TITLE = 40;
/** UTF-16 units of a prompt that are looked at: what it is about stands at its beginning. */
const LOOKED_AT = 2_000;

/** How a program begins, where a prompt is nothing else and has no fences. */
const PROGRAM = /^\s*(?:#|"""|'''|@\w|(?:import|from|def|class|async|with|for|while|try|if)\b.*\n|\w+ = )/;

/** Comments for tools, not for people. */
const FOR_TOOLS = /^(?:!|-\*-|%%|type:|noqa|pylint|fmt:|ruff:|mypy:|coding[:=])/;

/**
 * What a prompt is about, in one line: what is said in it, else what its code says of itself.
 *
 * @param longest UTF-16 units
 */
export function titleOf(prompt: string, longest = LONGEST_TITLE): string {
  const pieces = splitFences(prompt.slice(0, LOOKED_AT));
  const said = pieces.find(({ kind, text }) => kind === 'text' && text.trim() !== '')?.text ?? '';
  const code = pieces.find(({ kind }) => kind === 'block')?.text ?? '';
  const isProgram = code === '' && said.trim().includes('\n') && PROGRAM.test(said);
  const title = isProgram ? titleOfCode(said) : said || titleOfCode(code);
  const words = title.replace(/\s+/g, ' ').trim();
  return words.length > longest ? `${words.slice(0, longest - 1)}…` : words;
}

/** The first comment, the first line of what documents the program, else its first line that does something. */
function titleOfCode(code: string): string {
  const lines = code.split(/\r?\n/).map((line) => line.trim());
  const document = /^(?:"""|''')\s*([^\n"']+)/.exec(code.trim())?.[1];
  if (document !== undefined) return document;
  for (const line of lines) {
    const comment = /^#+\s*(.*)$/.exec(line)?.[1] ?? '';
    const words = FOR_TOOLS.test(comment) ? '' : trimRules(comment);
    if (words.length > 1) return words;
  }
  const does = lines.find((line) => line !== '' && !/^(?:#|import\b|from\b)/.test(line));
  return does ?? lines.find((line) => line !== '') ?? '';
}

/** What a comment says, without the lines that are drawn around it. */
export function trimRules(comment: string): string {
  return comment.replace(/^[-=#*\s]+|[-=#*\s:]+$/g, '');
}
