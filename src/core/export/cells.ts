import { filesMade, runCitations } from '../citations.ts';
import { describeError, type Translate } from '../errorText.ts';
import type { StepOutput } from '../events.ts';
import type { CodeStep, RunItem } from '../runState.ts';
import type { RunEntry, SessionState } from '../session.ts';
import { readTerminal } from '../terminal.ts';
import { logSections, uncaught } from '../traceback.ts';
import { type LinkBook, rewriteLinks } from './links.ts';

/** A picture as it is exported. */
export interface ExportPicture {
  /** A file name, safe and of no other picture of the export. */
  readonly name: string;
  readonly mime: string;
  readonly base64: string;
}

/** Gives a picture by the key under which the session has it; undefined where its bytes are not to be had. */
export type PictureOf = (key: string) => ExportPicture | undefined;

/** What code printed or drew, in order. */
export type CellOutput =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'exception';
      /** Such as `ZeroDivisionError`. */
      readonly name: string;
      readonly message: string;
      /** The whole traceback. */
      readonly lines: readonly string[];
    }
  | { readonly kind: 'picture'; readonly picture: ExportPicture };

/** One piece of a session, in the order it is read. */
export type Cell =
  | { readonly kind: 'prompt'; readonly text: string; readonly attachments: readonly string[] }
  | { readonly kind: 'code'; readonly code: string; readonly outputs: readonly CellOutput[] }
  | { readonly kind: 'answer'; readonly text: string; readonly links: LinkBook }
  /** Files that were made and that nothing else shows. */
  | { readonly kind: 'pictures'; readonly pictures: readonly ExportPicture[] }
  /** How a run ended where it did not simply complete; in words. */
  | { readonly kind: 'ending'; readonly text: string };

/** A session as cells. @param t translates what the session itself does not say */
export function cellsOf({ runs }: SessionState, pictureOf: PictureOf, t: Translate): readonly Cell[] {
  return runs.flatMap((run) => cellsOfRun(run, pictureOf, t));
}

function cellsOfRun(run: RunEntry, pictureOf: PictureOf, t: Translate): Cell[] {
  const links = { citations: runCitations(run.state), files: run.listed, pictureOf };
  const ending = endingOf(run, t);
  const said = run.state.items.flatMap((item) => cellOf(item, links, pictureOf));
  const pictures = picturesLeft(run, said, pictureOf);
  return [
    { kind: 'prompt', text: run.prompt, attachments: run.attachments.map(({ name }) => name) },
    ...said,
    ...(pictures.length === 0 ? [] : [{ kind: 'pictures', pictures } as const]),
    ...(ending === undefined ? [] : [{ kind: 'ending', text: ending } as const]),
  ];
}

function cellOf(item: RunItem, links: LinkBook, pictureOf: PictureOf): Cell[] {
  if (item.kind === 'code') return [{ kind: 'code', code: item.code, outputs: outputsOf(item, pictureOf) }];
  const text = item.parts.map((part) => part.text).join('\n\n');
  return text.trim() === '' ? [] : [{ kind: 'answer', text, links }];
}

function outputsOf({ outputs = [] }: CodeStep, pictureOf: PictureOf): CellOutput[] {
  return outputs.flatMap((output: StepOutput): CellOutput[] => {
    if (output.type === 'image') {
      const picture = pictureOf(output.url);
      return picture ? [{ kind: 'picture', picture }] : [];
    }
    return printedOf(output.logs);
  });
}

function printedOf(logs: string): CellOutput[] {
  const { text } = readTerminal(logs);
  return logSections(text).flatMap(({ kind, from, to }): CellOutput[] => {
    const piece = text.slice(from, to);
    const raised = kind === 'traceback' ? uncaught(piece) : undefined;
    if (raised === undefined) return piece.trim() === '' ? [] : [{ kind: 'text', text: piece }];
    const colon = raised.indexOf(':');
    const name = colon < 0 ? raised : raised.slice(0, colon);
    const message = colon < 0 ? '' : raised.slice(colon + 1).trim();
    return [{ kind: 'exception', name, message, lines: piece.split('\n') }];
  });
}

/** Pictures among the files that a run made, without those that its cells show. */
function picturesLeft(
  { state, files }: RunEntry,
  cells: readonly Cell[],
  pictureOf: PictureOf,
): ExportPicture[] {
  const shown = new Set<string>();
  for (const cell of cells) {
    if (cell.kind === 'code') {
      for (const output of cell.outputs) if (output.kind === 'picture') shown.add(output.picture.name);
    }
    if (cell.kind !== 'answer') continue;
    rewriteLinks(tidy(cell.text), cell.links, ({ name }, embedded) => {
      if (embedded) shown.add(name);
      return name;
    });
  }
  return filesMade(state, files).flatMap(({ containerId, fileId }) => {
    const picture = pictureOf(`file:${containerId}/${fileId}`);
    return picture === undefined || shown.has(picture.name) ? [] : [picture];
  });
}

function endingOf({ state }: RunEntry, t: Translate): string | undefined {
  if (state.error) return describeError(state.error, t).sentence;
  switch (state.status) {
    case 'cancelled':
      return t('Stopped. What had arrived is kept.');
    case 'incomplete':
      return t('Incomplete: the run ended before the model had finished.');
    case 'queued':
    case 'in_progress':
      return t('The run was under way when this was exported.');
    default:
      return undefined;
  }
}

/** A line's end is `\n` alone, and half characters and NUL, which no program reads back, are gone. */
export function tidy(text: string): string {
  return text.toWellFormed().replace(/\r\n?/g, '\n').replaceAll('\0', '');
}
