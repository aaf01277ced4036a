import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import * as vscode from 'vscode';
import { isOnDisk } from './saveTo.ts';

/** Bytes of a file that has to be read whole. */
const LARGEST_VIRTUAL = 16 * 1024 * 1024;

/** The SHA-256 of a file in hex; undefined where it is too large to be read for that. @throws its file system's error */
export async function fileHash(uri: vscode.Uri): Promise<string | undefined> {
  const hash = createHash('sha256');
  if (isOnDisk(uri)) {
    for await (const chunk of createReadStream(uri.fsPath, { highWaterMark: 1 << 20 })) hash.update(chunk);
    return hash.digest('hex');
  }
  if ((await vscode.workspace.fs.stat(uri)).size > LARGEST_VIRTUAL) return undefined;
  return hash.update(await vscode.workspace.fs.readFile(uri)).digest('hex');
}

/** Whether Node's file system threw it. */
export function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}
