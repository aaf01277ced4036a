import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PREFIX = 'code-interpreter-local-';

/**
 * Bytes of files by id, in a directory of our own that only this user may enter. Ids are ours, never a client's, so
 * no name from outside is ever part of a path.
 */
export class Blobs {
  #directory: Promise<string> | undefined;

  async put(id: string, bytes: Uint8Array): Promise<void> {
    await writeFile(await this.#path(id), bytes, { mode: 0o600 });
  }

  async get(id: string): Promise<Buffer> {
    return await readFile(await this.#path(id));
  }

  async delete(id: string): Promise<void> {
    await rm(await this.#path(id), { force: true });
  }

  /** Removes everything. */
  async close(): Promise<void> {
    const directory = await this.#directory;
    this.#directory = undefined;
    if (directory !== undefined) await rm(directory, { recursive: true, force: true });
  }

  async #path(id: string): Promise<string> {
    if (!/^[\w-]+$/.test(id)) throw new Error('Not an id of a file.');
    this.#directory ??= makeDirectory();
    return join(await this.#directory, id);
  }
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
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}
