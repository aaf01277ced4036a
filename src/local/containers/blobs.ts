import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

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
    // mkdtemp makes the directory with mode 0700.
    this.#directory ??= mkdtemp(join(tmpdir(), 'code-interpreter-'));
    return join(await this.#directory, id);
  }
}
