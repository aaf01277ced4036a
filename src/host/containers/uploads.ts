import path from 'node:path';
import * as vscode from 'vscode';
import type { ContainerFile } from '../../core/files.ts';
import { planNames } from '../../core/savePlan.ts';
import type { GatewayLabel } from '../../core/session.ts';
import { forMany } from '../../gateway/files/many.ts';
import { isCancellation } from '../cancellation.ts';
import { explain } from '../errorReport.ts';
import { askToSend } from '../inputs/askToSend.ts';
import { gitIgnored } from '../inputs/gitIgnored.ts';
import { SendGuard } from '../inputs/sendGuard.ts';
import { describeForLog, type Log } from '../log.ts';
import type { InputFile } from '../session/inputs.ts';
import type { ContainerBytes } from './containerBytes.ts';
import { put } from './fileChanges.ts';
import { parseFileUri } from './fileUri.ts';
import type { ListedFile, Listing } from './listing.ts';
import type { ContainerPlace, Listings } from './listings.ts';
import type { Dropped } from './treeDragAndDrop.ts';

/** Bytes that are held at a time. */
const LARGEST_UPLOAD = 512 * 1024 * 1024;
/** Files under way at a time. */
const AT_ONCE = 4;

export type OnUploaded = (file: InputFile, placed: ContainerFile, gateway: GatewayLabel) => void;

interface PlannedUpload {
  readonly file: InputFile;
  readonly before: ListedFile | undefined;
}

/** Puts files of the person's into containers: those that were dropped there, or chosen. */
export class Uploads {
  readonly #listings: Listings;
  readonly #bytes: ContainerBytes;
  readonly #log: Log;
  readonly #onUploaded: OnUploaded;
  readonly #guard = new SendGuard({ ask: askToSend, ignored: gitIgnored });

  /** @param onUploaded told of each file that is in its container now */
  constructor(listings: Listings, bytes: ContainerBytes, log: Log, onUploaded: OnUploaded) {
    this.#listings = listings;
    this.#bytes = bytes;
    this.#log = log;
    this.#onUploaded = onUploaded;
  }

  /**
   * Uploads files, with progress and Cancel; what is in the container by their names is asked about, and so are files
   * that look like secrets. Whatever could not be uploaded is told.
   *
   * @throws GatewayError where the container cannot be listed; an error of the file system
   */
  async upload(place: ContainerPlace, dropped: Dropped): Promise<void> {
    const found = await read(place, dropped);
    if (found.folders.length > 0) {
      void vscode.window.showWarningMessage(
        vscode.l10n.t('Folders are not uploaded: {0}. Choose the files in them.', found.folders.join(', ')),
      );
    }
    const permitted = await this.#guard.permitted(found.files, place.gateway.label);
    if (permitted === undefined || permitted.length === 0) return;
    const plan = await this.#plan(place, permitted);
    if (plan !== undefined) await this.#send(place, plan);
  }

  /** What becomes of each file; undefined where the person gave up. */
  async #plan(
    place: ContainerPlace,
    files: readonly InputFile[],
  ): Promise<readonly PlannedUpload[] | undefined> {
    const list = await this.#listings.upTo(place, Number.POSITIVE_INFINITY);
    const taken = files.filter(({ name }) => list.at(name) !== undefined);
    const [first] = taken;
    if (first === undefined) return files.map((file) => ({ file, before: undefined }));
    const free = freeNames(files, list);
    const replace = vscode.l10n.t('Replace');
    const keep = vscode.l10n.t('Keep Both');
    const chosen = await vscode.window.showWarningMessage(
      taken.length === 1
        ? vscode.l10n.t('The container has a file {0} already.', first.name)
        : vscode.l10n.t('The container has {0} of these files already.', String(taken.length)),
      {
        modal: true,
        detail:
          taken.length === 1
            ? vscode.l10n.t(
                'Replace deletes the one in the container. Keep Both uploads yours as {0}.',
                free.get(first) ?? '',
              )
            : vscode.l10n.t(
                'Replace deletes those in the container. Keep Both uploads yours with numbers, such as {0}.',
                free.get(first) ?? '',
              ),
      },
      replace,
      keep,
    );
    if (chosen === undefined) return undefined;
    return chosen === replace
      ? files.map((file) => ({ file, before: list.at(file.name) }))
      : files.map((file) => ({ file: { ...file, name: free.get(file) ?? file.name }, before: undefined }));
  }

  async #send(place: ContainerPlace, plan: readonly PlannedUpload[]): Promise<void> {
    const [only] = plan;
    const title =
      only && plan.length === 1
        ? vscode.l10n.t('Uploading {0}', only.file.name)
        : vscode.l10n.t('Uploading {0} files', String(plan.length));
    const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    const all = plan.reduce((sum, { file }) => sum + file.bytes.byteLength + 1, 0);
    const results = await vscode.window.withProgress(options, async (progress, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => abort.abort());
      const send = async ({ file, before }: PlannedUpload) => {
        let told = 0;
        const onSent = (sent: number) => {
          progress.report({ increment: (100 * (sent - told)) / all, message: file.name });
          told = sent;
        };
        const placed = await put(
          { listings: this.#listings, bytes: this.#bytes },
          place,
          { name: file.name, bytes: file.bytes, onSent },
          before,
          abort.signal,
        );
        this.#onUploaded(file, placed, place.gateway.label);
      };
      return forMany(plan, send, { atOnce: AT_ONCE, signal: abort.signal });
    });
    const failed = results.flatMap((result, at) =>
      result.status === 'rejected'
        ? [{ name: plan[at]?.file.name ?? '', reason: result.reason as unknown }]
        : [],
    );
    await this.#tell(failed);
  }

  async #tell(failed: readonly { readonly name: string; readonly reason: unknown }[]): Promise<void> {
    const [first] = failed.filter(({ reason }) => !isCancellation(reason));
    if (first === undefined) return;
    for (const { reason } of failed) this.#log.error(describeForLog(reason));
    const log = vscode.l10n.t('Show Log');
    const { sentence } = explain(first.reason);
    const text =
      failed.length === 1
        ? vscode.l10n.t('{0} was not uploaded. {1}', first.name, sentence)
        : vscode.l10n.t(
            '{0} files were not uploaded. The first, {1}: {2}',
            String(failed.length),
            first.name,
            sentence,
          );
    if ((await vscode.window.showErrorMessage(text, log)) === log) this.#log.show();
  }
}

/** A name for each file that nothing in the container has, nor another of them. */
function freeNames(files: readonly InputFile[], list: Listing): ReadonlyMap<InputFile, string> {
  const there = [...list.files].map(({ path }) => ({ name: path, isFile: true }));
  return new Map(planNames(files, there).map(({ file, free }) => [file, free]));
}

/** The files with their bytes, and the names of folders, which are none. */
async function read(
  { gateway, containerId }: ContainerPlace,
  { uris, files }: Dropped,
): Promise<{ readonly files: readonly InputFile[]; readonly folders: readonly string[] }> {
  const found: InputFile[] = [];
  const folders: string[] = [];
  let room = LARGEST_UPLOAD;
  const add = (file: InputFile) => {
    room -= file.bytes.byteLength;
    found.push(file);
  };
  const checkRoom = (bytes: number) => {
    if (bytes <= room) return;
    throw new vscode.FileSystemError(
      vscode.l10n.t('These files are too large to be uploaded together: at most 512 MB at a time.'),
    );
  };
  for (const uri of uris) {
    const from = parseFileUri(uri);
    // Dropped where it is already.
    if (from.gateway === gateway.token && from.containerId === containerId) continue;
    const name = path.posix.basename(uri.path);
    const stat = await vscode.workspace.fs.stat(uri);
    if ((stat.type & vscode.FileType.Directory) !== 0) {
      folders.push(name);
      continue;
    }
    checkRoom(stat.size);
    add({ name, uri: uri.toString(), bytes: await vscode.workspace.fs.readFile(uri) });
  }
  for (const file of files) {
    const bytes = await file.data();
    checkRoom(bytes.byteLength);
    add({ name: file.name, uri: undefined, bytes });
  }
  return { files: found, folders };
}
