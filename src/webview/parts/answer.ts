import { actionLink, el, icon } from '../dom.ts';
import { GrownText } from '../grown.ts';
import { BlockGroups } from '../markdown/blockGroups.ts';
import { type MarkdownHooks, patchMarkdown, type Shown } from '../markdown/markdownDom.ts';
import { MarkdownStream, type MarkdownUpdate } from '../markdown/markdownStream.ts';
import type { PanelContext, Part } from '../part.ts';
import { sandboxHref } from '../pictures.ts';
import { displayName } from '../view/format.ts';
import type { AnswerView, LinkBook } from '../view/viewTypes.ts';
import { createAnswerCode } from './answerCode.ts';
import { createEmbed, createFileLink, type FileLink } from './fileLink.ts';
import { createPicture } from './picture.ts';

/** Level of the heading that an answer stands below: that of its run. */
const ABOVE = 2;

/** The answer as Markdown: closed blocks are built once; the open one at the end is changed where it differs. */
export function createAnswer(context: PanelContext): Part<AnswerView> {
  const { t } = context;
  const root = el('div', 'answer');
  const groups = new BlockGroups(root);
  const claimed = new Set<string>();
  const links = new Map<Node, FileLink>();
  let stream = new MarkdownStream();
  let grown = new GrownText();
  let complete = false;
  let refusal = false;
  let blocks: Shown[] = [];
  let open: readonly Shown[] = [];
  let book: LinkBook | undefined;
  /** Level of the last heading in the closed blocks. */
  let level = ABOVE;

  function hooks(state: 'closed' | 'changed' | 'open'): MarkdownHooks {
    const keep = (link: FileLink): Node => {
      links.set(link.root, link);
      if (book) link.update(book);
      return link.root;
    };
    let last = level;
    return {
      tableLabel: t('Table'),
      headingLevel(wanted, before) {
        if (state === 'changed' && before !== undefined) return before;
        last = Math.min(wanted, last + 1);
        if (state === 'closed') level = last;
        return last;
      },
      link(href, label) {
        const target = sandboxHref(href);
        if (/^sandbox:/i.test(target)) return keep(createFileLink(context, target, label));
        return webLink(context, target, label);
      },
      image(src, alt) {
        const target = sandboxHref(src);
        if (/^sandbox:/i.test(target)) {
          return keep(createEmbed(context, target, alt, claimed, (view) => createPicture(context, view)));
        }
        // Pictures from the web are not loaded; where they are can be looked up by hand.
        const label = alt || (/^https?:/i.test(target) ? target : '');
        return webLink(context, target, [document.createTextNode(label)]);
      },
      code: () => createAnswerCode(t('Code')),
      isOpen: state === 'open',
      gone(node) {
        links.get(node)?.dispose();
        links.delete(node);
      },
    };
  }

  function apply(update: MarkdownUpdate): void {
    for (const [place, node] of update.changed) {
      const old = blocks[place];
      if (old === undefined) continue;
      const [built] = patchMarkdown(groups, [old], [node], hooks('changed'));
      if (built) blocks[place] = built;
    }
    const { closed } = update;
    if (closed.length > 0) {
      const rest = open.slice(closed.length);
      const built = patchMarkdown(
        groups,
        open.slice(0, closed.length),
        closed,
        hooks('closed'),
        rest[0]?.dom ?? null,
      );
      blocks.push(...built);
      open = rest;
    }
    if (update.open) open = patchMarkdown(groups, open, update.open, hooks('open'));
  }

  function restart(): void {
    disposeLinks();
    stream = new MarkdownStream();
    grown = new GrownText();
    complete = false;
    level = ABOVE;
    blocks = [];
    open = [];
    root.replaceChildren();
  }

  function disposeLinks(): void {
    for (const link of links.values()) link.dispose();
    links.clear();
  }

  return {
    root,
    update(view) {
      if (view.refusal !== refusal) root.classList.toggle('refusal', view.refusal);
      refusal = view.refusal;
      let piece = grown.take(view.text, view.latest, view.complete);
      if (piece === undefined || (complete && piece !== '')) {
        restart();
        piece = grown.take(view.text, view.latest, true) ?? view.text;
      }
      const relink = book === undefined || !sameBook(book, view.links);
      book = view.links;
      if (view.complete && !complete) {
        complete = true;
        apply(stream.finish(piece));
      } else if (piece !== '') apply(stream.push(piece));
      if (relink) for (const link of links.values()) link.update(view.links);
    },
    dispose: disposeLinks,
  };
}

function webLink(context: PanelContext, href: string, label: readonly Node[]): Node {
  const link = actionLink('link', displayName(href), () => context.post({ type: 'openLink', href }));
  link.append(...label, icon('link-external'));
  return link;
}

function sameBook(a: LinkBook, b: LinkBook): boolean {
  return (
    a.settled === b.settled &&
    a.files === b.files &&
    a.containerId === b.containerId &&
    sameItems(a.citations, b.citations) &&
    sameItems(a.embeds, b.embeds)
  );
}

function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, place) => item === b[place]);
}
