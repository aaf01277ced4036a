import path from 'node:path';
import * as vscode from 'vscode';
import type { SavedFile } from '../../core/savedFiles.ts';
import { fileHash, isSystemError } from './fileHash.ts';
import type { SavedFiles } from './savedFiles.ts';

/** Folders that are watched; of files in others a change is noticed when they are next shown. */
const MOST_WATCHED = 50;

/** Marks saved files that are not as they were saved any more. Looks at a file only when the editor shows it. */
export class SavedBadges implements vscode.FileDecorationProvider, vscode.Disposable {
  readonly #saved: SavedFiles;
  readonly #changed = new vscode.EventEmitter<vscode.Uri[]>();
  /** What was found out, by address and the version it was found out of. */
  readonly #known = new Map<string, { readonly version: string; readonly differs: boolean }>();
  readonly #watchers = new Map<string, vscode.Disposable>();
  readonly #subscription: vscode.Disposable;

  readonly onDidChangeFileDecorations = this.#changed.event;

  constructor(saved: SavedFiles) {
    this.#saved = saved;
    this.#subscription = vscode.Disposable.from(
      vscode.window.registerFileDecorationProvider(this),
      saved.onDidChange((uris) => {
        this.#watch();
        this.#changed.fire([...uris]);
      }),
    );
    this.#watch();
  }

  async provideFileDecoration(uri: vscode.Uri): Promise<vscode.FileDecoration | undefined> {
    const file = this.#saved.find(uri);
    if (file === undefined || !(await this.#differs(uri, file))) return undefined;
    return new vscode.FileDecoration('≠', vscode.l10n.t('Changed since it was saved from its container'));
  }

  dispose(): void {
    this.#subscription.dispose();
    for (const watcher of this.#watchers.values()) watcher.dispose();
    this.#changed.dispose();
  }

  async #differs(uri: vscode.Uri, file: SavedFile): Promise<boolean> {
    try {
      const { mtime, size } = await vscode.workspace.fs.stat(uri);
      if (size !== file.bytes) return true;
      if (mtime === file.mtime) return false;
      const version = `${mtime}:${size}:${file.sha256}`;
      const known = this.#known.get(file.uri);
      if (known?.version === version) return known.differs;
      const hash = await fileHash(uri);
      const differs = hash !== undefined && hash !== file.sha256;
      this.#known.set(file.uri, { version, differs });
      return differs;
    } catch (error) {
      // Of a file that is gone, or cannot be read, nothing is said.
      if (error instanceof vscode.FileSystemError || isSystemError(error)) return false;
      throw error;
    }
  }

  #watch(): void {
    const wanted = new Map<string, vscode.Uri>();
    for (const uri of this.#saved.uris.toReversed()) {
      const folder = uri.with({ path: path.posix.dirname(uri.path) });
      if (wanted.size < MOST_WATCHED) wanted.set(folder.toString(), folder);
    }
    for (const [key, watcher] of this.#watchers) {
      if (wanted.has(key)) continue;
      watcher.dispose();
      this.#watchers.delete(key);
    }
    for (const [key, folder] of wanted) {
      if (!this.#watchers.has(key)) this.#watchers.set(key, this.#watchFolder(folder));
    }
  }

  #watchFolder(folder: vscode.Uri): vscode.Disposable {
    const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, '*'));
    const changed = (uri: vscode.Uri) => {
      if (this.#saved.find(uri)) this.#changed.fire([uri]);
    };
    watcher.onDidChange(changed);
    watcher.onDidCreate(changed);
    return watcher;
  }
}
