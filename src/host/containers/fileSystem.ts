import * as vscode from 'vscode';
import { GatewayError } from '../../core/errors.ts';
import { explain } from '../errorReport.ts';
import type { Gateways } from '../gateways/gateways.ts';
import { describeForLog, type Log } from '../log.ts';
import { type PicturePlace, parseFileUri, parsePictureUri } from './fileUri.ts';

/** Bytes of one file that the editor may hold. */
const LARGEST_FILE = 256 * 1024 * 1024;
/** Bytes of all files that are kept, so that looking again asks nothing of the gateway. */
const KEPT = 64 * 1024 * 1024;

/** The bytes of a picture of a session; undefined where it is not there any more. */
export type FindPicture = (place: PicturePlace) => Promise<Uint8Array | undefined>;

/** Files of containers and pictures of sessions, for reading, in the editor's own viewers. */
export class ContainerFileSystem implements vscode.FileSystemProvider {
  readonly #gateways: Gateways;
  readonly #log: Log;
  readonly #picture: FindPicture;
  readonly #changes = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly #kept = new Map<string, Promise<{ readonly bytes: Uint8Array; readonly mtime: number }>>();

  readonly onDidChangeFile = this.#changes.event;

  constructor(gateways: Gateways, log: Log, picture: FindPicture) {
    this.#gateways = gateways;
    this.#log = log;
    this.#picture = picture;
  }

  /** A file's id never comes to mean other bytes, so nothing is watched. */
  watch(): vscode.Disposable {
    return new vscode.Disposable(() => {});
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { bytes, mtime } = await this.#read(uri);
    const permissions = vscode.FilePermission.Readonly;
    return { type: vscode.FileType.File, ctime: mtime, mtime, size: bytes.byteLength, permissions };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return (await this.#read(uri)).bytes;
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

  /** Lets go of everything kept. */
  clear(): void {
    this.#kept.clear();
  }

  async #read(uri: vscode.Uri): Promise<{ readonly bytes: Uint8Array; readonly mtime: number }> {
    const key = uri.path;
    let reading = this.#kept.get(key);
    if (reading === undefined) {
      reading = this.#fetch(uri);
      this.#kept.set(key, reading);
      reading.then(
        () => this.#shrink(),
        () => this.#kept.delete(key),
      );
    }
    return reading;
  }

  async #fetch(uri: vscode.Uri): Promise<{ readonly bytes: Uint8Array; readonly mtime: number }> {
    const place = parsePictureUri(uri);
    const picture = place && (await this.#picture(place));
    if (picture) return { bytes: picture, mtime: Date.now() };
    const file = parseFileUri(uri);
    if (file === undefined) throw vscode.FileSystemError.FileNotFound(uri);
    try {
      const { client } = await this.#gateways.current();
      const { readWhole } = await import('../../gateway/files/content.ts');
      return { bytes: await readWhole(await client.fileContent(file), LARGEST_FILE), mtime: Date.now() };
    } catch (error) {
      this.#log.warn(describeForLog(error));
      const gone =
        error instanceof GatewayError && (error.kind === 'not_found' || error.kind === 'container_expired');
      const { sentence } = explain(error);
      throw gone
        ? vscode.FileSystemError.FileNotFound(sentence)
        : vscode.FileSystemError.Unavailable(sentence);
    }
  }

  async #shrink(): Promise<void> {
    let size = 0;
    for (const [key, reading] of [...this.#kept].reverse()) {
      size += (await reading).bytes.byteLength;
      if (size > KEPT) this.#kept.delete(key);
    }
  }
}
