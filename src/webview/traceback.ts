/** A place in a traceback that speaks of a line of the step's own code. */
export interface CodeLink {
  readonly from: number;
  readonly to: number;
  /** From 1. */
  readonly line: number;
}

/** Python's own way: `File "<cell 3>", line 6, in half`. */
const FRAME = /^ *File "([^"\n]*)", line (\d+)/;
/** IPython's: `Cell In[5], line 2`, and before it `<ipython-input-5-0a1b> in <module>`. */
const CELL = /^(?:Cell In ?\[\d+\], line (\d+)|(?:File )?<ipython-input-[^>\n]*>)/;
/** The failing line in IPython's listing: `----> 2 half(4)`. */
const ARROW = /^-+> (\d+) ?(.*)$/;

/** How far below the head of a frame IPython lists its lines. */
const LISTING = 12;

/**
 * The places in a traceback that name lines of this code: frames in other files, and in code of other steps, have
 * other words in the line that they quote.
 *
 * @param text the traceback, plain
 */
export function codeLinks(text: string, code: string): readonly CodeLink[] {
  const source = code.split(/\r\n?|\n/);
  const isLine = (line: number, quoted: string) => source[line - 1]?.trim() === quoted.trim();
  const lines = text.split('\n');
  const links: CodeLink[] = [];
  let at = 0;
  for (const [place, words] of lines.entries()) {
    const link = (line: number, shown: string) =>
      links.push({ from: at + words.indexOf(shown), to: at + words.indexOf(shown) + shown.length, line });
    const frame = FRAME.exec(words);
    const arrow = ARROW.exec(words);
    if (frame) {
      const line = Number(frame[2]);
      const quoted = lines[place + 1] ?? '';
      const isQuoted = quoted.startsWith('    ') && quoted.trim() !== '';
      // Code that was given as a text has no file to quote from.
      const nameless =
        !isQuoted && /^<(?:string|stdin|cell[^>]*)>$/.test(frame[1] ?? '') && line <= source.length;
      if (isQuoted ? isLine(line, quoted) : nameless) link(line, frame[0].trimStart());
    } else if (arrow) {
      if (isLine(Number(arrow[1]), arrow[2] ?? '')) link(Number(arrow[1]), words.trimEnd());
    } else {
      const cell = CELL.exec(words);
      const listed = cell && lines.slice(place + 1, place + 1 + LISTING).find((line) => ARROW.test(line));
      const [, number = '', quoted = ''] = (listed && ARROW.exec(listed)) || [];
      if (cell && listed && isLine(Number(number), quoted)) link(Number(number), cell[0]);
    }
    at += words.length + 1;
  }
  return links;
}
