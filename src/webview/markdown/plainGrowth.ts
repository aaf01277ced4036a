import type { MdNode } from './markdown.ts';

/** What can be nothing but itself behind a word of the same line, whatever stands before that and whatever follows. */
const PLAIN = /^(?: |[^\s\0*_~`[\]()<>\\=&|/@#$])+$/;
/** What a text may not hold that something put behind it could make a mark, a link or an entity of. */
const OPEN = /[\n*_~`[\]<>\\=&|/@#$]/;
/** What could define a link. */
const DEFINITION = /^[ \t>*+\-\d.)]*\[/m;
/** A line without any letter may still become a list, a rule or the like. */
const LETTER = /\p{L}/u;

/**
 * Blocks that end in words, which grow by words: most of what an answer gets, and nothing that needs Markdown to be
 * parsed again. What comes out is what parsing all of it would give.
 */
export class PlainGrowth {
  #nodes: readonly MdNode[];
  /** Spaces at the end, which show only when something follows. */
  #gap: string;

  private constructor(nodes: readonly MdNode[], gap: string) {
    this.#nodes = nodes;
    this.#gap = gap;
  }

  /**
   * @param nodes what `source` was parsed to
   * @returns undefined where it does not end in words
   */
  static after(source: string, nodes: readonly MdNode[]): PlainGrowth | undefined {
    const text = lastText(nodes);
    if (text === undefined || OPEN.test(text) || !LETTER.test(text)) return undefined;
    // A definition shows nothing: the text would be that of the block before it.
    if (DEFINITION.test(source)) return undefined;
    const gap = spacesAtEnd(source);
    return source.endsWith(text + gap) ? new PlainGrowth(nodes, gap) : undefined;
  }

  /** The blocks with this behind them; undefined where they have to be parsed. */
  push(piece: string): readonly MdNode[] | undefined {
    if (!PLAIN.test(piece)) return undefined;
    const added = this.#gap + piece;
    this.#gap = spacesAtEnd(added);
    const words = added.slice(0, added.length - this.#gap.length);
    if (words !== '') this.#nodes = withText(this.#nodes, words);
    return this.#nodes;
  }
}

function spacesAtEnd(text: string): string {
  let length = text.length;
  while (text[length - 1] === ' ') length--;
  return text.slice(length);
}

/**
 * The text that stands last, where it is part of no code and no link, not right behind a link, which could go on, and in
 * no table, which leaves out what is too much for a row.
 */
function lastText(nodes: readonly MdNode[]): string | undefined {
  const last = nodes.at(-1);
  if (last === undefined) return undefined;
  if (typeof last !== 'string') {
    const grows = last.kind === 'element' && last.tag !== 'code' && last.tag !== 'table';
    return grows ? lastText(last.children) : undefined;
  }
  const before = nodes.at(-2);
  const follows = typeof before === 'object' && before.kind === 'link';
  return follows && !/^\s/.test(last) ? undefined : last;
}

function withText(nodes: readonly MdNode[], words: string): readonly MdNode[] {
  const last = nodes.at(-1);
  if (typeof last === 'string') return [...nodes.slice(0, -1), last + words];
  if (last?.kind !== 'element') return nodes;
  return [...nodes.slice(0, -1), { ...last, children: withText(last.children, words) }];
}
