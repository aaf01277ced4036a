import { el } from '../dom.ts';

/** Blocks in a group; fewer make more groups to walk through, more make larger ones to lay out. */
const LARGEST = 32;

/**
 * Where the blocks of an answer stand: some together, so that in each frame of a long answer only the last of them are
 * laid out, and those out of sight are not painted. All blocks in one parent are gone through again for every word.
 */
export class BlockGroups {
  readonly #root: Element;

  constructor(root: Element) {
    this.#root = root;
  }

  insertBefore(block: Node, before: Node | null): void {
    if (before?.parentNode) before.parentNode.insertBefore(block, before);
    else this.#last().append(block);
  }

  #last(): Element {
    const last = this.#root.lastElementChild;
    if (last && last.childElementCount < LARGEST) return last;
    const group = el('div', 'answer-group');
    this.#root.append(group);
    return group;
  }
}
