import type { StyledText } from '../../core/terminal.ts';
import { type LogSection, logSections } from '../../core/traceback.ts';
import { actionLink, el, scrollBox, show, textButton } from '../dom.ts';
import { foldLog } from '../logs.ts';
import type { PanelContext } from '../part.ts';
import { codeLinks } from '../traceback.ts';
import { formatNumber } from '../view/format.ts';

/** Lines in one element of a long log: those out of sight then cost no layout. */
const CHUNK_LINES = 400;

interface LogsOptions {
  readonly label: string;
  /** Shows a line of the step's code, counted from 1. */
  onLine(line: number): void;
}

/**
 * What a step printed: a long log folded in the middle, tracebacks set apart, with links to the lines of the code that
 * they name. Not a live region, so it stays quiet.
 */
export class LogsPart {
  readonly root = el('div', 'logs');
  readonly #box = el('div', 'log-box');
  readonly #less: HTMLButtonElement;
  readonly #context: PanelContext;
  readonly #onLine: (line: number) => void;
  #log: StyledText = { text: '', runs: [] };
  #code = '';
  #expanded = false;

  constructor(context: PanelContext, { label, onLine }: LogsOptions) {
    this.#context = context;
    this.#onLine = onLine;
    this.#less = textButton(context.t('Show less'), () => this.#expand(false), { className: 'fold-button' });
    scrollBox(this.#box, label);
    this.root.append(this.#box, this.#less);
    show(this.root, false);
  }

  /** @param code what printed the log */
  update(log: StyledText, code: string): void {
    if (log === this.#log) return;
    this.#log = log;
    this.#code = code;
    this.#render();
  }

  #expand(expanded: boolean): void {
    this.#expanded = expanded;
    this.#render();
    // The button that was pressed is gone; the box is what it was about.
    this.#box.focus({ preventScroll: true });
  }

  #render(): void {
    const { text } = this.#log;
    show(this.root, text !== '');
    const folded = this.#expanded ? undefined : foldLog(text);
    show(this.#less, this.#expanded);
    this.#box.classList.toggle('tall', this.#expanded);
    if (folded === undefined) {
      this.#box.replaceChildren(...this.#sections(0, text.length));
      return;
    }
    const { t, lang } = this.#context;
    const label = t('Show all: {0} more lines', formatNumber(folded.hidden, lang));
    const more = textButton(label, () => this.#expand(true), { className: 'fold-button', icon: 'unfold' });
    this.#box.replaceChildren(
      ...this.#sections(0, folded.headEnd),
      more,
      ...this.#sections(folded.tailStart, text.length),
    );
  }

  #sections(from: number, to: number): HTMLElement[] {
    return logSections(this.#log.text, from, to).flatMap((section) =>
      section.kind === 'traceback' ? [this.#traceback(section)] : this.#plain(section),
    );
  }

  #plain({ from, to }: LogSection): HTMLElement[] {
    const { text } = this.#log;
    const chunks: HTMLElement[] = [];
    for (let start = from; start < to; ) {
      let end = start - 1;
      for (let line = 0; line < CHUNK_LINES && end < to; line++) {
        const next = text.indexOf('\n', end + 1);
        end = next === -1 || next > to ? to : next;
      }
      const whole = start === from && end === to;
      chunks.push(
        el('pre', whole ? 'log-text' : 'log-text log-chunk', ...styledNodes(this.#log, start, end)),
      );
      start = end + 1;
    }
    return chunks;
  }

  #traceback({ from, to }: LogSection): HTMLElement {
    const text = this.#log.text.slice(from, to);
    const lastLine = from + text.lastIndexOf('\n') + 1;
    const box = el('pre', 'log-text traceback');
    let at = from;
    for (const link of codeLinks(text, this.#code)) {
      const words = this.#context.t('Go to line {0} of the code', String(link.line));
      const anchor = actionLink('link', words, () => this.#onLine(link.line));
      anchor.append(...styledNodes(this.#log, from + link.from, from + link.to));
      box.append(...styledNodes(this.#log, at, from + link.from), anchor);
      at = from + link.to;
    }
    box.append(...styledNodes(this.#log, at, lastLine));
    box.append(el('span', 'exception', ...styledNodes(this.#log, lastLine, to)));
    return box;
  }
}

/** A part of a log in its colours. */
function styledNodes({ text, runs }: StyledText, from: number, to: number): Node[] {
  const nodes: Node[] = [];
  const plain = (end: number) => {
    if (end > at) nodes.push(document.createTextNode(text.slice(at, end)));
  };
  let at = from;
  for (let place = firstRunAfter(runs, from); place < runs.length; place++) {
    const run = runs[place];
    if (run === undefined || run.from >= to) break;
    const start = Math.max(run.from, from);
    const end = Math.min(run.to, to);
    plain(start);
    nodes.push(el('span', run.className, text.slice(start, end)));
    at = end;
  }
  plain(to);
  return nodes;
}

/** The place of the first run that ends after `at`. */
function firstRunAfter(runs: StyledText['runs'], at: number): number {
  let low = 0;
  let high = runs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((runs[middle]?.to ?? 0) > at) high = middle;
    else low = middle + 1;
  }
  return low;
}
