import { tableKey } from '../../protocol.ts';
import { el, icon, setIcon, show, textButton } from '../dom.ts';
import type { Later } from '../later.ts';
import { type PanelContext, type Part, PartList } from '../part.ts';
import type { BlockView, EndingView, PictureView, RunView, TableView } from '../view/viewTypes.ts';
import { createAnswer } from './answer.ts';
import { createErrorBox } from './errorBox.ts';
import { createFiles } from './files.ts';
import { createFooter } from './footer.ts';
import { createPicture } from './picture.ts';
import { createProgress } from './progress.ts';
import { createPrompt } from './prompt.ts';
import { createStep } from './step.ts';
import { createTable } from './table.ts';

/** Under which a run is found in the page. */
export function runElementId(runId: string): string {
  return `run-${runId}`;
}

/** Whether what is in a run is there too. */
export function isBuilt(run: HTMLElement): boolean {
  return run.childElementCount > 1;
}

/**
 * One exchange, from the prompt to the line with its cost.
 *
 * @param later where what is in it is built; at once, where this is not given
 */
export function createRun(context: PanelContext, first: RunView, later?: Later): Part<RunView> {
  const { t } = context;
  const heading = el('h2', 'visually-hidden', t('Request {0}', String(first.number)));
  const root = el('article', 'run', heading);
  root.id = runElementId(first.id);
  root.tabIndex = -1;
  root.setAttribute('aria-label', t('Request {0}', String(first.number)));
  let view = first;
  let content: RunContent | undefined;

  function build(): void {
    content = createContent(context, view);
    root.append(...content.parts);
    content.update(view);
  }

  const cancel = later?.add(build);
  return {
    root,
    update(next) {
      view = next;
      if (content) content.update(view);
      else if (later === undefined) build();
    },
    dispose() {
      cancel?.();
      content?.dispose();
    },
  };
}

/** What an exchange consists of. */
interface RunContent {
  readonly parts: readonly HTMLElement[];
  update(view: RunView): void;
  dispose(): void;
}

function createContent(context: PanelContext, first: RunView): RunContent {
  const blockBox = el('div', 'blocks');
  const blocks = new PartList<BlockView>(
    blockBox,
    (block) => block.key,
    (block) => createBlock(context, block),
  );
  const pictureBox = el('div', 'run-pictures');
  const pictures = new PartList<PictureView>(
    pictureBox,
    (picture) => picture.key,
    (picture) => createPicture(context, picture),
  );
  const tableBox = el('div', 'run-tables');
  const tables = new PartList<TableView>(tableBox, tableKey, (file) => createTable(context, file));
  const prompt = createPrompt(context, first);
  const progress = createProgress(context);
  const preface = createNotices();
  const notices = createNotices();
  const ending = createEnding(context, first.id);
  const error = createErrorBox(context, first.id);
  const files = createFiles(context, first.id);
  const footer = createFooter(context);
  const parts = [
    prompt.root,
    preface.root,
    blockBox,
    pictureBox,
    tableBox,
    progress.root,
    notices.root,
    ending.root,
    error.root,
    files.root,
    footer.root,
  ];

  return {
    parts,
    update(view) {
      preface.update(view.preface);
      blocks.update(view.blocks);
      show(blockBox, view.blocks.length > 0);
      pictures.update(view.pictures);
      show(pictureBox, view.pictures.length > 0);
      tables.update(view.tables);
      show(tableBox, view.tables.length > 0);
      progress.update(view.progress);
      notices.update(view.notices);
      ending.update(view.ending);
      error.update(view.error);
      files.update(view.files);
      footer.update(view.footer);
    },
    dispose() {
      for (const part of [prompt, blocks, pictures, tables, progress, files, footer]) part.dispose();
    },
  };
}

function createBlock(context: PanelContext, first: BlockView): Part<BlockView> {
  // A block's key names its kind, so the part made for a key is never shown the other kind.
  const part = first.kind === 'step' ? createStep(context, first) : createAnswer(context);
  return part as Part<BlockView>;
}

function createNotices(): Part<readonly string[]> {
  const root = el('div', 'notices');
  let shown = '';
  show(root, false);
  return {
    root,
    update(texts) {
      const words = texts.join('\n\n');
      if (words === shown) return;
      shown = words;
      root.replaceChildren(...texts.map((text) => el('p', 'notice', icon('info'), el('span', '', text))));
      show(root, texts.length > 0);
    },
    dispose() {},
  };
}

function createEnding(context: PanelContext, runId: string): Part<EndingView | undefined> {
  const symbol = icon('info');
  const words = el('span');
  const again = textButton(context.t('Run Again'), () => context.post({ type: 'retry', runId }), {
    icon: 'refresh',
    className: 'quiet-button',
  });
  const root = el('div', 'ending', symbol, words, again);
  return {
    root,
    update(view) {
      show(root, view !== undefined);
      if (view === undefined) return;
      setIcon(symbol, view.icon);
      if (words.textContent !== view.text) words.textContent = view.text;
      show(again, view.canRetry);
    },
    dispose() {},
  };
}
