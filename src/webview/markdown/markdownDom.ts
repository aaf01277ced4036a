import { el, scrollBox } from '../dom.ts';
import { addedTo } from '../grown.ts';
import type { MdNode, MdTag } from './markdown.ts';

/** A block of code of an answer. */
export interface MarkdownCode {
  readonly root: Node;
  /** Shows this code, which may still grow where it `isOpen`. What it has in common with what is shown stays. */
  update(language: string, text: string, isOpen: boolean): void;
}

/** How the parts of an answer that do something are built. */
export interface MarkdownHooks {
  link(href: string, label: readonly Node[]): Node;
  image(src: string, alt: string): Node;
  code(): MarkdownCode;
  /** Whether these nodes may still grow. */
  readonly isOpen: boolean;
  readonly tableLabel: string;
  /** The level of a heading that asks for `wanted`, where none may be left out on the way down; `before`, where it has one. */
  headingLevel(wanted: number, before: number | undefined): number;
  /** A node that {@link MarkdownHooks.link} or {@link MarkdownHooks.image} gave is not shown any more. */
  gone(node: Node): void;
}

/** Their levels depend on each other, so that each is looked at again. */
const MAY_HOLD_HEADINGS: ReadonlySet<MdTag> = new Set(['blockquote', 'ul', 'ol', 'li']);

/** Where nodes are put; an element is one. */
export interface NodeParent {
  insertBefore(node: Node, before: Node | null): void;
}

/** A Markdown node and what shows it. */
export interface Shown {
  readonly node: MdNode;
  readonly dom: Node;
  readonly children: readonly Shown[];
  readonly code?: MarkdownCode;
}

/**
 * Shows nodes in place of others, below `parent` before `end`: only tags that {@link MdNode} names, and no attribute that
 * came from outside. What is the same in both is not touched, and what has grown grows: focus, selection and scrolling in
 * it stay.
 */
export function patchMarkdown(
  parent: NodeParent,
  before: readonly Shown[],
  nodes: readonly MdNode[],
  hooks: MarkdownHooks,
  end: Node | null = null,
): readonly Shown[] {
  const shown = nodes.map((node, place) => {
    const old = before[place];
    const kept = old && patchNode(old, node, hooks);
    if (kept) return kept;
    const built = buildNode(node, hooks);
    parent.insertBefore(built.dom, old?.dom ?? end);
    if (old) remove(old, hooks);
    return built;
  });
  for (const old of before.slice(nodes.length)) remove(old, hooks);
  return shown;
}

function patchNode(old: Shown, node: MdNode, hooks: MarkdownHooks): Shown | undefined {
  if (typeof node === 'string' || typeof old.node === 'string') {
    if (typeof node !== 'string' || typeof old.node !== 'string') return undefined;
    if (!(old.dom instanceof Text)) return undefined;
    if (node === old.node) return old;
    changeText(old.dom, old.node, node);
    return { ...old, node };
  }
  switch (node.kind) {
    case 'code':
      old.code?.update(node.language, node.text, hooks.isOpen);
      return old.code && { ...old, node };
    case 'element': {
      if (old.node.kind !== 'element' || !(old.dom instanceof HTMLElement)) return undefined;
      const { tag, start, align } = old.node;
      if (tag !== node.tag || start !== node.start || align !== node.align) return undefined;
      setHeadingLevel(old.dom, node.tag, hooks);
      if (node === old.node && !MAY_HOLD_HEADINGS.has(tag)) return old;
      const inner = tag === 'table' ? old.dom.firstElementChild : old.dom;
      if (inner === null) return undefined;
      return { ...old, node, children: patchMarkdown(inner, old.children, node.children, hooks) };
    }
    default:
      return sameNode(old.node, node) ? old : undefined;
  }
}

function buildNode(node: MdNode, hooks: MarkdownHooks): Shown {
  if (typeof node === 'string') return { node, dom: document.createTextNode(node), children: [] };
  switch (node.kind) {
    case 'link': {
      const children = node.children.map((child) => buildNode(child, hooks));
      const label = children.map(({ dom }) => dom);
      return { node, dom: hooks.link(node.href, label), children };
    }
    case 'image':
      return { node, dom: hooks.image(node.src, node.alt), children: [] };
    case 'code': {
      const code = hooks.code();
      code.update(node.language, node.text, hooks.isOpen);
      return { node, dom: code.root, children: [], code };
    }
    case 'element': {
      const element = el(node.tag);
      const children = node.children.map((child) => buildNode(child, hooks));
      for (const { dom } of children) element.append(dom);
      if (node.align) element.classList.add(`align-${node.align}`);
      if (node.start !== undefined && element instanceof HTMLOListElement) element.start = node.start;
      if (node.tag === 'code') element.translate = false;
      setHeadingLevel(element, node.tag, hooks);
      if (node.tag !== 'table') return { node, dom: element, children };
      const box = el('div', 'table-box', element);
      scrollBox(box, hooks.tableLabel);
      return { node, dom: box, children };
    }
  }
}

function setHeadingLevel(element: HTMLElement, tag: string, hooks: MarkdownHooks): void {
  // `hr` has none; and a look at one letter is all that most elements need.
  const wanted = tag[0] === 'h' ? /^h([3-6])$/.exec(tag)?.[1] : undefined;
  if (wanted === undefined) return;
  const before = element.ariaLevel ?? undefined;
  // Its looks are those of the level that was written.
  const level = String(hooks.headingLevel(Number(wanted), before === undefined ? undefined : Number(before)));
  if (level !== before) element.ariaLevel = level;
}

/** Changes a text by what has been added to it, where it only grew: a selection in it stays. */
function changeText(shown: Text, before: string, text: string): void {
  const piece = addedTo(before, text);
  if (piece === undefined) shown.data = text;
  else shown.appendData(piece);
}

function remove(shown: Shown, hooks: MarkdownHooks): void {
  forget(shown, hooks);
  shown.dom.parentNode?.removeChild(shown.dom);
}

function forget({ node, dom, children }: Shown, hooks: MarkdownHooks): void {
  for (const child of children) forget(child, hooks);
  if (typeof node !== 'string' && (node.kind === 'link' || node.kind === 'image')) hooks.gone(dom);
}

function sameNode(a: MdNode, b: MdNode): boolean {
  if (typeof a === 'string' || typeof b === 'string') return a === b;
  switch (a.kind) {
    case 'link':
      return b.kind === 'link' && a.href === b.href && sameNodes(a.children, b.children);
    case 'image':
      return b.kind === 'image' && a.src === b.src && a.alt === b.alt;
    case 'code':
      return b.kind === 'code' && a.language === b.language && a.text === b.text;
    case 'element':
      return (
        b.kind === 'element' &&
        a.tag === b.tag &&
        a.start === b.start &&
        a.align === b.align &&
        sameNodes(a.children, b.children)
      );
  }
}

function sameNodes(a: readonly MdNode[], b: readonly MdNode[]): boolean {
  return a.length === b.length && a.every((node, place) => sameNode(node, b[place] ?? ''));
}
