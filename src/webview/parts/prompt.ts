import type { Attachment } from '../../core/session.ts';
import { el, show, textButton } from '../dom.ts';
import { type PanelContext, PartList } from '../part.ts';
import type { RunView } from '../view/viewTypes.ts';
import { createSentChip } from './chip.ts';
import { createPromptActions } from './promptActions.ts';

/** A longer prompt is cut until all of it is asked for: it may be a megabyte of pasted text. */
const SHORT_LENGTH = 1_200;
const SHORT_LINES = 12;

/** What was asked. It never changes, so it is built once. */
export function createPrompt(
  context: PanelContext,
  { id, prompt, attachments }: RunView,
): { readonly root: HTMLElement; dispose(): void } {
  const { t } = context;
  const text = el('div', 'prompt-text');
  const actions = createPromptActions(context, id);
  const root = el('div', 'prompt', actions.root, text);
  const short = shorten(prompt);
  text.textContent = short;
  if (short !== prompt) {
    let whole = false;
    const fold = textButton(
      t('Show all'),
      () => {
        whole = !whole;
        text.textContent = whole ? prompt : short;
        fold.textContent = whole ? t('Show less') : t('Show all');
        fold.setAttribute('aria-expanded', String(whole));
      },
      { className: 'fold-button' },
    );
    fold.setAttribute('aria-expanded', 'false');
    root.append(fold);
  }
  const list = el('ul', 'chips');
  const chips = new PartList<Attachment>(
    list,
    (attachment) => attachment.id,
    (attachment) => createSentChip(context, attachment),
  );
  chips.update(attachments);
  list.setAttribute('aria-label', t('Attached files'));
  show(list, attachments.length > 0);
  root.append(list);
  const dispose = () => {
    actions.dispose();
    chips.dispose();
  };
  return { root, dispose };
}

/** The beginning of a long prompt, or the prompt itself. */
export function shorten(prompt: string): string {
  let end = Math.min(prompt.length, SHORT_LENGTH);
  let at = -1;
  for (let line = 0; line < SHORT_LINES; line++) {
    at = prompt.indexOf('\n', at + 1);
    if (at === -1 || at > end) break;
    if (line === SHORT_LINES - 1) end = at;
  }
  return end >= prompt.length - 40 ? prompt : `${prompt.slice(0, end).trimEnd()}…`;
}
