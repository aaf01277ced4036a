import { type Cell, type CellOutput, type ExportPicture, tidy } from './cells.ts';
import { rewriteLinks } from './links.ts';
import { promptOf } from './notebook.ts';

/**
 * A session as Markdown.
 *
 * @param title the session's
 * @param folder name of the folder beside the file in which the pictures are
 */
export function markdownOf(title: string, cells: readonly Cell[], folder: string): string {
  const target: Target = ({ name }) => `${encodeURIComponent(folder)}/${encodeURIComponent(name)}`;
  const heading = tidy(title).replace(/\s+/g, ' ').trim();
  return `${[`# ${heading}`, ...cells.flatMap((cell) => partsOf(cell, target))].join('\n\n')}\n`;
}

/** Where a picture is found. */
type Target = (picture: ExportPicture) => string;

function partsOf(cell: Cell, target: Target): readonly string[] {
  switch (cell.kind) {
    case 'prompt':
      return ['---', promptOf(cell)];
    case 'code':
      return [fenced(cell.code, 'python'), ...cell.outputs.map((output) => outputOf(output, target))];
    case 'answer':
      return [rewriteLinks(tidy(cell.text), cell.links, target)];
    case 'pictures':
      return cell.pictures.map((picture) => `![](${target(picture)})`);
    case 'ending':
      return [`*${tidy(cell.text)}*`];
  }
}

/** The pictures that an export shows, each once. */
export function picturesIn(cells: readonly Cell[]): readonly ExportPicture[] {
  const found = new Map<string, ExportPicture>();
  const add = (picture: ExportPicture) => {
    found.set(picture.name, picture);
    return picture.name;
  };
  for (const cell of cells) {
    if (cell.kind === 'answer') rewriteLinks(tidy(cell.text), cell.links, add);
    if (cell.kind === 'pictures') for (const picture of cell.pictures) add(picture);
    if (cell.kind !== 'code') continue;
    for (const output of cell.outputs) if (output.kind === 'picture') add(output.picture);
  }
  return [...found.values()];
}

function outputOf(output: CellOutput, target: Target): string {
  switch (output.kind) {
    case 'text':
      return fenced(output.text, 'text');
    case 'exception':
      return fenced(output.lines.join('\n'), 'text');
    case 'picture':
      return `![](${target(output.picture)})`;
  }
}

/** A block of code whose fence is longer than any in it. */
function fenced(code: string, language: string): string {
  const text = tidy(code).replace(/\n+$/, '');
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}
