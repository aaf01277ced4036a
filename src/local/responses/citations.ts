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
  for (let at = text.indexOf(LINK); at >= 0; at = text.indexOf(LINK, at + 1)) {
    const found = longest(text, at, files);
    if (found) cited.push(cite(found.file, at, at + found.length));
  }
  return cited;
}

/** The file whose link stands at `at`: the longest fits, for one name can be the start of another. */
function longest(
  text: string,
  at: number,
  files: readonly FileRecord[],
): { readonly file: FileRecord; readonly length: number } | undefined {
  let best: { readonly file: FileRecord; readonly length: number } | undefined;
  for (const file of files) {
    for (const href of [`sandbox:${file.path}`, sandboxLink(file.path)]) {
      if (href.length >= (best?.length ?? 0) && text.startsWith(href, at))
        best = { file, length: href.length };
    }
  }
  const next = best && text[at + best.length];
  return next !== undefined && /[\w-]/.test(next) ? undefined : best;
}
