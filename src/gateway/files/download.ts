import { randomUUID } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { chmod, copyFile, link, lstat, open, rename, rm, statfs } from 'node:fs/promises';
import path from 'node:path';
import { type FileContent, START_OVER } from './content.ts';
import { FileWriter } from './fileWriter.ts';
import { OpenFolder } from './openFolder.ts';
import { SaveError, saveError } from './saveError.ts';
import { WrittenHash } from './writtenHash.ts';

export interface SaveTarget {
  /** An existing folder, absolute. */
  readonly folder: string;
  /** Folders below it, from the outermost inwards, each name already made safe; made where they are missing. */
  readonly folders?: readonly string[];
  /** One name, already made safe. */
  readonly name: string;
  /** Whether the person agreed to replace a file of this name. */
  readonly replace: boolean;
  /** Called with the file that is about to be replaced, as it is: the moment to keep it. */
  readonly keep?: (place: string) => Promise<void>;
  /** Told of bytes as they come; less than nothing where the download begins again. */
  readonly onBytes?: (bytes: number) => void;
}

export interface Saved {
  readonly path: string;
  readonly bytes: number;
  /** Of the bytes that were written, in hex. */
  readonly sha256: string;
}

/**
 * Writes a download to its place: first to a temporary file beside it, then, whole and checked, under its name.
 * Never outside the folder, never through a symbolic link, never over a file unless `replace`.
 *
 * @throws SaveError; whatever reading `content` throws. In both cases nothing is left behind but folders.
 */
export async function saveContent(content: FileContent, target: SaveTarget): Promise<Saved> {
  try {
    return await save(content, target);
  } catch (error) {
    // Refused before the first byte was read, the connection would stay open.
    content.discard();
    throw error;
  }
}

async function save(content: FileContent, target: SaveTarget): Promise<Saved> {
  await using folder = await openDeep(target);
  const place = folder.at(target.name);
  const replaced = await checkPlace(place, target.replace);
  await checkRoom(folder.at('.x'), content.length);
  const temporary = folder.at(`.${randomUUID()}.part`);
  try {
    const written = await write(temporary, content, target.onBytes ?? (() => {}));
    if (replaced) await chmod(temporary, replaced.mode & 0o777);
    await folder.check();
    await put(temporary, place, target);
    return { path: path.join(folder.path, target.name), ...written };
  } finally {
    await rm(temporary, { force: true });
  }
}

/** The innermost folder of a target. */
async function openDeep({ folder, folders = [] }: SaveTarget): Promise<OpenFolder> {
  let innermost = await OpenFolder.open(folder);
  for (const name of folders) {
    await using outer = innermost;
    innermost = await outer.enter(name);
  }
  return innermost;
}

async function checkPlace(place: string, replace: boolean): Promise<Stats | undefined> {
  const found = await lstat(place).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw saveError(error);
  });
  if (found === undefined) return undefined;
  // What a link points to is not what the person chose; a folder is never replaced.
  if (found.isSymbolicLink()) throw new SaveError('outside');
  if (!found.isFile() || !replace) throw new SaveError('exists');
  return found;
}

/** Says that the disk is too full before an hour of downloading, not after it. */
async function checkRoom(place: string, length: number | undefined): Promise<void> {
  if (length === undefined) return;
  const { bavail, bsize, blocks } = await statfs(path.dirname(place)).catch((error: unknown) => {
    throw saveError(error);
  });
  // Some file systems do not tell.
  if (blocks > 0 && bavail * bsize < length) throw new SaveError('disk_full');
}

async function write(
  temporary: string,
  content: FileContent,
  onBytes: (bytes: number) => void,
): Promise<Pick<Saved, 'bytes' | 'sha256'>> {
  const onDisk = <T>(work: Promise<T>) =>
    work.catch((error: unknown) => {
      throw saveError(error);
    });
  const file = await onDisk(open(temporary, 'wx', 0o666));
  await using hash = new WrittenHash(temporary);
  const writer = new FileWriter(file, (bytes) => hash.written(bytes));
  try {
    for await (const chunk of content.chunks) {
      if (chunk === START_OVER) {
        onBytes(-writer.bytes);
        await hash.startOver();
        await onDisk(writer.startOver());
      } else {
        hash.update(chunk);
        onBytes(chunk.byteLength);
        await onDisk(writer.add(chunk));
      }
    }
    await onDisk(writer.end());
    return { bytes: writer.bytes, sha256: await onDisk(hash.digest(writer.bytes)) };
  } finally {
    await file.close();
  }
}

async function put(temporary: string, place: string, { replace, keep }: SaveTarget): Promise<void> {
  try {
    if (replace && (await checkPlace(place, true))) return await replaceFile(temporary, place, keep);
    // A hard link fails where the name is taken, in one step; some file systems have none.
    await link(temporary, place).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') throw error;
      return copyFile(temporary, place, constants.COPYFILE_EXCL);
    });
  } catch (error) {
    throw saveError(error);
  }
}

async function replaceFile(temporary: string, place: string, keep: SaveTarget['keep']): Promise<void> {
  let kept: string | undefined;
  // What is written between keeping and replacing would be lost: kept once more then.
  for (let tries = 0; keep && tries < 3; tries++) {
    const version = await versionOf(place);
    if (version === kept) break;
    await keep(place);
    kept = version;
  }
  await rename(temporary, place).catch((error: NodeJS.ErrnoException) => {
    const held = ['EACCES', 'EPERM', 'EBUSY'].includes(error.code ?? '');
    throw held ? new SaveError('locked', { cause: error }) : error;
  });
}

async function versionOf(place: string): Promise<string> {
  const { ino, size, mtimeNs } = await lstat(place, { bigint: true });
  return `${ino}:${size}:${mtimeNs}`;
}
