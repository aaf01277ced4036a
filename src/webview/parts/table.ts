import type { TablePreview } from '../../core/tablePreview.ts';
import { el, icon, scrollBox, show, textButton } from '../dom.ts';
import type { PanelContext, Part } from '../part.ts';
import type { TableState } from '../tables.ts';
import { tableWords } from '../view/viewTable.ts';
import type { TableView } from '../view/viewTypes.ts';

/** The first rows of a CSV file that a run made; they are asked for when it comes into view, or by a button. */
export function createTable(context: PanelContext, file: TableView): Part<TableView> {
  const { t, lang, post, tables } = context;
  const { containerId, fileId, filename } = file;
  const box = el('div', 'data-box');
  scrollBox(box, t('First rows of {0}', file.name));
  const status = el('div', 'data-status');
  const words = el('span', 'data-words');
  const open = textButton(
    t('Open the Whole File'),
    () => post({ type: 'file', verb: 'open', containerId, fileId, filename }),
    { className: 'link-button' },
  );
  const toggle = textButton('', () => setFolded(!folded), { className: 'link-button' });
  const caption = el(
    'figcaption',
    'data-caption',
    icon('table'),
    el('bdi', 'data-name', file.name),
    words,
    toggle,
    open,
  );
  const content = el('div', '', status, box);
  const root = el('figure', 'data', caption, content);
  let leave: (() => void) | undefined;
  let folded = false;

  function setFolded(now: boolean): void {
    folded = now;
    root.classList.toggle('folded', folded);
    show(content, !folded);
    toggle.textContent = folded ? t('Show Table') : t('Hide Table');
    toggle.setAttribute('aria-expanded', String(!folded));
    if (!folded) leave ??= tables.follow(file, display);
  }

  function display(state: TableState): void {
    // A file without rows has nothing to show; it is in the list of files.
    show(root, state.state !== 'empty');
    show(box, state.state === 'ready');
    show(status, state.state === 'loading' || state.state === 'failed');
    if (state.state === 'ready') {
      box.replaceChildren(tableElement(state.table));
      words.textContent = tableWords(state.table, { t, lang });
    } else if (state.state === 'failed') status.replaceChildren(icon('warning'), state.sentence);
    else status.replaceChildren(icon('loading', 'codicon-modifier-spin'), t('Loading the first rows'));
  }

  display({ state: 'loading' });
  show(toggle, !file.open);
  if (!file.open) setFolded(true);
  const observer = new IntersectionObserver(
    ([entry]) => {
      if (!entry?.isIntersecting) return;
      observer.disconnect();
      leave ??= tables.follow(file, display);
    },
    { rootMargin: '300px' },
  );
  if (file.open) observer.observe(root);
  return {
    root,
    update() {},
    dispose() {
      observer.disconnect();
      leave?.();
    },
  };
}

/** Characters of a cell that are surely seen; of longer ones the style sheet may show less. */
const CUT_ABOVE = 25;

function tableElement({ header, rows, numeric }: TablePreview): HTMLElement {
  const cells = (tag: 'th' | 'td', row: readonly string[]) =>
    row.map((text, place) => {
      const cell = el(tag, numeric[place] ? 'number' : '', text);
      if (text.length > CUT_ABOVE) cell.title = text;
      if (cell instanceof HTMLTableCellElement && tag === 'th') cell.scope = 'col';
      return cell;
    });
  return el(
    'table',
    '',
    el('thead', '', el('tr', '', ...cells('th', header))),
    el('tbody', '', ...rows.map((row) => el('tr', '', ...cells('td', row)))),
  );
}
