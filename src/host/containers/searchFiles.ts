import * as vscode from 'vscode';
import { fileKind } from '../../core/fileFilter.ts';
import { forMany } from '../../gateway/files/many.ts';
import { isCancellation } from '../cancellation.ts';
import { describeForLog, type Log } from '../log.ts';
import type { ContainerBytes } from './containerBytes.ts';
import type { ListedFile } from './listing.ts';
import { type ContainerPlace, type Listings, uriOf } from './listings.ts';
import { refOf } from './treeNodes.ts';

/** Bytes of a file that is searched, and of all of them: each one is fetched. */
const LARGEST = 2 * 1024 * 1024;
const LARGEST_TOGETHER = 64 * 1024 * 1024;
const MOST_HITS = 1000;

export interface Hit {
  readonly file: ListedFile;
  /** From 0. */
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

interface Found {
  readonly hits: readonly Hit[];
  /** Files that were not looked into: too large, or no text. */
  readonly skipped: number;
}

/**
 * Searches the text of a container's files, which are fetched for it. The editor's own search knows files on disks
 * only: what would let it look elsewhere (`TextSearchProvider`) is not part of its stable interface.
 *
 * @throws GatewayError where the container cannot be listed
 */
export async function searchContainer(
  {
    listings,
    bytes,
    log,
  }: { readonly listings: Listings; readonly bytes: ContainerBytes; readonly log: Log },
  place: ContainerPlace,
  name: string,
): Promise<void> {
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Search in {0}', name),
    placeHolder: vscode.l10n.t('Text to find, in any case'),
    prompt: vscode.l10n.t('Fetches the text files of this container and looks into each.'),
  });
  if (text === undefined || text === '') return;
  const list = await listings.upTo(place, Number.POSITIVE_INFINITY);
  const { hits, skipped } = await search(
    place,
    [...list.files].filter((file) => list.isNewest(file)),
    text,
    {
      bytes,
      log,
    },
  );
  const left =
    skipped === 0 ? '' : vscode.l10n.t('Not searched, being large or no text: {0} files.', String(skipped));
  if (hits.length === 0) {
    const none = vscode.l10n.t('“{0}” is in no file of {1}.', text, name);
    void vscode.window.showInformationMessage([none, left].filter(Boolean).join(' '));
    return;
  }
  const items = hits.map((hit) => ({
    label: hit.text.trim().slice(0, 200) || hit.file.path,
    description: `${hit.file.path}:${hit.line + 1}`,
    hit,
  }));
  const found =
    hits.length === 1
      ? vscode.l10n.t('1 line with “{0}”', text)
      : vscode.l10n.t('{0} lines with “{1}”', String(hits.length), text);
  const chosen = await vscode.window.showQuickPick(items, {
    title: found,
    matchOnDescription: true,
    placeHolder: left || vscode.l10n.t('Choose a line to open its file'),
  });
  if (chosen === undefined) return;
  const { file, line, column } = chosen.hit;
  const selection = new vscode.Range(line, column, line, column + text.length);
  await vscode.window.showTextDocument(uriOf(place, list, file), { selection });
}

async function search(
  place: ContainerPlace,
  files: readonly ListedFile[],
  text: string,
  { bytes, log }: { readonly bytes: ContainerBytes; readonly log: Log },
): Promise<Found> {
  const candidates = files.filter(mayBeText);
  const title = vscode.l10n.t('Searching {0} files', String(candidates.length));
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, async (progress, token) => {
    const abort = new AbortController();
    token.onCancellationRequested(() => abort.abort());
    let room = LARGEST_TOGETHER;
    const look = async (file: ListedFile): Promise<readonly Hit[] | undefined> => {
      if (room < 0) return undefined;
      const content = await bytes.read(place.gateway, refOf(file.file));
      room -= content.byteLength;
      return content.byteLength > LARGEST ? undefined : hitsIn(file, content, text);
    };
    const results = await forMany(candidates, look, {
      signal: abort.signal,
      onEnded: ({ path }) => progress.report({ message: path, increment: 100 / candidates.length }),
    });
    const hits: Hit[] = [];
    let skipped = files.length - candidates.length;
    for (const result of results) {
      if (result.status === 'fulfilled' && result.value !== undefined) hits.push(...result.value);
      else skipped++;
      if (result.status === 'rejected' && !isCancellation(result.reason))
        log.warn(describeForLog(result.reason));
    }
    return { hits: hits.slice(0, MOST_HITS), skipped };
  });
}

function mayBeText({ name, bytes }: ListedFile): boolean {
  const kind = fileKind(name);
  return kind !== 'picture' && (bytes ?? 0) <= LARGEST;
}

/** The lines that hold a text, in any case; undefined where the bytes are no text. */
export function hitsIn(file: ListedFile, content: Uint8Array, wanted: string): readonly Hit[] | undefined {
  if (content.subarray(0, 8192).includes(0)) return undefined;
  const lines = new TextDecoder().decode(content).split(/\r\n|\r|\n/);
  const lower = wanted.toLowerCase();
  return lines.flatMap((text, line) => {
    const column = text.toLowerCase().indexOf(lower);
    return column < 0 ? [] : [{ file, line, column, text }];
  });
}
