import { el, icon, show, toolbar } from '../dom.ts';
import type { ImageState } from '../imageStore.ts';
import type { PanelContext, Part } from '../part.ts';
import type { PictureView } from '../view/viewTypes.ts';
import { pictureButtons } from './pictureButtons.ts';

/** A picture, from the moment it is asked for. Its bytes are freed with it. */
export function createPicture(context: PanelContext, first: PictureView): Part<PictureView> {
  const { t } = context;
  let shown = first;
  const image = el('img', 'picture-image');
  image.decoding = 'async';
  image.draggable = false;
  const enlarge = el('button', 'picture-open', image);
  enlarge.type = 'button';
  enlarge.title = t('Enlarge');
  enlarge.addEventListener('click', () => context.viewer.open(shown, context));
  const status = el('div', 'picture-status');
  const caption = el('figcaption');
  const actions = toolbar(t('Picture actions'), ...pictureButtons(context, first, image));
  const root = el('figure', 'picture', actions, status, enlarge, caption);
  image.addEventListener('error', () =>
    display({ state: 'failed', sentence: t('This picture is damaged.') }),
  );

  function display(state: ImageState): void {
    root.dataset['state'] = state.state;
    const ready = state.state === 'ready';
    show(enlarge, ready);
    show(actions, ready);
    show(status, !ready);
    switch (state.state) {
      case 'ready':
        image.src = state.url;
        break;
      case 'loading':
        status.replaceChildren(icon('loading', 'codicon-modifier-spin'), t('Loading the picture'));
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
      shown = view;
      if (image.alt !== view.alt) image.alt = view.alt;
      if (caption.textContent !== view.caption) caption.textContent = view.caption;
      show(caption, view.caption !== '');
    },
    dispose: leave,
  };
}
