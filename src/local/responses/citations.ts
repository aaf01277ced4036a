import { baseName } from '../../core/files.ts';
import type { FileRecord } from '../containers/records.ts';
import { sandboxLink } from '../sandboxLink.ts';
import type { FileCitation } from './wire.ts';

const LINK = 'sandbox:/mnt/data/';

/**
 * Citations of an answer, as the hosted service writes them: each figure at 0..0 (the text does not name it), then
 * each `sandbox:/mnt/data/…` of the text that is a file of the container, with the offsets of exactly that.
 *
 * @param figures files of the figures drawn since the last message
 * @param files the container's files, oldest first
 */
export function citationsOf(
  text: string,
  containerId: string,
  figures: readonly FileRecord[],
  files: readonly FileRecord[],
): readonly FileCitation[] {
  const cite = (file: FileRecord, start: number, end: number): FileCitation => ({
    type: 'container_file_citation',
    container_id: containerId,
    end_index: end,
    file_id: file.id,
    filename: baseName(file.path),
    start_index: start,
  });
  const cited = figures.map((figure) => cite(figure, 0, 0));
  if (!text.includes(LINK)) return cited;
  const links = new Map(
    files.flatMap((file) =>
      [`sandbox:${file.path}`, sandboxLink(file.path)].map((href) => [href, file] as const),
    ),
  );
  const lengths = [...new Set([...links.keys()].map((href) => href.length))].toSorted((a, b) => b - a);
  for (let at = text.indexOf(LINK); at >= 0; at = text.indexOf(LINK, at + 1)) {
    const found = longest(text, at, links, lengths);
    if (found) cited.push(cite(found.file, at, at + found.length));
  }
  return cited;
}

/** The file whose link stands at `at`: the longest fits, for one name can be the start of another. */
function longest(
  text: string,
  at: number,
  links: ReadonlyMap<string, FileRecord>,
  lengths: readonly number[],
): { readonly file: FileRecord; readonly length: number } | undefined {
  for (const length of lengths) {
    const file = links.get(text.slice(at, at + length));
    if (file === undefined) continue;
    const next = text[at + length];
    return next !== undefined && /[\w-]/.test(next) ? undefined : { file, length };
  }
  return undefined;
}
