import { el, scrollBox } from '../dom.ts';
import type { MdNode } from './markdown.ts';

/** How the parts of an answer that do something are built. */
export interface MarkdownHooks {
  link(href: string, label: readonly Node[]): Node;
  image(src: string, alt: string): Node;
  code(language: string, text: string): Node;
  readonly tableLabel: string;
  /** The level of a heading that asks for `wanted`, where none may be left out on the way down. */
  headingLevel(wanted: number): number;
}

/** Builds elements for Markdown nodes: only tags that {@link MdNode} names, and no attribute that came from outside. */
export function buildMarkdown(nodes: readonly MdNode[], hooks: MarkdownHooks): Node[] {
  return nodes.map((node) => buildNode(node, hooks));
}

function buildNode(node: MdNode, hooks: MarkdownHooks): Node {
  if (typeof node === 'string') return document.createTextNode(node);
  switch (node.kind) {
    case 'link':
      return hooks.link(node.href, buildMarkdown(node.children, hooks));
    case 'image':
      return hooks.image(node.src, node.alt);
    case 'code':
      return hooks.code(node.language, node.text);
    case 'element': {
      const element = el(node.tag);
      element.append(...buildMarkdown(node.children, hooks));
      if (node.align) element.classList.add(`align-${node.align}`);
      if (node.start !== undefined && element instanceof HTMLOListElement) element.start = node.start;
      if (node.tag === 'code') element.translate = false;
      const heading = /^h([3-6])$/.exec(node.tag);
      // Its looks are those of the level that was written.
      if (heading) element.setAttribute('aria-level', String(hooks.headingLevel(Number(heading[1]))));
      if (node.tag !== 'table') return element;
      const box = el('div', 'table-box', element);
      scrollBox(box, hooks.tableLabel);
      return box;
    }
  }
}
