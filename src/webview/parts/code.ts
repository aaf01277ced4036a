import { el, scrollBox, show, textButton } from '../dom.ts';
import { addedTo } from '../grown.ts';
import { type CodeUpdate, PythonStream, type Span } from '../highlight.ts';
import type { PanelContext } from '../part.ts';

/** Above this many lines, a box of its own height holds the code until all of it is asked for. */
const TALL = 40;

export function spanNodes(spans: readonly Span[]): Node[] {
  return spans.map((span) =>
    span.scope === undefined ? document.createTextNode(span.text) : el('span', `hl-${span.scope}`, span.text),
  );
}

/** Python being written: coloured as it arrives, what is there already never touched again. */
export class CodePart {
  readonly root = el('div', 'code');
  readonly #box = el('pre', 'code-box');
  readonly #open = el('span');
  readonly #tail = document.createTextNode('');
  readonly #mark = el('div', 'code-mark');
  readonly #all: HTMLButtonElement;
  readonly #context: PanelContext;
  #stream = new PythonStream();
  #code = '';
  #lines = 1;
  #finished = false;
  /** The box was kept at its end. */
  #followed = false;
  #expanded = false;

  constructor(context: PanelContext, label: string) {
    this.#context = context;
    this.#all = textButton('', () => this.#toggle(), { className: 'fold-button' });
    const code = el('code', '', this.#open, this.#tail);
    show(this.#mark, false);
    this.#box.append(this.#mark, code);
    this.#box.translate = false;
    scrollBox(this.#box, label);
    this.root.append(this.#box, this.#all);
    show(this.#all, false);
  }

  /** Shows `code`; `live` while more of it may come. */
  update(code: string, live: boolean): void {
    const same = code === this.#code;
    if (!same) {
      let piece = this.#finished ? undefined : addedTo(this.#code, code);
      if (piece === undefined) {
        this.#restart();
        piece = code;
      }
      this.#code = code;
      this.#lines += count(piece);
      this.#apply(this.#stream.push(piece));
    }
    if (!live && !this.#finished) {
      this.#finished = true;
      this.#apply(this.#stream.finish());
      // Only one that was written here is at its end; to ask costs a layout for each step of a session that is opened.
      if (this.#followed) this.#box.scrollTop = 0;
    } else if (live && !same && this.#lines > TALL) {
      this.#followed = true;
      this.#box.scrollTop = this.#box.scrollHeight;
    }
    this.#fold(live);
  }

  /** Marks a line, counted from 1, and brings it into view, with the keyboard's focus. */
  mark(line: number): void {
    show(this.#mark, true);
    this.#mark.style.setProperty('--line', String(line - 1));
    this.#box.focus({ preventScroll: true });
    this.#mark.scrollIntoView({ block: 'center', inline: 'nearest' });
  }

  #restart(): void {
    show(this.#mark, false);
    this.#stream = new PythonStream();
    this.#code = '';
    this.#lines = 1;
    this.#finished = false;
    this.#open.parentElement?.replaceChildren(this.#open, this.#tail);
    this.#open.replaceChildren();
    this.#tail.data = '';
  }

  #apply({ closed, open, tail }: CodeUpdate): void {
    if (closed.length > 0) this.#open.before(...spanNodes(closed));
    if (open) this.#open.replaceChildren(...spanNodes(open));
    if (this.#tail.data !== tail) this.#tail.data = tail;
  }

  #fold(live: boolean): void {
    const tall = this.#lines > TALL;
    this.#box.classList.toggle('limited', tall && !this.#expanded);
    show(this.#all, tall && !live);
    if (!tall || live) return;
    const { t } = this.#context;
    const label = this.#expanded ? t('Show less') : t('Show all {0} lines', String(this.#lines));
    if (this.#all.textContent !== label) this.#all.textContent = label;
    this.#all.setAttribute('aria-expanded', String(this.#expanded));
  }

  #toggle(): void {
    this.#expanded = !this.#expanded;
    this.#fold(false);
  }
}

function count(text: string): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}
