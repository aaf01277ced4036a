import { el, scrollBox, show, textButton } from '../dom.ts';
import { foldLog, type LogSection, logSections } from '../logs.ts';
import type { PanelContext } from '../part.ts';
import { formatNumber } from '../view/format.ts';

/** Lines in one element of a long log: those out of sight then cost no layout. */
const CHUNK_LINES = 400;

/** What a step printed: a long log folded in the middle, tracebacks set apart. Not a live region, so it stays quiet. */
export class LogsPart {
  readonly root = el('div', 'logs');
  readonly #box = el('div', 'log-box');
  readonly #less: HTMLButtonElement;
  readonly #context: PanelContext;
  #text = '';
  #expanded = false;

  constructor(context: PanelContext, label: string) {
    this.#context = context;
    this.#less = textButton(context.t('Show less'), () => this.#expand(false), { className: 'fold-button' });
    scrollBox(this.#box, label);
    this.root.append(this.#box, this.#less);
    show(this.root, false);
  }

  update(text: string): void {
    if (text === this.#text) return;
    this.#text = text;
    this.#render();
  }

  #expand(expanded: boolean): void {
    this.#expanded = expanded;
    this.#render();
    // The button that was pressed is gone; the box is what it was about.
    this.#box.focus({ preventScroll: true });
  }

  #render(): void {
    show(this.root, this.#text !== '');
    const folded = this.#expanded ? undefined : foldLog(this.#text);
    show(this.#less, this.#expanded);
    this.#box.classList.toggle('tall', this.#expanded);
    if (folded === undefined) {
      this.#box.replaceChildren(...sections(this.#text));
      return;
    }
    const { t, lang } = this.#context;
    const label = t('Show all: {0} more lines', formatNumber(folded.hidden, lang));
    const more = textButton(label, () => this.#expand(true), { className: 'fold-button', icon: 'unfold' });
    this.#box.replaceChildren(...sections(folded.head), more, ...sections(folded.tail));
  }
}

function sections(text: string): HTMLElement[] {
  return logSections(text).flatMap((section) =>
    section.kind === 'traceback' ? [traceback(section)] : plain(section.text),
  );
}

function plain(text: string): HTMLElement[] {
  const lines = text.split('\n');
  if (lines.length <= CHUNK_LINES) return [el('pre', 'log-text', text)];
  const chunks: HTMLElement[] = [];
  for (let at = 0; at < lines.length; at += CHUNK_LINES) {
    chunks.push(el('pre', 'log-text log-chunk', lines.slice(at, at + CHUNK_LINES).join('\n')));
  }
  return chunks;
}

function traceback(section: LogSection): HTMLElement {
  const end = section.text.lastIndexOf('\n') + 1;
  return el(
    'pre',
    'log-text traceback',
    section.text.slice(0, end),
    el('span', 'exception', section.text.slice(end)),
  );
}
