import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { safeFileName } from '../../core/fileNames.ts';
import { SAVED_SCHEME } from '../ids.ts';
import type { SavedFiles } from './savedFiles.ts';

/** Where the bytes of a saved file are seen, as they were when it was saved. @param kept the name they are kept under */
export function sourceUri(kept: string, filename: string): vscode.Uri {
  return vscode.Uri.from({ scheme: SAVED_SCHEME, path: `/source/${kept}/${safeFileName(filename)}` });
}

/** Where the prompt and the code of the run that made a file are seen. */
export function originUri(runId: string, filename: string): vscode.Uri {
  return vscode.Uri.from({ scheme: SAVED_SCHEME, path: `/origin/${runId}/${safeFileName(filename)}.py` });
}

/** What saved files were and came from, for reading, in the editor's own viewers. */
export class SavedSourceFileSystem implements vscode.FileSystemProvider {
  readonly #saved: () => Promise<SavedFiles>;
  readonly #changes = new vscode.EventEmitter<vscode.FileChangeEvent[]>();

  readonly onDidChangeFile = this.#changes.event;

  constructor(saved: () => Promise<SavedFiles>) {
    this.#saved = saved;
  }

  /** Nothing here ever changes. */
  watch(): vscode.Disposable {
    return new vscode.Disposable(() => {});
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { byteLength: size } = await this.readFile(uri);
    return {
      type: vscode.FileType.File,
      ctime: 0,
      mtime: 0,
      size,
      permissions: vscode.FilePermission.Readonly,
    };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const [, kind, id = '', name = ''] = uri.path.split('/');
    const saved = await this.#saved();
    if (kind === 'source') {
      const place = await saved.sources.find(id);
      if (place !== undefined) return readFile(place);
    } else if (kind === 'origin') {
      const { originText } = await import('./origin.ts');
      const text = originText(saved, id, name.replace(/\.py$/, ''));
      if (text !== undefined) return Buffer.from(text);
    }
    throw vscode.FileSystemError.FileNotFound(uri);
  }

  readDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.FileNotADirectory(uri);
  }

  createDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  writeFile(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }
}
