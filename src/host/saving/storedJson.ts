import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseJson } from '../../core/json.ts';

/** For the user alone: prompts and code are in it. */
const PRIVATE_FILE = 0o600;
const PRIVATE_FOLDER = 0o700;

/**
 * One value in a file of its own. Read anew before each change, for other windows change it too; what is written is
 * there whole or not at all.
 */
export class StoredJson<T> {
  readonly #file: string;
  readonly #parse: (value: unknown) => T | undefined;
  readonly #empty: T;
  #last: Promise<unknown> = Promise.resolve();

  /** @param parse undefined where a value is not what was stored, or is of another version: it is then begun anew */
  constructor(file: string, parse: (value: unknown) => T | undefined, empty: T) {
    this.#file = file;
    this.#parse = parse;
    this.#empty = empty;
  }

  /** @throws Node's error where the file is there and cannot be read */
  async read(): Promise<T> {
    const content = await readFile(this.#file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    return (content === undefined ? undefined : this.#parse(parseJson(content))) ?? this.#empty;
  }

  /** @param change gives the same object back where nothing changes. @returns what is stored then. @throws Node's error */
  update(change: (value: T) => T): Promise<T> {
    const updated = this.#last.then(async () => {
      const before = await this.read();
      const value = change(before);
      if (value !== before) await this.#write(value);
      return value;
    });
    // Whoever asked for it is told of a failure; the next change has nothing to do with it.
    this.#last = updated.catch(() => {});
    return updated;
  }

  async #write(value: T): Promise<void> {
    await mkdir(path.dirname(this.#file), { recursive: true, mode: PRIVATE_FOLDER });
    const temporary = `${this.#file}.${randomUUID()}.part`;
    try {
      await writeFile(temporary, JSON.stringify(value), { mode: PRIVATE_FILE });
      await rename(temporary, this.#file);
    } finally {
      await rm(temporary, { force: true });
    }
  }
}
