import { type FileRef, resolveSandboxLink } from '../core/citations.ts';
import type { Translate } from '../core/errorText.ts';
import { type ContainerFile, imageType } from '../core/files.ts';
import type { CodeStep, RunState } from '../core/runState.ts';
import { titleOf } from '../core/title.ts';
import { imageKey, type MadeImageSource } from '../protocol.ts';
import { picturesIn } from './markdown/markdown.ts';
import { displayName } from './view/format.ts';
import type { PictureView } from './view/viewTypes.ts';

const TITLE =
  /\b(?:title|suptitle|set_title)\s*(?:\(\s*|=\s*)[rfu]{0,2}(["'])((?:(?!\1)[^\\\n]|\\.){1,200})\1/;

/** Titles of charts in a piece of code, in order. */
export function chartTitles(code: string): readonly string[] {
  const found: string[] = [];
  for (const match of code.matchAll(new RegExp(TITLE, 'g'))) {
    if (match[2]) found.push(displayName(match[2].replace(/\\n/g, ' ')));
  }
  return found;
}

const MENTION = 120;

/** What a picture shows, for those who do not see it: the chart's title where the code has one, else the request. */
export function pictureAlt(title: string | undefined, prompt: string, t: Translate): string {
  if (title) return t('Chart: {0}', title);
  const short = titleOf(prompt, MENTION);
  return short === '' ? t('Picture made by the code') : t('Picture made for: {0}', short);
}

/** The pictures that a step displayed and that none before it did; `shown` gathers their keys. */
export function stepPictures(
  step: CodeStep,
  shown: Set<string>,
  prompt: string,
  t: Translate,
): readonly PictureView[] {
  const images = step.outputs?.filter((output) => output.type === 'image') ?? [];
  if (images.length === 0) return [];
  const titles = chartTitles(step.code);
  return images.flatMap((output, place): PictureView[] => {
    if (shown.has(output.url)) return [];
    shown.add(output.url);
    // Titles belong to figures only where there are as many of both.
    const title =
      titles.length === images.length ? titles[place] : images.length === 1 ? titles[0] : undefined;
    const source: MadeImageSource = { from: 'output', key: output.url };
    const alt = pictureAlt(title, prompt, t);
    return [{ key: imageKey(source), source, alt, name: title ?? t('Picture'), caption: '' }];
  });
}

/** A file of a container as a picture. */
export function filePicture(file: FileRef, prompt: string, t: Translate): PictureView {
  const source: MadeImageSource = { from: 'file', ...file };
  const unnamed = isFigure(file);
  const name = displayName(file.filename);
  return {
    key: imageKey(source),
    source,
    alt: unnamed ? pictureAlt(undefined, prompt, t) : t('Picture {0}', name),
    name: file.filename,
    caption: unnamed ? '' : name,
  };
}

/** Pictures of a run that shows none in its steps, each once: those its answer embeds, and the rest. */
export interface FilePictures {
  /** For each text of the answer, the files that it embeds. */
  readonly embedded: readonly (readonly FileRef[])[];
  readonly rest: readonly FileRef[];
}

const none: FilePictures = { embedded: [], rest: [] };

/** Which files are shown as pictures, and where. `made` are the files of the run. */
export function filePictures(
  state: RunState,
  texts: readonly string[],
  made: readonly FileRef[],
  listed: readonly ContainerFile[],
): FilePictures {
  const images = made.filter((file) => imageType(file.filename) !== undefined);
  if (images.length === 0) return none;
  const citations = state.items.flatMap((item) =>
    item.kind === 'message' ? item.parts.flatMap((part) => part.citations) : [],
  );
  const left = new Map(images.map((file) => [file.fileId, file]));
  const embedded = texts.map((text) =>
    picturesIn(text).flatMap((src) => {
      const found = resolveSandboxLink(sandboxHref(src), citations, listed);
      if (found === undefined || 'missing' in found) return [];
      const file = left.get(found.fileId);
      return file && left.delete(file.fileId) ? [file] : [];
    }),
  );
  // A displayed figure is a file of its own beside the one that was saved (wire.md, section 3): the named one is shown.
  const named = images.filter((file) => !isFigure(file)).length;
  let figures = images.length - named;
  const rest = [...left.values()].filter((file) => !isFigure(file) || figures-- > named);
  return { embedded, rest };
}

function isFigure(file: FileRef): boolean {
  return /^cfile_\w+\.\w+$/.test(file.filename);
}

/** Models also write the bare path where they mean `sandbox:`. */
export function sandboxHref(href: string): string {
  return href.startsWith('/mnt/data/') ? `sandbox:${href}` : href;
}
