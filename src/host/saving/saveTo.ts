import { createHash } from 'node:crypto';
import path from 'node:path';
import * as vscode from 'vscode';
import { GatewayError } from '../../core/errors.ts';
import { type FileContent, readWhole } from '../../gateway/files/content.ts';
import { type SaveTarget, saveContent } from '../../gateway/files/download.ts';
import { SaveError } from '../../gateway/files/saveError.ts';

/** Bytes of a file that goes to a folder which is no plain disk: VS Code takes it whole only. */
const LARGEST_VIRTUAL = 256 * 1024 * 1024;

/** Where a file is saved to: as {@link SaveTarget}, in a folder of any file system that VS Code knows. */
export interface SaveToTarget extends Omit<SaveTarget, 'folder' | 'keep'> {
  readonly folder: vscode.Uri;
  /** Called with the file that is about to be replaced. */
  readonly keep?: (replaced: ReplacedContent) => Promise<void>;
}

/** What is about to be replaced: a file on a disk, or the bytes of one that is elsewhere. */
export type ReplacedContent = { readonly file: string } | { readonly bytes: Uint8Array };

export interface SavedTo {
  readonly uri: vscode.Uri;
  readonly bytes: number;
  /** Of the bytes that were saved, in hex. */
  readonly sha256: string;
}

/** Whether a folder is one on a disk, to which files of any size go piece by piece. */
export function isOnDisk(folder: vscode.Uri): boolean {
  return folder.scheme === 'file';
}

/** What is in a folder. @throws SaveError */
export async function listFolder(
  folder: vscode.Uri,
): Promise<readonly { readonly name: string; readonly isFile: boolean }[]> {
  const entries = await inFolder(vscode.workspace.fs.readDirectory(folder));
  // A link to a file is both.
  return entries.map(([name, type]) => ({ name, isFile: type === vscode.FileType.File }));
}

/** Saves a file; see {@link saveContent}. @throws SaveError, GatewayError */
export async function saveTo(content: FileContent, target: SaveToTarget): Promise<SavedTo> {
  const { folder, keep, ...rest } = target;
  if (!isOnDisk(folder)) {
    try {
      return await saveVirtual(content, target);
    } catch (error) {
      content.discard();
      throw error;
    }
  }
  const { bytes, sha256 } = await saveContent(content, {
    ...rest,
    folder: folder.fsPath,
    ...(keep ? { keep: (file: string) => keep({ file }) } : {}),
  });
  // By the path that the person knows, which a link may be part of.
  return { uri: vscode.Uri.joinPath(folder, ...(target.folders ?? []), target.name), bytes, sha256 };
}

async function saveVirtual(content: FileContent, target: SaveToTarget): Promise<SavedTo> {
  const { folder, folders = [], name, replace, keep, onBytes } = target;
  const { fs } = vscode.workspace;
  if (fs.isWritableFileSystem(folder.scheme) === false) throw new SaveError('not_writable');
  const uri = vscode.Uri.joinPath(folder, ...folders, name);
  const expected = [folder.path.replace(/\/$/, ''), ...folders, name].join('/');
  if (path.posix.normalize(uri.path) !== expected) throw new SaveError('outside');
  if ((await typeOf(folder)) === undefined) throw new SaveError('no_folder');
  for (let depth = 1; depth <= folders.length; depth++) await enter(folder, folders.slice(0, depth));
  const there = await typeOf(uri);
  if (there !== undefined) {
    if (there & vscode.FileType.SymbolicLink) throw new SaveError('outside');
    if (there !== vscode.FileType.File || !replace) throw new SaveError('exists');
  }
  const bytes = await readWhole(content, LARGEST_VIRTUAL).catch((error: unknown) => {
    const large = error instanceof GatewayError && error.kind === 'too_large';
    throw large ? new SaveError('too_large', { cause: error }) : error;
  });
  onBytes?.(bytes.byteLength);
  if (there !== undefined && keep) await keep({ bytes: await inFolder(fs.readFile(uri)) });
  await inFolder(fs.writeFile(uri, bytes));
  return { uri, bytes: bytes.byteLength, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** A folder below another, made where it is missing. */
async function enter(folder: vscode.Uri, below: readonly string[]): Promise<void> {
  const uri = vscode.Uri.joinPath(folder, ...below);
  const type = await typeOf(uri);
  if (type === undefined) await inFolder(vscode.workspace.fs.createDirectory(uri));
  else if (type & vscode.FileType.SymbolicLink) throw new SaveError('outside');
  else if (type !== vscode.FileType.Directory) throw new SaveError('exists');
}

async function typeOf(uri: vscode.Uri): Promise<vscode.FileType | undefined> {
  try {
    return (await vscode.workspace.fs.stat(uri)).type;
  } catch (error) {
    if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') return undefined;
    throw asSaveError(error);
  }
}

async function inFolder<T>(work: Thenable<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw asSaveError(error);
  }
}

/** What a file system of VS Code says, in the words of saving. */
function asSaveError(error: unknown): unknown {
  if (!(error instanceof vscode.FileSystemError)) return error;
  const reason = REASONS[error.code] ?? 'other';
  return new SaveError(reason, { cause: error });
}

/** By `FileSystemError.code`. */
const REASONS: Readonly<Record<string, SaveError['reason']>> = {
  FileNotFound: 'no_folder',
  FileNotADirectory: 'no_folder',
  FileExists: 'exists',
  FileIsADirectory: 'exists',
  NoPermissions: 'not_writable',
};
