import { resolveSandboxLink } from '../../core/citations.ts';
import { imageKey } from '../../protocol.ts';
import { actionLink, el, icon } from '../dom.ts';
import type { PanelContext } from '../part.ts';
import { displayName } from '../view/format.ts';
import { fileIcon } from '../view/view.ts';
import type { LinkBook, PictureView } from '../view/viewTypes.ts';

/** A link of an answer to a file, or a picture of one: what it leads to may become known only later. */
export interface FileLink {
  readonly root: HTMLElement;
  update(book: LinkBook): void;
  dispose(): void;
}

/**
 * A link to a file in the container; `label` is what it says. Until the file is known it is text, and where the run
 * has ended without it, it says so.
 */
export function createFileLink(context: PanelContext, href: string, label: readonly Node[]): FileLink {
  const { t } = context;
  const root = el('span', 'file-link');
  let shownAs = '';
  return {
    root,
    update(book) {
      const found = resolveSandboxLink(href, book.citations, book.files);
      const missing = found === undefined || 'missing' in found;
      const file = missing ? undefined : { ...found, containerId: found.containerId || book.containerId };
      const wanted = file ? `${file.containerId}/${file.fileId}` : book.settled ? 'missing' : 'waiting';
      if (wanted === shownAs) return;
      shownAs = wanted;
      if (file === undefined) {
        root.replaceChildren(...label);
        if (book.settled) root.append(el('span', 'not-found', ` ${t('(file not found)')}`));
        return;
      }
      const link = actionLink('link', t('Open {0}', displayName(file.filename)), () =>
        context.post({ type: 'file', verb: 'open', ...file }),
      );
      link.append(icon(fileIcon(file.filename)), ...label);
      root.replaceChildren(link);
    },
    dispose() {},
  };
}

/** `![alt](sandbox:…)` in an answer: the picture where the view says that this is its place, else a link to the file. */
export function createEmbed(
  context: PanelContext,
  href: string,
  alt: string,
  claimed: Set<string>,
  createPicture: (view: PictureView) => {
    readonly root: HTMLElement;
    update(view: PictureView): void;
    dispose(): void;
  },
): FileLink {
  const root = el('span', 'embed');
  const link = createFileLink(context, href, [
    document.createTextNode(alt || displayName(href.slice(href.lastIndexOf('/') + 1))),
  ]);
  root.append(link.root);
  let picture: { readonly key: string; readonly dispose: () => void } | undefined;
  const drop = () => {
    if (picture === undefined) return;
    picture.dispose();
    claimed.delete(picture.key);
    picture = undefined;
  };
  return {
    root,
    update(book) {
      link.update(book);
      const found = resolveSandboxLink(href, book.citations, book.files);
      if (found === undefined || 'missing' in found) return;
      const source = { from: 'file', ...found, containerId: found.containerId || book.containerId } as const;
      const key = imageKey(source);
      if (picture?.key === key) return;
      if (!book.embeds.includes(key) || claimed.has(key)) return;
      drop();
      claimed.add(key);
      const { filename } = found;
      const view: PictureView = {
        key,
        source,
        alt: alt || displayName(filename),
        name: filename,
        caption: '',
      };
      const part = createPicture(view);
      part.update(view);
      picture = { key, dispose: part.dispose };
      root.replaceChildren(part.root);
    },
    dispose: drop,
  };
}
