import { mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { ApiError, notFound } from '../http/apiError.ts';

const PREFIX = 'code-interpreter-local-';

/** Bytes of all files of all containers, older versions and figures included. */
export const DISK_BYTES = 2 * 1024 * 1024 * 1024;

/**
 * Bytes of files by id, in a directory of our own that only this user may enter. Ids are ours, never a client's, so
 * no name from outside is ever part of a path.
 */
export class Blobs {
  readonly #limit: number;
  readonly #sizes = new Map<string, number>();
  #held = 0;
  #directory: Promise<string> | undefined;

  /** @param limit bytes of all together */
  constructor(limit = DISK_BYTES) {
    this.#limit = limit;
  }

  /** Bytes of all that is kept. */
  get held(): number {
    return this.#held;
  }

  /** @throws ApiError 413 where there is no room for it */
  async put(id: string, bytes: Uint8Array): Promise<void> {
    if (this.#held + bytes.length > this.#limit) throw full();
    this.#count(id, bytes.length);
    try {
      await writeFile(await this.#path(id), bytes, { mode: 0o600 });
    } catch (error) {
      await this.delete(id);
      throw errorCode(error) === 'ENOSPC' ? full() : error;
    }
  }

  /** @throws ApiError 404 where it was deleted */
  async get(id: string): Promise<Buffer> {
    return await this.#reading(async () => await readFile(await this.#path(id)));
  }

  /** The same piece by piece. Once it has begun it ends, whatever is deleted. */
  async stream(id: string): Promise<Readable> {
    return await this.#reading(async () => (await open(await this.#path(id))).createReadStream());
  }

  async delete(id: string): Promise<void> {
    this.#count(id, 0);
    await rm(await this.#path(id), { force: true });
  }

  /** Removes everything. */
  async close(): Promise<void> {
    const directory = await this.#directory;
    this.#directory = undefined;
    this.#sizes.clear();
    this.#held = 0;
    if (directory !== undefined) await rm(directory, { recursive: true, force: true });
  }

  async #reading<T>(read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      throw errorCode(error) === 'ENOENT' ? notFound('This file has been deleted.') : error;
    }
  }

  #count(id: string, size: number): void {
    this.#held += size - (this.#sizes.get(id) ?? 0);
    if (size === 0) this.#sizes.delete(id);
    else this.#sizes.set(id, size);
  }

  async #path(id: string): Promise<string> {
    if (!/^[\w-]+$/.test(id)) throw new Error('Not an id of a file.');
    this.#directory ??= makeDirectory();
    return join(await this.#directory, id);
  }
}

function full(): ApiError {
  return new ApiError(413, 'The gateway has no room for more files. Delete files or containers.', {
    code: 'storage_full',
  });
}

function errorCode(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

/** mkdtemp makes the directory with mode 0700. */
async function makeDirectory(): Promise<string> {
  await removeOrphans();
  return await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`));
}

/** A gateway that was killed could not clear up after itself: the next one does. */
async function removeOrphans(): Promise<void> {
  for (const name of await readdir(tmpdir()).catch(() => [])) {
    const pid = name.startsWith(PREFIX) ? Number.parseInt(name.slice(PREFIX.length), 10) : Number.NaN;
    if (!Number.isInteger(pid) || isAlive(pid)) continue;
    // Another user's is not ours to remove, and fails.
    await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return errorCode(error) !== 'ESRCH';
  }
}
