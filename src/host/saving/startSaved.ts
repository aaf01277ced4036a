import { stat } from 'node:fs/promises';
import path from 'node:path';
import type * as vscode from 'vscode';
import { describeForLog, type Log } from '../log.ts';
import type { SavedFiles } from './savedFiles.ts';

/** The file in the extension's storage that holds the records; without it nothing was ever saved. */
export const SAVED_FILES = 'savedFiles.json';

/** Where saving keeps what it remembers: of this workspace, or of windows without one. */
export function savingFolder({ storageUri, globalStorageUri }: vscode.ExtensionContext): string {
  return path.join((storageUri ?? globalStorageUri).fsPath, 'saving');
}

/**
 * What is known of saved files, loaded when it is first asked for; at once where there is something, so that the
 * editor's menus and badges are right.
 */
export function startSaved(
  folder: string,
  log: Log,
  subscriptions: vscode.Disposable[],
): () => Promise<SavedFiles> {
  let opened: Promise<SavedFiles> | undefined;
  const open = (): Promise<SavedFiles> => {
    opened ??= import('./openSaved.ts').then(({ openSaved }) => openSaved(folder, log, subscriptions));
    return opened;
  };
  stat(path.join(folder, SAVED_FILES))
    .then(open, (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    })
    .catch((error: unknown) => log.warn(describeForLog(error)));
  return open;
}
