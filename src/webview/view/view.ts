import { type FileRef, filesMade, runCitations } from '../../core/citations.ts';
import type { Translate } from '../../core/errorText.ts';
import { latestText } from '../../core/latestText.ts';
import { type AnswerMessage, hasEnded } from '../../core/runState.ts';
import { activeRun, canResume, type Notice, type RunEntry, type SessionState } from '../../core/session.ts';
import { imageKey } from '../../protocol.ts';
import { filePicture, filePictures } from '../pictures.ts';
import { displayName, formatSize } from './format.ts';
import { footerView } from './viewFooter.ts';
import { progressView } from './viewProgress.ts';
import { stepView } from './viewStep.ts';
import { tableFiles } from './viewTable.ts';
import type { AnswerView, BlockView, FileView, LinkBook, RunView, SessionView } from './viewTypes.ts';
import { cutView, endingView, errorView, noticeText, resumeLabel } from './words.ts';

/** What words are made with. */
export interface Language {
  readonly t: Translate;
  /** BCP 47 tag. */
  readonly lang: string;
}

interface Cached {
  readonly entry: RunEntry;
  readonly key: string;
  readonly view: RunView;
}

/**
 * Gives the view of a session. Runs that did not change give the very same object, so that a delta costs the same
 * in a session of fifty runs as in the first.
 */
export class SessionViewer {
  readonly #language: Language;
  #cache = new Map<string, Cached>();

  constructor(language: Language) {
    this.#language = language;
  }

  view(session: SessionState): SessionView {
    const cache = new Map<string, Cached>();
    const runs = session.runs.map((entry, place) => {
      const last = place === session.runs.length - 1;
      const container = session.container;
      // Only the last run's footer speaks of the container's life.
      const life =
        last && container ? `${container.id} ${container.lastUsedAt} ${container.lifeMinutes}` : '';
      const key = `${place} ${last} ${session.gateway.local} ${life}`;
      const known = this.#cache.get(entry.id);
      const view =
        known && known.entry === entry && known.key === key
          ? known.view
          : viewRun(session, entry, place, this.#language);
      cache.set(entry.id, { entry, key, view });
      return view;
    });
    this.#cache = cache;
    return {
      gateway: session.gateway,
      runs,
      active: activeRun(session) !== undefined,
      attachments: session.attachments,
    };
  }
}

/** The view of one run of a session. */
export function viewRun(session: SessionState, entry: RunEntry, place: number, language: Language): RunView {
  const { t } = language;
  const { state, notices } = entry;
  const inWords = (notice: Notice) => noticeText(notice, language);
  const last = place === session.runs.length - 1;
  const ended = hasEnded(state);
  const containerId = containerOf(session, entry);
  const fill = (file: FileRef): FileRef => (file.containerId === '' ? { ...file, containerId } : file);

  const messages = state.items.filter((item): item is AnswerMessage => item.kind === 'message');
  const made = ended ? filesMade(state, entry.files).map(fill) : [];
  const drawn = state.items.some(
    (item) => item.kind === 'code' && item.outputs?.some((output) => output.type === 'image'),
  );
  const texts = messages.flatMap((message) => message.parts.map((part) => part.text));
  const pictures =
    ended && !drawn ? filePictures(state, texts, made, entry.files) : { embedded: [], rest: [] };

  const book: LinkBook = {
    citations: runCitations(state),
    files: entry.listed,
    containerId,
    settled: ended,
    embeds: [],
  };
  const files = made.map((file) => viewFile(file, entry, language));
  return {
    id: entry.id,
    number: place + 1,
    prompt: entry.prompt,
    attachments: entry.attachments,
    preface: notices.filter(({ kind }) => kind === 'container_renewed').map(inWords),
    blocks: viewBlocks(entry, book, pictures.embedded, language),
    progress: progressView(entry, language),
    pictures: pictures.rest.map((file) => filePicture(file, entry.prompt, t)),
    tables: tableFiles(files),
    files,
    filesListed: ended && areListed(entry, containerId),
    ending: endingView(state, last, t),
    error: viewError(entry, last, language),
    notices: notices.filter(({ kind }) => kind !== 'container_renewed').map(inWords),
    footer: ended ? footerView(session, entry, containerId, last, language) : undefined,
  };
}

function viewBlocks(
  entry: RunEntry,
  book: LinkBook,
  embedded: readonly (readonly FileRef[])[],
  { t }: Language,
): readonly BlockView[] {
  const { state } = entry;
  const ended = hasEnded(state);
  const shown = new Set<string>();
  const blocks: BlockView[] = [];
  let steps = 0;
  let texts = 0;
  for (const item of state.items) {
    if (item.kind === 'code') {
      steps++;
      blocks.push(stepView(entry, item, steps, shown, t));
      continue;
    }
    const complete = ended || item.status !== 'in_progress';
    for (const [place, part] of item.parts.entries()) {
      const files = embedded[texts++];
      if (part.text === '') continue;
      const links = files?.length ? { ...book, embeds: files.map(fileKey) } : book;
      const key = `answer ${item.outputIndex}.${place}`;
      const answer: AnswerView = {
        kind: 'answer',
        key,
        text: part.text,
        latest: latestText(part),
        refusal: part.refusal,
        complete,
        links,
      };
      blocks.push(answer);
    }
  }
  return blocks;
}

function fileKey(file: FileRef): string {
  return imageKey({ from: 'file', ...file });
}

function viewError(entry: RunEntry, last: boolean, language: Language): RunView['error'] {
  const { status, error } = entry.state;
  if (status !== 'failed' && status !== 'cut') return undefined;
  const { t } = language;
  const view =
    status === 'cut'
      ? cutView(error ?? { kind: 'stream_cut' }, entry.background && canResume(entry), language)
      : errorView(error ?? { kind: 'server' }, t);
  const retries = view.action?.action === 'retry';
  // Trying again makes sense only at the end of the chain of runs.
  if (!last) return retries ? { ...view, action: undefined } : view;
  return { ...view, canRetry: !retries, resume: canResume(entry) ? resumeLabel(entry, t) : undefined };
}

/** Whether all files that a run made are known, or no more of them can be. */
function areListed({ listed, notices }: RunEntry, containerId: string): boolean {
  const refused = notices.some(({ kind }) => kind === 'files_unlisted');
  return listed.length > 0 || refused || containerId === '';
}

/** The container a run worked in, where it is known: the id files are asked for with. */
function containerOf(session: SessionState, entry: RunEntry): string {
  const step = entry.state.items.findLast((item) => item.kind === 'code' && item.containerId);
  const named = step?.kind === 'code' ? step.containerId : undefined;
  return named ?? entry.listed[0]?.containerId ?? session.container?.id ?? '';
}

function viewFile(file: FileRef, entry: RunEntry, { lang }: Language): FileView {
  const bytes = entry.listed.find((listed) => listed.id === file.fileId)?.bytes;
  return {
    ...file,
    name: displayName(file.filename),
    icon: fileIcon(file.filename),
    size: bytes === undefined ? '' : formatSize(bytes, lang),
  };
}

const ICONS: readonly (readonly [RegExp, string])[] = [
  [/\.(?:png|jpe?g|gif|webp|svg|bmp|tiff?)$/i, 'file-media'],
  [/\.(?:csv|tsv|xlsx?|parquet)$/i, 'table'],
  [/\.(?:json|ya?ml|toml)$/i, 'json'],
  [/\.(?:py|ipynb|js|ts|sh|sql|html?|css|xml)$/i, 'file-code'],
  [/\.pdf$/i, 'file-pdf'],
  [/\.(?:zip|gz|tar|tgz|7z)$/i, 'file-zip'],
];

/** The codicon for a file, by its name. */
export function fileIcon(filename: string): string {
  return ICONS.find(([pattern]) => pattern.test(filename))?.[1] ?? 'file';
}
