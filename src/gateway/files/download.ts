import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, link, lstat, open, realpath, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { type FileContent, START_OVER } from './content.ts';
import { FileWriter } from './fileWriter.ts';
import { SaveError } from './saveError.ts';

export interface SaveTarget {
  /** An existing folder, absolute. */
  readonly folder: string;
  /** One name, already made safe. */
  readonly name: string;
  /** Whether the person agreed to replace a file of this name. */
  readonly replace: boolean;
}

/**
 * Writes a download to its place: first to a temporary file beside it, then, whole and checked, under its name.
 * Never outside the folder, never through a symbolic link, never over a file unless `replace`.
 *
 * @returns the path written, and how many bytes
 * @throws SaveError; whatever reading `content` throws. In both cases nothing is left behind.
 */
export async function saveContent(
  content: FileContent,
  target: SaveTarget,
): Promise<{ readonly path: string; readonly bytes: number }> {
  try {
    return await save(content, target);
  } catch (error) {
    // Refused before the first byte was read, the connection would stay open.
    content.discard();
    throw error;
  }
}

async function save(
  content: FileContent,
  target: SaveTarget,
): Promise<{ readonly path: string; readonly bytes: number }> {
  const folder = await realpath(target.folder).catch((error: unknown) => {
    throw new SaveError('no_folder', { cause: error });
  });
  const place = path.join(folder, target.name);
  if (path.dirname(place) !== folder) throw new SaveError('outside');
  await checkPlace(place, target.replace);
  const temporary = path.join(folder, `.${randomUUID()}.part`);
  try {
    const bytes = await write(temporary, content);
    await put(temporary, place, target.replace);
    return { path: place, bytes };
  } finally {
    await rm(temporary, { force: true });
  }
}

async function checkPlace(place: string, replace: boolean): Promise<void> {
  const found = await lstat(place).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw saveError(error);
  });
  if (found === undefined) return;
  // What a link points to is not what the person chose; a folder is never replaced.
  if (found.isSymbolicLink()) throw new SaveError('outside');
  if (!found.isFile() || !replace) throw new SaveError('exists');
}

async function write(temporary: string, content: FileContent): Promise<number> {
  const file = await open(temporary, 'wx', 0o666).catch((error: unknown) => {
    throw saveError(error);
  });
  const writer = new FileWriter(file);
  const onDisk = (work: Promise<unknown>) =>
    work.catch((error: unknown) => {
      throw saveError(error);
    });
  try {
    for await (const chunk of content.chunks) {
      await onDisk(chunk === START_OVER ? writer.startOver() : writer.add(chunk));
    }
    await onDisk(writer.end());
  } finally {
    await file.close();
  }
  return writer.bytes;
}

async function put(temporary: string, place: string, replace: boolean): Promise<void> {
  try {
    if (replace) return await rename(temporary, place);
    // A hard link fails where the name is taken, in one step; some file systems have none.
    await link(temporary, place).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') throw error;
      return copyFile(temporary, place, constants.COPYFILE_EXCL);
    });
  } catch (error) {
    throw saveError(error);
  }
}

function saveError(error: unknown): SaveError {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  switch (code) {
    case 'EEXIST':
    case 'EISDIR':
      return new SaveError('exists', { cause: error });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new SaveError('not_writable', { cause: error });
    case 'ENOENT':
    case 'ENOTDIR':
      return new SaveError('no_folder', { cause: error });
    case 'ENOSPC':
    case 'EDQUOT':
      return new SaveError('disk_full', { cause: error });
    default:
      return new SaveError('other', { cause: error });
  }
}
