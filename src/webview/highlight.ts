import type { Emitter, HighlightResult, HLJSOptions } from 'highlight.js';
import hljs from 'highlight.js/lib/core';
import python from 'highlight.js/lib/languages/python';
import { Newlines } from './newlines.ts';

/** A piece of code in one colour; `scope` is the style sheet's name for it, undefined for plain text. */
export interface Span {
  readonly text: string;
  readonly scope: string | undefined;
}

/** What highlight.js calls things, and what the style sheet does: few colours keep the page calm. */
const SCOPES: Readonly<Record<string, string>> = {
  keyword: 'keyword',
  literal: 'literal',
  built_in: 'name',
  type: 'name',
  'title.function': 'name',
  'title.class': 'name',
  'title.class.inherited': 'name',
  meta: 'name',
  'variable.language': 'literal',
  string: 'string',
  number: 'number',
  comment: 'comment',
};

/** Collects spans instead of HTML, so that highlighted code never goes through an HTML parser. */
class SpanEmitter implements Emitter {
  readonly spans: Span[] = [];
  readonly #open: (string | undefined)[] = [];

  startScope(name: string): void {
    this.#open.push(name in SCOPES ? SCOPES[name] : name === 'subst' ? undefined : this.#open.at(-1));
  }

  endScope(): void {
    this.#open.pop();
  }

  // highlight.js calls these two for modes and the two above for keywords.
  openNode(name: string): void {
    this.startScope(name);
  }

  closeNode(): void {
    this.endScope();
  }

  addText(text: string): void {
    if (text === '') return;
    const scope = this.#open.at(-1);
    const last = this.spans.at(-1);
    if (last && last.scope === scope) this.spans[this.spans.length - 1] = { text: last.text + text, scope };
    else this.spans.push({ text, scope });
  }

  toHTML(): string {
    return '';
  }

  finalize(): void {}

  __addSublanguage(): void {}
}

const emitterOption: Partial<HLJSOptions> = { __emitter: SpanEmitter };
hljs.registerLanguage('python', python);
hljs.configure(emitterOption);

interface Highlighted {
  readonly spans: readonly Span[];
  /** Whether the code ends outside any string, parameter list or the like. */
  readonly atRest: boolean;
}

function run(code: string): Highlighted {
  const result: HighlightResult = hljs.highlight(code, { language: 'python', ignoreIllegals: true });
  const emitter = result._emitter;
  if (!(emitter instanceof SpanEmitter) || result.errorRaised) {
    return { spans: [{ text: code, scope: undefined }], atRest: true };
  }
  const inside = result._top !== undefined && 'parent' in result._top && result._top.parent !== undefined;
  return { spans: emitter.spans, atRest: !inside };
}

/** Python in colours, whole. */
export function highlightPython(code: string): readonly Span[] {
  return run(code).spans;
}

/** One update of code that is being written. */
export interface CodeUpdate {
  /** To be appended for good. */
  readonly closed: readonly Span[];
  /** Replaces what stood provisionally after the closed part; undefined where that stays as it is. */
  readonly open: readonly Span[] | undefined;
  /** The plain rest after it. */
  readonly tail: string;
}

/** Below this size, unfinished lines are coloured again with each new line; above it, only when they have doubled. */
const FREE_RETRY = 4_000;

/** A declaration that may go on in the next line: highlight.js matches it as one. */
const DECLARATION_OPEN = /\b(?:def|class)\b[^:)]*$/;

/**
 * Colours Python as it arrives, so that the work for each piece does not grow with what came before: lines are
 * closed as soon as they end outside any string, and never looked at again. The result is that of {@link highlightPython}.
 */
export class PythonStream {
  readonly #newlines = new Newlines();
  #pending = '';
  #shown = 0;
  #retryAt = 0;

  push(piece: string): CodeUpdate {
    return this.#take(this.#newlines.push(piece), false);
  }

  /** Nothing follows. */
  finish(): CodeUpdate {
    return this.#take(this.#newlines.flush(), true);
  }

  #take(piece: string, last: boolean): CodeUpdate {
    this.#pending += piece;
    const end = last ? this.#pending.length : this.#pending.lastIndexOf('\n') + 1;
    const nothingNew = !last && (end <= this.#shown || end < this.#retryAt);
    if (nothingNew) return { closed: [], open: undefined, tail: this.#pending.slice(this.#shown) };
    const lines = this.#pending.slice(0, end);
    const { spans, atRest } = run(lines);
    if (last || (atRest && !DECLARATION_OPEN.test(lines.slice(-400)))) {
      this.#pending = this.#pending.slice(end);
      this.#shown = 0;
      this.#retryAt = 0;
      return { closed: spans, open: [], tail: this.#pending };
    }
    this.#shown = end;
    this.#retryAt = end < FREE_RETRY ? 0 : end * 2;
    return { closed: [], open: spans, tail: this.#pending.slice(end) };
  }
}
