import MarkdownIt, { type Env, type Token } from 'markdown-it';

/** Elements that an answer may consist of; nothing else is ever built. */
export type MdTag =
  | 'p'
  | 'h3'
  | 'h4'
  | 'h5'
  | 'h6'
  | 'blockquote'
  | 'ul'
  | 'ol'
  | 'li'
  | 'table'
  | 'thead'
  | 'tbody'
  | 'tr'
  | 'th'
  | 'td'
  | 'hr'
  | 'br'
  | 'em'
  | 'strong'
  | 's'
  | 'code';

export type MdAlign = 'left' | 'center' | 'right';

/** A piece of an answer as plain data: what the page shows is built from these, never from HTML. */
export type MdNode =
  | string
  | {
      readonly kind: 'element';
      readonly tag: MdTag;
      readonly children: readonly MdNode[];
      readonly start?: number;
      readonly align?: MdAlign;
    }
  | { readonly kind: 'link'; readonly href: string; readonly children: readonly MdNode[] }
  | { readonly kind: 'image'; readonly src: string; readonly alt: string }
  | { readonly kind: 'code'; readonly language: string; readonly text: string };

/** Where links may lead: the web, and files of the container. Anything else stays text as it was written. */
const ALLOWED_LINK = /^(?:https?:\/\/|sandbox:\/|\/mnt\/data\/)/i;

const md = new MarkdownIt({ html: false, linkify: true, breaks: false });
md.validateLink = (url) => ALLOWED_LINK.test(url.trim());
// `plot.py` is a file here and not a site in Paraguay: only addresses written out become links.
md.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });
md.linkify.add('ftp:', null).add('mailto:', null).add('//', null);

const standardDestination = md.helpers.parseLinkDestination;
md.helpers = {
  ...md.helpers,
  // Models write file names with spaces as they are, which CommonMark does not take for a link.
  parseLinkDestination(text, start, max) {
    if (!/^(?:sandbox:)?\/mnt\/data\//i.test(text.slice(start, start + 24)))
      return standardDestination(text, start, max);
    const match = /^(?:[^()\n"]|\([^()\n]*\))*/.exec(text.slice(start, Math.min(max, start + 2_000)));
    const found = match?.[0].trimEnd() ?? '';
    return { ok: found !== '', pos: start + found.length, str: found };
  },
};

/** Link definitions (`[name]: address`) seen so far: they work for the whole answer. */
export interface MdReferences {
  readonly env: Env;
}

export function newReferences(): MdReferences {
  return { env: {} };
}

/** How many definitions there are. */
export function countReferences(references: MdReferences): number {
  return Object.keys(references.env.references ?? {}).length;
}

/** Definitions that may be added to without changing the given ones. */
export function copyReferences(references: MdReferences): MdReferences {
  return { env: { references: { ...references.env.references } } };
}

/** Markdown as top-level blocks. Definitions found on the way are added to `references`. */
export function parseMarkdown(source: string, references: MdReferences = newReferences()): readonly MdNode[] {
  return build(md.parse(source, references.env));
}

/** The lines at which top-level blocks begin: block structure only, which is the cheap half of the work. */
export function blockStarts(source: string): readonly number[] {
  const tokens: Token[] = [];
  md.block.parse(source, md, {}, tokens);
  return tokens.flatMap((token) =>
    token.level === 0 && token.nesting >= 0 && token.map ? [token.map[0]] : [],
  );
}

/** Targets of the pictures in a text, in order, each once. */
export function picturesIn(source: string): readonly string[] {
  const found = new Set<string>();
  const visit = (nodes: readonly MdNode[]): void => {
    for (const node of nodes) {
      if (typeof node === 'string') continue;
      if (node.kind === 'image') found.add(node.src);
      else if (node.kind !== 'code') visit(node.children);
    }
  };
  if (source.includes('![')) visit(parseMarkdown(source));
  return [...found];
}

const TAGS: Readonly<Record<string, MdTag>> = {
  paragraph_open: 'p',
  blockquote_open: 'blockquote',
  bullet_list_open: 'ul',
  ordered_list_open: 'ol',
  list_item_open: 'li',
  table_open: 'table',
  thead_open: 'thead',
  tbody_open: 'tbody',
  tr_open: 'tr',
  th_open: 'th',
  td_open: 'td',
  em_open: 'em',
  strong_open: 'strong',
  s_open: 's',
};

/** The answer stands below the headings of the run and its steps. */
const HEADINGS: Readonly<Record<string, MdTag>> = {
  h1: 'h3',
  h2: 'h4',
  h3: 'h5',
  h4: 'h6',
  h5: 'h6',
  h6: 'h6',
};

function build(tokens: readonly Token[]): MdNode[] {
  const root: MdNode[] = [];
  const open: MdNode[][] = [root];
  const add = (node: MdNode) => {
    if (node !== '') open.at(-1)?.push(node);
  };
  for (const token of tokens) {
    if (token.hidden) continue;
    if (token.nesting === 1) {
      const children: MdNode[] = [];
      const node = container(token, children);
      if (node) add(node);
      else open.at(-1)?.push(...children);
      open.push(children);
    } else if (token.nesting === -1) {
      if (open.length > 1) open.pop();
    } else if (token.type === 'inline') {
      for (const child of build(token.children ?? [])) add(child);
    } else add(leaf(token));
  }
  return root;
}

function container(token: Token, children: readonly MdNode[]): MdNode | undefined {
  if (token.type === 'link_open') return { kind: 'link', href: attribute(token, 'href'), children };
  const tag = token.type === 'heading_open' ? HEADINGS[token.tag] : TAGS[token.type];
  if (tag === undefined) return undefined;
  const start = tag === 'ol' ? Number(token.attrGet('start') ?? 1) : 1;
  const align = /text-align:(left|center|right)/.exec(attribute(token, 'style'))?.[1] as MdAlign | undefined;
  return {
    kind: 'element',
    tag,
    children,
    ...(start === 1 ? {} : { start }),
    ...(align === undefined ? {} : { align }),
  };
}

function leaf(token: Token): MdNode {
  switch (token.type) {
    case 'fence':
    case 'code_block':
      return { kind: 'code', language: languageOf(token.info), text: token.content };
    case 'code_inline':
      return { kind: 'element', tag: 'code', children: [token.content] };
    case 'image':
      return { kind: 'image', src: attribute(token, 'src'), alt: plainText(token.children ?? []) };
    case 'hr':
      return { kind: 'element', tag: 'hr', children: [] };
    case 'hardbreak':
      return { kind: 'element', tag: 'br', children: [] };
    case 'softbreak':
      return '\n';
    default:
      return token.content;
  }
}

/** The language named at the beginning of a fenced block: the first word, lower case. */
export function languageOf(info: string): string {
  return (/^\s*\{?\.?([\w+#-]+)/.exec(info)?.[1] ?? '').toLowerCase();
}

function attribute(token: Token, name: string): string {
  return String(token.attrGet(name) ?? '');
}

function plainText(tokens: readonly Token[]): string {
  return tokens
    .map((token) =>
      token.type === 'softbreak' || token.type === 'hardbreak'
        ? ' '
        : token.children
          ? plainText(token.children)
          : token.content,
    )
    .join('');
}
