import type { Translate } from '../../core/errorText.ts';
import { imageType } from '../../core/files.ts';
import type { Attachment, AttachmentPart } from '../../core/session.ts';
import { el, icon, iconButton, show } from '../dom.ts';
import type { PanelContext, Part } from '../part.ts';
import { displayName, formatSize } from '../view/format.ts';

function partWords(part: AttachmentPart, t: Translate): string {
  return part === 'unsaved' ? t('unsaved text') : t('selection');
}

/** A file that waits to be sent; a picture shows itself. */
export function createChip(context: PanelContext, attachment: Attachment): Part<Attachment> {
  const name = displayName(attachment.name);
  const remove = iconButton('close', context.t('Remove {0}', name), () =>
    context.post({ type: 'detach', attachmentId: attachment.id }),
  );
  const size = el('span', 'chip-size', formatSize(attachment.size, context.lang));
  const part = attachment.part && el('span', 'chip-size', partWords(attachment.part, context.t));
  const picture = createThumbnail(context, attachment);
  return {
    root: el(
      'li',
      'chip',
      picture?.root ?? icon('attach'),
      el('bdi', 'chip-name', name),
      ...(part ? [part] : []),
      size,
      remove,
    ),
    update() {},
    dispose: () => picture?.dispose(),
  };
}

/** A file that was sent with a message. */
export function createSentChip(context: PanelContext, attachment: Attachment): Part<Attachment> {
  const picture = createThumbnail(context, attachment);
  const name = el('bdi', '', displayName(attachment.name));
  return {
    root: el('li', 'chip', picture?.root ?? icon('attach'), name),
    update() {},
    dispose: () => picture?.dispose(),
  };
}

/** A small picture of an attached one; undefined for what is none. Until it is there, and where it is damaged, an icon. */
function createThumbnail(
  { images }: PanelContext,
  { id, name }: Attachment,
): { readonly root: HTMLElement; dispose(): void } | undefined {
  if (imageType(name) === undefined) return undefined;
  const image = el('img', 'chip-picture');
  // The name beside it says what it is.
  image.alt = '';
  image.draggable = false;
  const symbol = icon('file-media');
  const root = el('span', 'chip-thumbnail', symbol, image);
  const display = (ready: boolean) => {
    show(image, ready);
    show(symbol, !ready);
  };
  image.addEventListener('error', () => display(false));
  const dispose = images.follow({ from: 'attachment', attachmentId: id }, (state) => {
    display(state.state === 'ready');
    if (state.state === 'ready') image.src = state.url;
  });
  return { root, dispose };
}
