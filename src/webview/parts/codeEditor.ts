import { el, insertText, textButton } from '../dom.ts';
import { type Edit, indentLines, newLine } from '../editing.ts';
import { highlightPython } from '../highlight.ts';
import type { PanelContext } from '../part.ts';
import { spanNodes } from './code.ts';

export interface CodeEditor {
  readonly root: HTMLElement;
  focus(): void;
  /** Takes the editor off the page. */
  dispose(): void;
}

interface CodeEditorOptions {
  readonly label: string;
  readonly code: string;
  /** What it was before it was changed. */
  readonly original: string;
  onChange(code: string): void;
  onRun(code: string): void;
  onCancel(): void;
}

/** A box in the cell in which a step's code is changed and run again. */
export function createCodeEditor(context: PanelContext, options: CodeEditorOptions): CodeEditor {
  const { t, busy } = context;
  const input = el('textarea', 'code-input');
  input.value = options.code;
  input.spellcheck = false;
  input.autocapitalize = 'off';
  input.setAttribute('aria-label', options.label);
  const run = textButton(t('Run'), submit, { icon: 'play', className: 'button' });
  const cancel = textButton(t('Cancel'), options.onCancel, { className: 'quiet-button' });
  const hint = el('span', 'composer-hint', t('{0}+Enter to run, Escape to leave', isMac() ? 'Cmd' : 'Ctrl'));
  hint.id = `edit-hint-${nextId++}`;
  input.setAttribute('aria-describedby', hint.id);
  const colours = el('pre', 'code-colours');
  colours.setAttribute('aria-hidden', 'true');
  const box = el('div', 'code-edit-box', input, colours);
  const root = el('div', 'code-edit', box, el('div', 'code-edit-bar', run, cancel, hint));

  let running = false;
  colour();
  const leave = busy.follow((now) => {
    running = now;
    refresh();
  });

  /** The same text in colours, in front of the box, whose own letters are not seen. */
  function colour(): void {
    const { value } = input;
    const plain = value.length > COLOUR_BELOW;
    root.classList.toggle('plain', plain);
    // The last line takes room also while it is empty.
    colours.replaceChildren(...(plain ? [] : spanNodes(highlightPython(value))), '\n');
  }

  function refresh(): void {
    run.disabled = running || input.value.trim() === '';
    run.title = running ? t('A run is under way') : '';
  }

  function submit(): void {
    if (!run.disabled) options.onRun(input.value);
  }

  function apply({ from, to, text, selection }: Edit): void {
    input.setSelectionRange(from, to);
    insertText(input, text);
    input.setSelectionRange(...selection);
  }

  input.addEventListener('input', () => {
    options.onChange(input.value);
    colour();
    refresh();
  });
  input.addEventListener('keydown', (event) => {
    if (event.isComposing) return;
    const { value, selectionStart, selectionEnd } = input;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey || event.shiftKey)) submit();
    else if (event.key === 'Enter') apply(newLine(value, selectionStart, selectionEnd));
    else if (event.key === 'Tab')
      apply(indentLines(value, selectionStart, selectionEnd, event.shiftKey ? -1 : 1));
    else if (event.key === 'Escape') {
      // What was written must not be lost to a key; from the button the keyboard leads on.
      if (value === options.original) options.onCancel();
      else cancel.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });

  return {
    root,
    focus() {
      input.focus({ preventScroll: true });
      input.setSelectionRange(0, 0);
    },
    dispose() {
      leave();
      root.remove();
    },
  };
}

let nextId = 0;

function isMac(): boolean {
  return /\bMac/.test(navigator.userAgent);
}

/** UTF-16 units; larger code is left plain while it is changed, for it is coloured anew with each key. */
const COLOUR_BELOW = 20_000;
