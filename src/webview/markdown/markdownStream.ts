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
import { mended } from './mend.ts';
import { completeTable } from './openTable.ts';
import { PlainGrowth } from './plainGrowth.ts';

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
  /** Its blocks as they are shown. */
  readonly shown: MdNode[];
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

const BLANK_LINE = /^[ \t]*\n/m;

/** Characters of a line that tell what it begins with: an indented number of nine digits, and what stands behind it. */
const LONGEST_MARK = 16;

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
  /** What its lines begin with, as far as they are whole; whether that is not the same for all of them. */
  #kind: string | undefined;
  #mixed = false;
  #shownLength = -1;
  #growth: PlainGrowth | undefined;
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
    const { length } = this.#tail;
    const closed = last ? this.#close(length) : this.#closeFinished();
    // Definitions alone are closed without a block.
    const moved = this.#tail.length < length;
    const changed = moved ? this.#applyDefinitions(closed) : new Map<number, MdNode>();
    return { closed, changed, open: this.#renderOpen(moved) };
  }

  /** Closes what stands before the last block that has begun, judged by whole lines only. */
  #closeFinished(): readonly MdNode[] {
    const end = this.#tail.lastIndexOf('\n') + 1;
    const from = this.#checked;
    if (end <= from) return [];
    this.#checked = end;
    if (this.#fence === undefined) this.#fence = openFence(this.#tail);
    if (this.#fence && !scanFence(this.#fence, this.#tail, end)) return [];
    if (this.#fence === undefined && !this.#mayDivide(from, end)) return [];
    this.#fence = undefined;
    this.#divided = end;
    const lines = this.#tail.slice(0, end);
    const line = blockStarts(lines).at(-1) ?? 0;
    if (line === 0) return [];
    const closed = this.#close(lineOffset(lines, line));
    // What is left may be code, which is nothing to mend marks in.
    return FENCE_OPENS.test(this.#tail) ? [...closed, ...this.#closeFinished()] : closed;
  }

  /**
   * Whether a line from `from` to `end` could begin a block: not where it is one more of a list, a table, a paragraph,
   * which are not parsed anew with each of their lines.
   */
  #mayDivide(from: number, end: number): boolean {
    for (let at = from; !this.#mixed && at < end; at = this.#tail.indexOf('\n', at) + 1) {
      const kind = lineKind(this.#tail.slice(at, at + LONGEST_MARK));
      this.#kind ??= kind;
      this.#mixed = kind === 'other' || kind !== this.#kind;
    }
    const above = from < 2 ? 0 : this.#tail.lastIndexOf('\n', from - 2) + 1;
    if (BLANK_LINE.test(this.#tail.slice(above, end))) return true;
    return this.#mixed && (end <= LARGE_TAIL || end - this.#divided >= end / 8);
  }

  #close(length: number): readonly MdNode[] {
    const source = this.#tail.slice(0, length);
    this.#tail = this.#tail.slice(length);
    this.#checked = 0;
    this.#divided = 0;
    this.#kind = undefined;
    this.#mixed = false;
    this.#shownLength = -1;
    this.#growth = undefined;
    this.#fence = undefined;
    const nodes = parseMarkdown(source, this.#references);
    if (source.includes('[')) {
      this.#bracketed.push({ source, first: this.#count, shown: [...nodes] });
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
        if (JSON.stringify(segment.shown[place]) === JSON.stringify(node)) continue;
        segment.shown[place] = node;
        changed.set(segment.first + place, node);
      }
    }
    return changed;
  }

  #renderOpen(moved: boolean): readonly MdNode[] | undefined {
    const length = this.#tail.length;
    const grown = length - this.#shownLength;
    const words = this.#growth?.push(this.#tail.slice(this.#shownLength));
    if (words) {
      this.#shownLength = length;
      return words;
    }
    if (!moved && (grown === 0 || (length > LARGE_TAIL && this.#shownLength > 0 && grown < length / 8))) {
      return undefined;
    }
    this.#shownLength = length;
    this.#growth = undefined;
    if (length === 0) return [];
    const fence = this.#fence;
    if (fence)
      return [{ kind: 'code', language: fence.language, text: fence.text + this.#tail.slice(fence.scanned) }];
    const source = completeTable(mended(this.#tail));
    const nodes = parseMarkdown(source, copyReferences(this.#references));
    if (source === this.#tail) this.#growth = PlainGrowth.after(source, nodes);
    return nodes;
  }
}

/** What a line is by its beginning, as far as the next one of the same kind only goes on with it; else `other`. */
function lineKind(line: string): string {
  if (/^(?: {4}| {0,3}\t)/.test(line)) return 'indented';
  const begun = /^ {0,3}(?:([-*+]|\d{1,9}[.)])[ \t\n]|([>|])|[#=_*[-]|`{3}|~{3})/.exec(line);
  if (begun === null) return 'words';
  const [, item, mark] = begun;
  // Another number goes on with a list, another sign behind it does not.
  return item?.replace(/^\d+/, '1') ?? mark ?? 'other';
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
