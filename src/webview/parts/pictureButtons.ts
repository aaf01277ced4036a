import type { PictureVerb } from '../../protocol.ts';
import { copyPicture } from '../copyPicture.ts';
import { flash, iconButton } from '../dom.ts';
import type { PanelContext } from '../part.ts';
import type { PictureView } from '../view/viewTypes.ts';

/** What can be done with a picture: open it in the editor, copy it, save it. `image` is where it is shown. */
export function pictureButtons(
  { t, post, say }: PanelContext,
  { source, name }: PictureView,
  image: HTMLImageElement,
): readonly HTMLButtonElement[] {
  const act = (verb: PictureVerb) => post({ type: 'picture', verb, source, name });
  const copyLabel = t('Copy Picture');
  const copy = iconButton('copy', copyLabel, async () => {
    try {
      await copyPicture(image);
      flash(copy, 'check');
      say(t('Copied'));
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      const sentence = t('The editor did not let the picture be copied.');
      flash(copy, 'error', sentence);
      say(sentence);
    }
  });
  return [
    iconButton('go-to-file', t('Open Picture in Editor'), () => act('open')),
    copy,
    iconButton('save', t('Save Picture'), () => act('save')),
  ];
}
