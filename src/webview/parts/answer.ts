import { actionLink, el, icon, scrollBox } from '../dom.ts';
import { addedTo } from '../grown.ts';
import { highlightPython } from '../highlight.ts';
import { buildMarkdown, type MarkdownHooks } from '../markdown/markdownDom.ts';
import { MarkdownStream, type MarkdownUpdate } from '../markdown/markdownStream.ts';
import type { PanelContext, Part } from '../part.ts';
import { sandboxHref } from '../pictures.ts';
import { displayName } from '../view/format.ts';
import type { AnswerView, LinkBook } from '../view/viewTypes.ts';
import { spanNodes } from './code.ts';
import { createEmbed, createFileLink, type FileLink } from './fileLink.ts';
import { createPicture } from './picture.ts';

const PYTHON: ReadonlySet<string> = new Set(['python', 'py', 'python3', 'ipython']);

/** Level of the heading that an answer stands below: that of its run. */
const ABOVE = 2;

/** Larger blocks of code are left plain while they are open, for those are built anew with each piece. */
const COLOUR_BELOW = 3_000;

/** The answer as Markdown: closed blocks are built once; only the open one at the end is built again. */
export function createAnswer(context: PanelContext): Part<AnswerView> {
  const { t } = context;
  const root = el('div', 'answer');
  const open = el('div', 'answer-open');
  const claimed = new Set<string>();
  let stream = new MarkdownStream();
  let text = '';
  let complete = false;
  let blocks: Node[] = [];
  let closedLinks: FileLink[] = [];
  let openLinks: FileLink[] = [];
  let book: LinkBook | undefined;
  /** Level of the last heading in the closed blocks. */
  let level = ABOVE;

  function hooks(links: FileLink[], isOpen: boolean): MarkdownHooks {
    const keep = (link: FileLink): Node => {
      links.push(link);
      if (book) link.update(book);
      return link.root;
    };
    let last = level;
    return {
      tableLabel: t('Table'),
      headingLevel(wanted) {
        last = Math.min(wanted, last + 1);
        if (!isOpen) level = last;
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
      code(language, source) {
        const code = el('code');
        const coloured = PYTHON.has(language) && (!isOpen || source.length < COLOUR_BELOW);
        code.append(...(coloured ? spanNodes(highlightPython(source)) : [source]));
        const box = el('pre', 'answer-code', code);
        box.translate = false;
        scrollBox(box, t('Code'));
        return box;
      },
    };
  }

  function apply(update: MarkdownUpdate): void {
    for (const [place, node] of update.changed) {
      const reached = level;
      const [built] = buildMarkdown([node], hooks(closedLinks, false));
      level = reached;
      const old = blocks[place];
      if (built === undefined || old === undefined) continue;
      if (built instanceof HTMLHeadingElement && old instanceof HTMLHeadingElement)
        built.ariaLevel = old.ariaLevel;
      old.parentNode?.replaceChild(built, old);
      blocks[place] = built;
    }
    if (update.closed.length > 0) {
      const built = buildMarkdown(update.closed, hooks(closedLinks, false));
      blocks.push(...built);
      open.before(...built);
    }
    if (update.open) {
      dispose(openLinks);
      openLinks = [];
      open.replaceChildren(...buildMarkdown(update.open, hooks(openLinks, true)));
    }
  }

  function restart(): void {
    dispose(closedLinks);
    dispose(openLinks);
    stream = new MarkdownStream();
    text = '';
    complete = false;
    level = ABOVE;
    blocks = [];
    closedLinks = [];
    openLinks = [];
    root.replaceChildren(open);
    open.replaceChildren();
  }

  root.append(open);
  return {
    root,
    update(view) {
      root.classList.toggle('refusal', view.refusal);
      const changed = view.text !== text;
      let piece = changed && !complete ? addedTo(text, view.text) : undefined;
      if (changed && piece === undefined) {
        restart();
        piece = view.text;
      }
      const relink = book === undefined || !sameBook(book, view.links);
      book = view.links;
      if (piece !== undefined) {
        text = view.text;
        apply(stream.push(piece));
      }
      if (view.complete && !complete) {
        complete = true;
        apply(stream.finish());
      }
      if (relink) for (const link of [...closedLinks, ...openLinks]) link.update(view.links);
    },
    dispose() {
      dispose(closedLinks);
      dispose(openLinks);
    },
  };
}

function dispose(links: readonly FileLink[]): void {
  for (const link of links) link.dispose();
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
