import { resolveSandboxLink } from '../citations.ts';
import type { Citation } from '../events.ts';
import { baseName, type ContainerFile } from '../files.ts';
import type { ExportPicture, PictureOf } from './cells.ts';

/** What the links of an answer mean. */
export interface LinkBook {
  readonly citations: readonly Citation[];
  readonly files: readonly ContainerFile[];
  readonly pictureOf: PictureOf;
}

/** Where a picture is found. */
type Target = (picture: ExportPicture, shown: boolean) => string;

/** Inline code, or a link or picture whose target is a file of the container. Bounded, so that no text makes it slow. */
const LINK =
  /(`+)[^`]{1,10000}?\1(?!`)|(!?)\[([^[\]\n]{0,1000})\]\(\s{0,10}<?((?:sandbox:)?\/mnt\/data\/[^\n()<>"]{0,1000}(?:\([^\n()<>"]{0,200}\)[^\n()<>"]{0,200}){0,5})>?(?:\s{1,10}"[^"\n]{0,500}")?\s{0,10}\)/gi;
/** `[name]: sandbox:/mnt/data/x.csv`: the links that use it become text with it gone. */
const DEFINITION = /^ {0,3}\[[^[\]\n]{1,1000}\]:[ \t]{0,10}<?(?:sandbox:)?\/mnt\/data\/[^\n]{0,1000}$/i;
const FENCE = /^ {0,3}(`{3,}|~{3,})/;

/**
 * An answer's Markdown without links into the container, which is gone where it is read: pictures that are exported
 * are shown, all else is text. Code stays as it is.
 *
 * @param target where an exported picture is found; told whether it is shown there, or only linked to
 */
export function rewriteLinks(markdown: string, book: LinkBook, target: Target): string {
  const plain: string[] = [];
  const lines: string[] = [];
  let fence: string | undefined;
  const endPlain = () => {
    if (plain.length > 0) lines.push(rewritePlain(plain.join('\n'), book, target));
    plain.length = 0;
  };
  for (const line of markdown.split('\n')) {
    const mark = FENCE.exec(line)?.[1];
    const inside = fence !== undefined;
    if (fence === undefined && mark !== undefined) fence = mark;
    else if (fence !== undefined && closes(line, fence)) fence = undefined;
    if (inside || fence !== undefined) {
      endPlain();
      lines.push(line);
    } else if (!DEFINITION.test(line)) plain.push(line);
  }
  endPlain();
  return lines.join('\n');
}

function closes(line: string, fence: string): boolean {
  const text = line.trim();
  return text.length >= fence.length && text === (fence[0] ?? '').repeat(text.length);
}

function rewritePlain(text: string, book: LinkBook, target: Target): string {
  return text.replace(
    LINK,
    (whole: string, ticks: string | undefined, mark: string, label: string, href: string) => {
      if (ticks !== undefined) return whole;
      const name = label.trim() || baseName(href);
      const picture = pictureBehind(href.trim(), book);
      if (picture === undefined) return name;
      return `${mark}[${name}](${target(picture, mark === '!')})`;
    },
  );
}

/** The exported picture that a link means, if it means one. */
function pictureBehind(href: string, { citations, files, pictureOf }: LinkBook): ExportPicture | undefined {
  const full = href.startsWith('/') ? `sandbox:${href}` : href;
  const found = resolveSandboxLink(full, citations, files);
  return found === undefined || 'missing' in found
    ? undefined
    : pictureOf(`file:${found.containerId}/${found.fileId}`);
}
