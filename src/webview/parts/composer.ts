import type { Attachment } from '../../core/session.ts';
import { LONGEST_PROMPT } from '../../protocol.ts';
import { el, icon, iconButton, insertText, labelButton, setIcon, show } from '../dom.ts';
import { type PanelContext, type Part, PartList } from '../part.ts';
import type { SessionView } from '../view/viewTypes.ts';
import { createChip } from './chip.ts';
import { createHistoryKeys } from './historyKeys.ts';

/** The same text again so soon is a key that was held, not a second question. */
const TWICE_MS = 1_000;

export interface Composer extends Part<SessionView> {
  focus(): void;
  /** Asks `prompt` as if it had been typed. */
  ask(prompt: string): void;
  /** Puts `text` in place of what is there, to be changed and sent; undo brings the old text back. */
  compose(text: string): void;
  /** Goes on with what the arrow key began: the texts that were sent before, oldest first. */
  browseHistory(prompts: readonly string[]): void;
  /** Says something until the person types on. */
  warn(words: string): void;
}

/** Where the next message is written: text, attachments, Send or Stop. */
export function createComposer(context: PanelContext): Composer {
  const { t, post, memory, say } = context;
  let active = false;
  /** What was sent and has not yet come back as a run: only then does it leave the box, so that nothing is lost. */
  let sent: { readonly text: string; readonly at: number; readonly after: string | undefined } | undefined;
  let lastRun: string | undefined;
  let shown: SessionView | undefined;
  let warning = '';

  const input = el('textarea', 'composer-input');
  input.rows = 1;
  input.value = memory.draft;
  input.placeholder = t('Ask for a chart, a calculation or a file');
  input.setAttribute('aria-label', t('Message'));
  const chipList = el('ul', 'chips');
  chipList.setAttribute('aria-label', t('Files to attach'));
  const chips = new PartList<Attachment>(
    chipList,
    (attachment) => attachment.id,
    (attachment) => createChip(context, attachment),
  );
  const attach = iconButton('attach', t('Attach File (or paste it, or hold Shift and drag it here)'), () =>
    post({ type: 'attach' }),
  );
  const hint = el('span', 'composer-hint');
  hint.id = 'composer-hint';
  input.setAttribute('aria-describedby', hint.id);
  const sendIcon = icon('send');
  const send = el('button', 'send-button', sendIcon);
  send.type = 'button';
  const box = el('div', 'composer-box', chipList, input, el('div', 'composer-bar', attach, hint, send));
  const root = el('section', 'composer', el('div', 'composer-inner', box));
  root.setAttribute('aria-label', t('New message'));

  function refresh(): void {
    const text = input.value;
    const tooLong = text.length > LONGEST_PROMPT;
    const empty = text.trim() === '';
    root.classList.toggle('active', active);
    setIcon(sendIcon, active ? 'debug-stop' : 'send');
    const label = active ? t('Stop') : t('Send');
    if (send.title !== label) labelButton(send, label);
    // Not `disabled`, which would drop the focus of whoever is on Stop when the run ends.
    send.ariaDisabled = String(!active && (empty || tooLong));
    send.classList.toggle('stop', active);
    hint.classList.toggle('warning', tooLong || warning !== '');
    const words = tooLong
      ? t('This text is too long to send.')
      : warning !== ''
        ? warning
        : active
          ? t('A run is under way')
          : t('Enter to send, Shift+Enter for a new line');
    if (hint.textContent !== words) hint.textContent = words;
  }

  function submit(): void {
    const text = input.value;
    if (active || text.trim() === '' || text.length > LONGEST_PROMPT) return;
    ask(text);
  }

  function ask(text: string): void {
    const now = performance.now();
    if (active || (sent?.text === text && now - sent.at < TWICE_MS)) return;
    sent = { text, at: now, after: lastRun };
    post({ type: 'ask', prompt: text });
  }

  input.addEventListener('input', () => {
    memory.draft = input.value;
    warning = '';
    refresh();
  });
  input.addEventListener('keydown', (event) => {
    // An input method uses Enter to accept a word; key code 229 is how some of them say so.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    submit();
  });
  const history = createHistoryKeys(input, () => post({ type: 'requestHistory' }));
  send.addEventListener('click', () => {
    if (active) post({ type: 'stop' });
    else submit();
    input.focus();
  });
  box.addEventListener('click', (event) => {
    if (event.target === box) input.focus();
  });

  return {
    root,
    focus: () => input.focus(),
    ask,
    compose(text) {
      input.focus();
      input.select();
      insertText(input, text);
      input.scrollTop = input.scrollHeight;
    },
    browseHistory: (prompts) => history.browse(prompts),
    warn(words) {
      warning = words;
      say(words);
      refresh();
    },
    update(view) {
      const stays = shown?.active === view.active && sent === undefined;
      const last = view.runs.at(-1);
      lastRun = last?.id;
      if (sent && last && last.id !== sent.after && last.prompt.trim() === sent.text.trim()) {
        if (input.value === sent.text) {
          input.value = '';
          memory.draft = '';
        }
        sent = undefined;
      }
      if (shown?.attachments !== view.attachments) {
        chips.update(view.attachments);
        show(chipList, view.attachments.length > 0);
      }
      active = view.active;
      shown = view;
      if (!stays) refresh();
    },
    dispose() {
      chips.dispose();
    },
  };
}
