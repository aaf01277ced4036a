import path from 'node:path';
import * as vscode from 'vscode';
import {
  movedSaved,
  NOTHING_SAVED,
  originOf,
  parseSavedFiles,
  type RunOrigin,
  type SavedFile,
  type SavedFiles as SavedRecords,
  savedAt,
  withoutSaved,
  withSaved,
} from '../../core/savedFiles.ts';
import { CONTEXT } from '../ids.ts';
import { describeForLog, type Log } from '../log.ts';
import { KeptBytes } from './keptBytes.ts';
import { SAVED_FILES } from './startSaved.ts';
import { StoredJson } from './storedJson.ts';

/** Bytes of saved files that are kept as they came, to compare with when their container is gone. */
const SOURCES = { file: 16 * 1024 * 1024, all: 128 * 1024 * 1024 };

/**
 * Where the saved files of this workspace came from. Follows them as the editor moves or deletes them; what is done to
 * them elsewhere is found out when somebody asks.
 */
export class SavedFiles implements vscode.Disposable {
  /** What the files were when they were saved. */
  readonly sources: KeptBytes;
  readonly #log: Log;
  readonly #stored: StoredJson<SavedRecords>;
  readonly #changed = new vscode.EventEmitter<readonly vscode.Uri[]>();
  readonly #subscription: vscode.Disposable;
  #records: SavedRecords = NOTHING_SAVED;

  /** Fires with the files whose records have come, gone or changed. */
  readonly onDidChange = this.#changed.event;

  private constructor(folder: string, log: Log) {
    this.#log = log;
    this.#stored = new StoredJson(path.join(folder, SAVED_FILES), parseSavedFiles, NOTHING_SAVED);
    this.sources = new KeptBytes(path.join(folder, 'sources'), SOURCES);
    this.#subscription = vscode.Disposable.from(
      vscode.workspace.onDidRenameFiles(({ files }) =>
        this.#follow((records) =>
          files.reduce(
            (moved, one) => movedSaved(moved, one.oldUri.toString(), one.newUri.toString()),
            records,
          ),
        ),
      ),
      vscode.workspace.onDidDeleteFiles(({ files }) =>
        this.#follow((records) => withoutSaved(records, files.map(String))),
      ),
    );
  }

  /** @param folder of the extension's storage. @throws Node's error where it cannot be read */
  static async open(folder: string, log: Log): Promise<SavedFiles> {
    const files = new SavedFiles(folder, log);
    files.#take(await files.#stored.read());
    return files;
  }

  /** Addresses of all files that have a record. */
  get uris(): readonly vscode.Uri[] {
    return this.#records.files.map(({ uri }) => vscode.Uri.parse(uri));
  }

  find(uri: vscode.Uri): SavedFile | undefined {
    return savedAt(this.#records, uri.toString());
  }

  originOf(file: SavedFile): RunOrigin | undefined {
    return originOf(this.#records, file);
  }

  /** The run of this id, if it has made a saved file. */
  run(runId: string): RunOrigin | undefined {
    return this.#records.origins.find((origin) => origin.runId === runId);
  }

  /** @throws Node's error */
  async add(files: readonly SavedFile[], origins: readonly RunOrigin[]): Promise<void> {
    await this.#change((records) => withSaved(records, files, origins));
  }

  /** @throws Node's error */
  async remove(uri: vscode.Uri): Promise<void> {
    await this.#change((records) => withoutSaved(records, [uri.toString()]));
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }

  #follow(change: (records: SavedRecords) => SavedRecords): void {
    this.#change(change).catch((error: unknown) => this.#log.warn(describeForLog(error)));
  }

  async #change(change: (records: SavedRecords) => SavedRecords): Promise<void> {
    this.#take(await this.#stored.update(change));
  }

  #take(records: SavedRecords): void {
    const before = new Map(this.#records.files.map((file) => [file.uri, JSON.stringify(file)]));
    const now = new Map(records.files.map((file) => [file.uri, JSON.stringify(file)]));
    this.#records = records;
    const changed = [...new Set([...before.keys(), ...now.keys()])].filter(
      (uri) => before.get(uri) !== now.get(uri),
    );
    if (changed.length === 0) return;
    // The editor compares with the path that it shows, which on Windows is not that of the address.
    const paths = records.files.flatMap(({ uri }) => {
      const { fsPath, path: plain } = vscode.Uri.parse(uri);
      return fsPath === plain ? plain : [fsPath, plain];
    });
    void vscode.commands.executeCommand('setContext', CONTEXT.savedFiles, paths);
    this.#changed.fire(changed.map((uri) => vscode.Uri.parse(uri)));
  }
}
