import path from 'node:path';
import * as vscode from 'vscode';
import { isActedOn } from '../../core/actedOn.ts';
import type { FileRef } from '../../core/citations.ts';
import { foldName, numberedName, safeFileName } from '../../core/fileNames.ts';
import type { GatewayClient } from '../../gateway/client.ts';
import { readWhole } from '../../gateway/files/content.ts';
import { saveContent } from '../../gateway/files/download.ts';
import { SaveError } from '../../gateway/files/saveError.ts';
import { explain, isCancellation } from '../errorReport.ts';
import type { Gateway } from '../gateways/gateways.ts';
import { describeForLog, type Log } from '../log.ts';

/** Bytes of a file that goes to a folder which is no plain disk: it is held whole. */
const LARGEST_VIRTUAL = 256 * 1024 * 1024;

/** Where files are fetched from: the gateway of their session, or the one in use. */
export type FileSource = () => Promise<Gateway>;

/** Saves files of containers where the person says. */
export class Saving {
  readonly #log: Log;
  /** Where the last file was saved: the next dialog opens there. */
  #lastFolder: vscode.Uri | undefined;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Asks for a place and saves one file there. The dialog itself asks before something is replaced. */
  async saveOne(file: FileRef, from: FileSource): Promise<void> {
    const name = safeFileName(file.filename);
    const folder = this.#startFolder();
    const target = await vscode.window.showSaveDialog({
      ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, name) } : {}),
      title: vscode.l10n.t('Save {0}', name),
    });
    if (target === undefined || !(await this.#mayWrite(target))) return;
    const parent = vscode.Uri.joinPath(target, '..');
    const saved = await withProgress(vscode.l10n.t('Saving {0}', name), async (signal) => {
      const { client } = await from();
      // The dialog has asked already where the name was taken.
      return this.#write(client, file, parent, baseOf(target), true, signal);
    });
    this.#lastFolder = parent;
    await this.#tell(vscode.l10n.t('Saved {0}.', baseOf(saved)), saved);
  }

  /** Asks for a place and saves bytes there that are here already. */
  async saveBytes(name: string, bytes: Uint8Array): Promise<void> {
    const folder = this.#startFolder();
    const target = await vscode.window.showSaveDialog({
      ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, name) } : {}),
      title: vscode.l10n.t('Save {0}', name),
    });
    if (target === undefined || !(await this.#mayWrite(target))) return;
    await vscode.workspace.fs.writeFile(target, bytes);
    this.#lastFolder = vscode.Uri.joinPath(target, '..');
    await this.#tell(vscode.l10n.t('Saved {0}.', baseOf(target)), target);
  }

  /** Asks for a folder and saves all the files there, each name once; asks what to do about names that are taken. */
  async saveAll(files: readonly FileRef[], from: FileSource): Promise<void> {
    if (files.length === 0) {
      void vscode.window.showInformationMessage(vscode.l10n.t('There are no files to save.'));
      return;
    }
    const start = this.#startFolder();
    const [folder] =
      (await vscode.window.showOpenDialog({
        canSelectFiles: false,
        canSelectFolders: true,
        canSelectMany: false,
        openLabel: vscode.l10n.t('Save Here'),
        title: vscode.l10n.t('Save {0} Files', String(files.length)),
        ...(start ? { defaultUri: start } : {}),
      })) ?? [];
    if (folder === undefined) return;
    const plan = await this.#plan(files, folder);
    if (plan === undefined) return;
    const failures: { readonly name: string; readonly sentence: string }[] = [];
    let saved = 0;
    await withProgress(vscode.l10n.t('Saving {0} files', String(plan.length)), async (signal, progress) => {
      const { client } = await from();
      for (const { file, name, replace } of plan) {
        progress(name, 100 / plan.length);
        if (!(await this.#mayWrite(vscode.Uri.joinPath(folder, name)))) continue;
        try {
          await this.#write(client, file, folder, name, replace, signal);
          saved++;
        } catch (error) {
          if (isCancellation(error)) throw error;
          this.#log.error(describeForLog(error));
          failures.push({ name, sentence: explain(error).sentence });
        }
      }
    });
    this.#lastFolder = folder;
    await this.#tellAll(saved, failures, folder);
  }

  /** What becomes of each file; undefined where the person gave up. */
  async #plan(files: readonly FileRef[], folder: vscode.Uri): Promise<readonly PlannedSave[] | undefined> {
    const taken = new Set((await vscode.workspace.fs.readDirectory(folder)).map(([name]) => foldName(name)));
    const inBatch = new Set<string>();
    const plan: PlannedSave[] = [];
    let answer: 'keepBoth' | 'replace' | undefined;
    for (const file of files) {
      let name = safeFileName(file.filename);
      let replace = false;
      if (taken.has(foldName(name)) && !inBatch.has(foldName(name))) {
        answer ??= await askAboutTaken(name);
        if (answer === undefined) return undefined;
        replace = answer === 'replace';
      }
      if (!replace) {
        const wanted = name;
        for (let n = 2; taken.has(foldName(name)); n++) name = numberedName(wanted, n);
      }
      taken.add(foldName(name));
      inBatch.add(foldName(name));
      plan.push({ file, name, replace });
    }
    return plan;
  }

  async #write(
    client: GatewayClient,
    file: FileRef,
    folder: vscode.Uri,
    name: string,
    replace: boolean,
    signal: AbortSignal,
  ): Promise<vscode.Uri> {
    const content = await client.fileContent(file, signal);
    if (folder.scheme === 'file') {
      const { path: written } = await saveContent(content, { folder: folder.fsPath, name, replace });
      return vscode.Uri.file(written);
    }
    const target = vscode.Uri.joinPath(folder, name);
    if (path.posix.dirname(target.path) !== folder.path.replace(/\/$/, '')) throw new SaveError('outside');
    if (!replace && (await exists(target))) throw new SaveError('exists');
    await vscode.workspace.fs.writeFile(target, await readWhole(content, LARGEST_VIRTUAL));
    return target;
  }

  /** The extra question for files that an editor or a shell acts on. */
  async #mayWrite(target: vscode.Uri): Promise<boolean> {
    if (!isActedOn(target.path)) return true;
    const save = vscode.l10n.t('Save Anyway');
    const chosen = await vscode.window.showWarningMessage(
      vscode.l10n.t(
        '{0} is a file that editors or shells act on by themselves. Save it only if you trust what is in it.',
        baseOf(target),
      ),
      { modal: true },
      save,
    );
    return chosen === save;
  }

  #startFolder(): vscode.Uri | undefined {
    return this.#lastFolder ?? vscode.workspace.workspaceFolders?.[0]?.uri;
  }

  async #tell(message: string, saved: vscode.Uri): Promise<void> {
    const open = vscode.l10n.t('Open');
    const chosen = await vscode.window.showInformationMessage(message, open);
    if (chosen === open) await vscode.commands.executeCommand('vscode.open', saved);
  }

  async #tellAll(
    saved: number,
    failures: readonly { readonly name: string; readonly sentence: string }[],
    folder: vscode.Uri,
  ): Promise<void> {
    const where = baseOf(folder);
    const [first] = failures;
    if (first === undefined) {
      void vscode.window.showInformationMessage(
        vscode.l10n.t('Saved {0} files to {1}.', String(saved), where),
      );
      return;
    }
    const log = vscode.l10n.t('Show Log');
    const sentence =
      failures.length === 1
        ? vscode.l10n.t('Saved {0} files. {1}: {2}', String(saved), first.name, first.sentence)
        : vscode.l10n.t(
            'Saved {0} files, {1} not. The first, {2}: {3}',
            String(saved),
            String(failures.length),
            first.name,
            first.sentence,
          );
    if ((await vscode.window.showErrorMessage(sentence, log)) === log) this.#log.show();
  }
}

interface PlannedSave {
  readonly file: FileRef;
  readonly name: string;
  readonly replace: boolean;
}

async function askAboutTaken(name: string): Promise<'keepBoth' | 'replace' | undefined> {
  const keep = vscode.l10n.t('Keep Both');
  const replace = vscode.l10n.t('Replace');
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t(
      'The folder already has {0}, and perhaps others. What shall be done with files whose names are taken?',
      name,
    ),
    { modal: true },
    keep,
    replace,
  );
  return chosen === keep ? 'keepBoth' : chosen === replace ? 'replace' : undefined;
}

function baseOf(uri: vscode.Uri): string {
  return path.posix.basename(uri.path);
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch (error) {
    if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') return false;
    throw error;
  }
}

function withProgress<T>(
  title: string,
  work: (signal: AbortSignal, progress: (message: string, increment: number) => void) => Promise<T>,
): Thenable<T> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, async (progress, token) => {
    const abort = new AbortController();
    const subscription = token.onCancellationRequested(() => abort.abort());
    try {
      return await work(abort.signal, (message, increment) => progress.report({ message, increment }));
    } finally {
      subscription.dispose();
    }
  });
}
