import type { Translate } from '../../core/errorText.ts';
import { isPython, type Piece, splitFences } from '../../core/fences.ts';
import type { Attachment } from '../../core/session.ts';
import { el, scrollBox, show, textButton } from '../dom.ts';
import { highlightPython } from '../highlight.ts';
import { type PanelContext, PartList } from '../part.ts';
import type { RunView } from '../view/viewTypes.ts';
import { createSentChip } from './chip.ts';
import { spanNodes } from './code.ts';
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
  text.replaceChildren(...pieces(short, t));
  if (short !== prompt) {
    let whole = false;
    const fold = textButton(
      t('Show all'),
      () => {
        whole = !whole;
        text.replaceChildren(...pieces(whole ? prompt : short, t));
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

/** What is said as text, blocks as code; Python in colours. */
function pieces(prompt: string, t: Translate): readonly HTMLElement[] {
  return splitFences(prompt).flatMap((piece) => {
    if (piece.kind === 'block') return piece.text === '' ? [] : [codeBlock(piece, t('Code'))];
    // Empty lines before and after a block only part it from what is said.
    const said = piece.text.replace(/^(?:[ \t]*\n)+|\s+$/g, '');
    return said === '' ? [] : [el('div', 'prompt-said', said)];
  });
}

function codeBlock({ language, text }: Extract<Piece, { kind: 'block' }>, label: string): HTMLElement {
  const code = el('code', '', ...(isPython(language) ? spanNodes(highlightPython(text)) : [text]));
  const block = el('pre', 'prompt-code', code);
  block.translate = false;
  scrollBox(block, label);
  return block;
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
