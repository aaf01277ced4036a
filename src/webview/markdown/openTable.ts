/** The first line of a table, as models write it; what only looks like one is rare enough. */
const HEADER = /^ {0,3}\|[^\n]*\S/;
/** What can still become the line below it. */
const DELIMITER = /^ {0,3}\|?[ :|-]*$/;

/**
 * A text whose last block is the beginning of a table, made a table: without the line below its header, or with only a
 * part of it, Markdown would show it as a paragraph full of bars until that line is complete.
 */
export function completeTable(text: string): string {
  const start = text.lastIndexOf('\n') + 1;
  const last = text.slice(start);
  if (beginsBlock(text, start) && HEADER.test(last)) return `${text}\n${delimiter(last, '')}`;
  if (start === 0 || !DELIMITER.test(last)) return text;
  const above = text.lastIndexOf('\n', start - 2) + 1;
  const header = text.slice(above, start - 1);
  if (!beginsBlock(text, above) || !HEADER.test(header)) return text;
  if (cells(last).length > cells(header).length) return text;
  return text.slice(0, start) + delimiter(header, last);
}

/** Whether nothing stands right above the line that begins at `at`. */
function beginsBlock(text: string, at: number): boolean {
  return at === 0 || /(?:^|\n)[ \t]*\n$/.test(text.slice(Math.max(0, at - 200), at));
}

/** The line below a header, with as much as is there of it already. */
function delimiter(header: string, begun: string): string {
  const typed = cells(begun).map((cell) => cell.trim());
  const all = cells(header).map((_, place) => {
    const cell = typed[place] ?? '';
    return /^:?-+:?$/.test(cell) ? cell : '---';
  });
  return `|${all.join('|')}|`;
}

function cells(line: string): readonly string[] {
  const inner = line
    .trim()
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '');
  return inner.split(/(?<!\\)\|/);
}
