import remend from 'remend';
import { Newlines } from '../newlines.ts';
import {
  blockStarts,
  copyReferences,
  countReferences,
  languageOf,
  type MdNode,
  newReferences,
  parseMarkdown,
} from './markdown.ts';
import { completeTable } from './openTable.ts';

/** One update of an answer that is being written. */
export interface MarkdownUpdate {
  /** Blocks to be appended for good. */
  readonly closed: readonly MdNode[];
  /** Closed blocks, by their position, that a link definition changed after all. */
  readonly changed: ReadonlyMap<number, MdNode>;
  /** Replaces the open blocks at the end; undefined where they stay as they are. */
  readonly open: readonly MdNode[] | undefined;
}

interface Segment {
  readonly source: string;
  readonly first: number;
  /** Its blocks as they are shown, as JSON. */
  readonly shown: string[];
}

interface Fence {
  readonly closes: RegExp;
  readonly indent: RegExp;
  readonly language: string;
  /** Where in the tail the first line that is not yet part of `text` begins. */
  scanned: number;
  text: string;
}

/** An open block above this size is shown again only when it has grown by an eighth. */
const LARGE_TAIL = 16_000;

/** A last line of nothing but what begins a list, a heading, a quotation, a rule or a table: which one shows only later. */
const BLOCK_MARK = /(^|\n) {0,3}(?:[-=*_+#>]+|\d{1,9}[.)]?|\| *)$/;

/** What a mark that needs its other half is made of, as remend knows them; looking for each of them is a third of its work. */
const MENDABLE = /[*_~`[\]$<>\\=]|^ {0,3}-+ *$/m;

const FENCE_OPENS = /^( {0,3})(`{3,}(?=[^`\n]*\n)|~{3,})([^\n]*)\n/;

/**
 * Markdown as it arrives. A block is closed as soon as another has begun after it (in CommonMark no later text can
 * then change it), rendered once and never looked at again; only the open one at the end is rendered anew, its
 * unfinished marks completed. At the end the blocks are those of the whole text parsed at once.
 */
export class MarkdownStream {
  readonly #newlines = new Newlines();
  readonly #references = newReferences();
  /** Closed text that a later definition may still change. */
  #bracketed: Segment[] = [];
  #count = 0;
  #tail = '';
  #checked = 0;
  /** Length of the tail when its blocks were last told apart. */
  #divided = 0;
  #shownLength = -1;
  #fence: Fence | undefined;
  #definitions = 0;

  push(piece: string): MarkdownUpdate {
    return this.#take(this.#newlines.push(piece), false);
  }

  /** Nothing follows the last piece: all blocks are closed. */
  finish(piece = ''): MarkdownUpdate {
    return this.#take(this.#newlines.push(piece) + this.#newlines.flush(), true);
  }

  #take(piece: string, last: boolean): MarkdownUpdate {
    this.#tail += piece;
    const closed = last ? this.#close(this.#tail.length) : this.#closeFinished();
    const changed = closed.length > 0 || last ? this.#applyDefinitions(closed) : new Map<number, MdNode>();
    return { closed, changed, open: this.#renderOpen(closed.length > 0) };
  }

  /** Closes what stands before the last block that has begun, judged by whole lines only. */
  #closeFinished(): readonly MdNode[] {
    const end = this.#tail.lastIndexOf('\n') + 1;
    const from = this.#checked;
    if (end <= from) return [];
    this.#checked = end;
    if (this.#fence === undefined) this.#fence = openFence(this.#tail);
    if (this.#fence && !scanFence(this.#fence, this.#tail, end)) return [];
    // A long list or table would otherwise be parsed anew with each of its lines.
    const waits = this.#fence === undefined && end > LARGE_TAIL && end - this.#divided < end / 8;
    this.#fence = undefined;
    if (waits && !this.#hasBlankLine(from, end)) return [];
    this.#divided = end;
    const lines = this.#tail.slice(0, end);
    const line = blockStarts(lines).at(-1) ?? 0;
    return line === 0 ? [] : this.#close(lineOffset(lines, line));
  }

  /** Whether a whole line up to `end` is blank, from the one on that ends at `from`: what follows it begins a block. */
  #hasBlankLine(from: number, end: number): boolean {
    const start = from < 2 ? 0 : this.#tail.lastIndexOf('\n', from - 2) + 1;
    return /^[ \t]*\n/m.test(this.#tail.slice(start, end));
  }

  #close(length: number): readonly MdNode[] {
    const source = this.#tail.slice(0, length);
    this.#tail = this.#tail.slice(length);
    this.#checked = 0;
    this.#divided = 0;
    this.#shownLength = -1;
    this.#fence = undefined;
    const nodes = parseMarkdown(source, this.#references);
    if (source.includes('[')) {
      this.#bracketed.push({ source, first: this.#count, shown: nodes.map((node) => JSON.stringify(node)) });
    }
    this.#count += nodes.length;
    return nodes;
  }

  #applyDefinitions(closed: readonly MdNode[]): ReadonlyMap<number, MdNode> {
    const changed = new Map<number, MdNode>();
    const definitions = countReferences(this.#references);
    if (definitions === this.#definitions) return changed;
    this.#definitions = definitions;
    const firstNew = this.#count - closed.length;
    for (const segment of this.#bracketed) {
      if (segment.first >= firstNew) continue;
      for (const [place, node] of parseMarkdown(segment.source, this.#references).entries()) {
        const now = JSON.stringify(node);
        if (segment.shown[place] === now) continue;
        segment.shown[place] = now;
        changed.set(segment.first + place, node);
      }
    }
    return changed;
  }

  #renderOpen(moved: boolean): readonly MdNode[] | undefined {
    const length = this.#tail.length;
    const grown = length - this.#shownLength;
    if (!moved && (grown === 0 || (length > LARGE_TAIL && this.#shownLength > 0 && grown < length / 8))) {
      return undefined;
    }
    this.#shownLength = length;
    if (length === 0) return [];
    const fence = this.#fence;
    if (fence)
      return [{ kind: 'code', language: fence.language, text: fence.text + this.#tail.slice(fence.scanned) }];
    // A mark that has just begun would show as itself, or as another block, for a moment.
    const steady = this.#tail.replace(BLOCK_MARK, '$1').replace(/(^|[\s(])[*_~`]{1,3}$/, '$1');
    const mended = MENDABLE.test(steady)
      ? remend(steady, { linkMode: 'text-only', htmlTags: false, katex: false })
      : steady;
    return parseMarkdown(completeTable(mended), copyReferences(this.#references));
  }
}

function openFence(tail: string): Fence | undefined {
  const match = FENCE_OPENS.exec(tail);
  const marks = match?.[2];
  if (!match || marks === undefined) return undefined;
  return {
    closes: new RegExp(`^ {0,3}${marks[0]}{${marks.length},}[ \\t]*$`),
    indent: new RegExp(`^ {0,${match[1]?.length ?? 0}}`),
    language: languageOf(match[3] ?? ''),
    scanned: match[0].length,
    text: '',
  };
}

/** Takes whole lines into the fence's text. @returns whether the fence has been closed */
function scanFence(fence: Fence, tail: string, end: number): boolean {
  while (fence.scanned < end) {
    const next = tail.indexOf('\n', fence.scanned) + 1;
    const line = tail.slice(fence.scanned, next - 1);
    if (fence.closes.test(line)) return true;
    fence.text += `${line.replace(fence.indent, '')}\n`;
    fence.scanned = next;
  }
  return false;
}

function lineOffset(text: string, line: number): number {
  let offset = 0;
  for (let i = 0; i < line; i++) offset = text.indexOf('\n', offset) + 1;
  return offset;
}
