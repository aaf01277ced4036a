import { stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { FileRef } from '../../core/citations.ts';
import { MOST_FILES, type RunOrigin } from '../../core/savedFiles.ts';
import type { ReplacedFile } from '../../core/saveMemory.ts';
import { bytesContent } from '../../gateway/files/bytesContent.ts';
import type { FileContent } from '../../gateway/files/content.ts';
import { forMany } from '../../gateway/files/many.ts';
import { isCancellation } from '../cancellation.ts';
import type { Gateway } from '../gateways/gateways.ts';
import { describeForLog, type Log } from '../log.ts';
import type { Failure, Outcome, SavedItem } from './outcome.ts';
import { FilesProgress, withProgress } from './progress.ts';
import type { Replacements } from './replacements.ts';
import type { SavedFiles } from './savedFiles.ts';
import { isOnDisk, type ReplacedContent, saveTo } from './saveTo.ts';

/** Where files are fetched from: the gateway of their session, or the one in use. */
export type FileSource = () => Promise<Gateway>;

/** A picture that is in no file of a container. */
export interface PictureToSave {
  readonly filename: string;
  readonly bytes: Uint8Array;
  /** Where the editor sees it. */
  readonly uri: vscode.Uri;
  readonly origin: RunOrigin | undefined;
}

/** What can be saved. */
export type Saveable = FileRef | PictureToSave;

export function isPicture(file: Saveable): file is PictureToSave {
  return 'bytes' in file;
}

/** Something and the place it goes to, below a folder. */
export interface PlacedFile {
  readonly file: Saveable;
  readonly folders: readonly string[];
  readonly name: string;
  readonly replace: boolean;
}

/** What saving needs of the rest of the host. */
export interface BatchHost {
  readonly log: Log;
  readonly replacements: Replacements;
  readonly saved: () => Promise<SavedFiles>;
  /** The runs that made files, where they are known, by the id of the file. */
  readonly originsOf: (files: readonly FileRef[]) => Promise<ReadonlyMap<string, RunOrigin>>;
}

/** Fetches files and puts them where they go, several at a time; notes where each came from and what it replaced. */
export class SaveBatch {
  readonly #host: BatchHost;

  constructor(host: BatchHost) {
    this.#host = host;
  }

  /** @throws whatever asking for the gateway throws; what becomes of each file is in the outcome */
  async run(placed: readonly PlacedFile[], folder: vscode.Uri, from: FileSource): Promise<Outcome> {
    const { client, label } = await from();
    const progress = new FilesProgress<PlacedFile>(placed.length);
    const saved: SavedItem[] = [];
    const replaced: (Pick<ReplacedFile, 'kept' | 'sha256'> & { readonly uri: vscode.Uri })[] = [];
    const failures: Failure[] = [];
    const [only] = placed;
    const title =
      placed.length === 1 && only
        ? vscode.l10n.t('Saving {0}', only.name)
        : vscode.l10n.t('Saving {0} files', String(placed.length));

    const saveOne = async (item: PlacedFile, signal: AbortSignal): Promise<void> => {
      try {
        const content = await contentOf(item.file, client, signal);
        progress.began(item, content.length);
        let kept: string | undefined;
        const result = await saveTo(content, {
          ...item,
          folder,
          onBytes: (bytes) => progress.came(item, bytes),
          keep: async (old) => {
            kept = await this.#keep(old);
          },
        });
        saved.push({ ...result, file: item.file });
        if (kept) replaced.push({ uri: result.uri, kept, sha256: result.sha256 });
      } catch (error) {
        if (isCancellation(error)) throw error;
        failures.push({ file: item.file, name: item.name, error });
      } finally {
        progress.ended(item);
      }
    };

    const cancelled = await withProgress(title, progress, async (signal) => {
      // What goes to a folder that is no disk is held whole: one at a time.
      const options = { signal, ...(isOnDisk(folder) ? {} : { atOnce: 1 }) };
      try {
        await forMany(placed, (item) => saveOne(item, signal), options);
        return false;
      } catch (error) {
        if (isCancellation(error)) return true;
        throw error;
      }
    });
    const replacement = await this.#logged(async () => {
      if (replaced.length === 0) return undefined;
      const known = await this.#host.saved();
      return this.#host.replacements.remember(
        replaced.map(({ uri, ...rest }) => ({ ...rest, uri: uri.toString(), previous: known.find(uri) })),
      );
    });
    await this.#logged(() => this.#note(saved, label.name));
    return { folder, saved, failures, cancelled, replacement };
  }

  /** @returns undefined where the file is too large to be kept, as the person was told */
  async #keep(old: ReplacedContent): Promise<string | undefined> {
    const { replacements } = this.#host;
    const size = 'file' in old ? (await stat(old.file)).size : old.bytes.byteLength;
    return replacements.takes(size) ? replacements.keep(old) : undefined;
  }

  /** Notes where files came from. */
  async #note(items: readonly SavedItem[], gateway: string): Promise<void> {
    if (items.length === 0) return;
    const saved = await this.#host.saved();
    const latest = items.slice(-MOST_FILES);
    const known = await this.#host.originsOf(latest.flatMap(({ file }) => (isPicture(file) ? [] : [file])));
    const origins = new Map<string, RunOrigin>();
    const noted = await forMany(latest, async ({ file, uri, sha256, bytes }) => {
      const origin = isPicture(file) ? file.origin : known.get(file.fileId);
      if (origin) origins.set(origin.runId, origin);
      const { mtime } = await vscode.workspace.fs.stat(uri);
      const keeps = saved.sources.takes(bytes) && isOnDisk(uri);
      const kept = keeps ? await saved.sources.keepFile(uri.fsPath) : undefined;
      const from = { source: isPicture(file) ? undefined : file, gateway, runId: origin?.runId };
      return { uri: uri.toString(), savedAt: Date.now(), sha256, bytes, mtime, kept, ...from };
    });
    const files = noted.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    for (const result of noted)
      if (result.status === 'rejected') this.#host.log.warn(describeForLog(result.reason));
    await saved.add(files, [...origins.values()]);
    await saved.sources.makeRoom();
  }

  /** What is done for later: that it fails is for the log, the files are there. */
  async #logged<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      this.#host.log.warn(describeForLog(error));
      return undefined;
    }
  }
}

async function contentOf(
  file: Saveable,
  client: Gateway['client'],
  signal: AbortSignal,
): Promise<FileContent> {
  return isPicture(file) ? bytesContent(file.bytes) : client.fileContent(file, signal);
}
