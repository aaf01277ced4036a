import { type Cell, tidy } from './cells.ts';
import { rewriteLinks } from './links.ts';

/**
 * A session as a Python script with cells (`# %%`), which editors run one by one: its code as it was, and all that
 * was said as comments. What was said can never become code.
 */
export function scriptOf(cells: readonly Cell[]): string {
  return `${cells.map(partOf).join('\n\n')}\n`;
}

function partOf(cell: Cell): string {
  switch (cell.kind) {
    case 'code':
      return `# %%\n${tidy(cell.code).replace(/\n+$/, '')}`;
    case 'prompt':
      return said([cell.text, ...cell.attachments.map((name) => `📎 ${name}`)].join('\n'));
    case 'answer':
      return said(rewriteLinks(tidy(cell.text), cell.links, ({ name }) => name));
    case 'pictures':
      return said(cell.pictures.map(({ name }) => name).join('\n'));
    case 'ending':
      return said(cell.text);
  }
}

function said(text: string): string {
  const lines = linesOf(text).map((line) => `# ${line}`.trimEnd());
  return ['# %% [markdown]', ...lines].join('\n');
}

/** Lines of a comment: what any program takes for a line's end must not end it early, nor may it begin a cell. */
function linesOf(text: string): readonly string[] {
  const lines = tidy(text).split('\n');
  return lines.map((line) => line.replace(/[^\P{Cc}\t]|[\u2028\u2029]/gu, ' ').replace(/^(\s*)%%/, '$1\\%%'));
}
