import { el, icon, show } from '../dom.ts';
import type { ImageState } from '../imageStore.ts';
import type { PanelContext, Part } from '../part.ts';
import type { PictureView } from '../view/viewTypes.ts';

/** A picture, from the moment it is asked for. Its bytes are freed with it. */
export function createPicture(context: PanelContext, first: PictureView): Part<PictureView> {
  const image = el('img', 'picture-image');
  image.decoding = 'async';
  image.draggable = false;
  const status = el('div', 'picture-status');
  const caption = el('figcaption');
  const root = el('figure', 'picture', status, image, caption);
  image.addEventListener('error', () =>
    display({ state: 'failed', sentence: context.t('This picture is damaged.') }),
  );

  function display(state: ImageState): void {
    root.dataset['state'] = state.state;
    show(image, state.state === 'ready');
    show(status, state.state !== 'ready');
    switch (state.state) {
      case 'ready':
        image.src = state.url;
        break;
      case 'loading':
        status.replaceChildren(icon('loading', 'codicon-modifier-spin'), context.t('Loading the picture'));
        break;
      case 'failed':
        status.replaceChildren(icon('warning'), state.sentence);
        break;
    }
  }
  const leave = context.images.follow(first.source, display);

  return {
    root,
    update(view) {
      if (image.alt !== view.alt) image.alt = view.alt;
      if (caption.textContent !== view.caption) caption.textContent = view.caption;
      show(caption, view.caption !== '');
    },
    dispose: leave,
  };
}
