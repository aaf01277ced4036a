import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { saveError } from '../../gateway/files/saveError.ts';

/** For the user alone. */
const PRIVATE_FOLDER = 0o700;

/** Copies of files, in a folder of the extension's own. */
export class KeptBytes {
  readonly #folder: string;
  readonly #limits: { readonly file: number; readonly all: number };

  /** @param limits in bytes, for one file and for all together */
  constructor(folder: string, limits: { readonly file: number; readonly all: number }) {
    this.#folder = folder;
    this.#limits = limits;
  }

  /** Whether a file of this size is kept at all. */
  takes(bytes: number): boolean {
    return bytes <= this.#limits.file;
  }

  /** Keeps a copy of a file as it is now. @returns the name it is kept under. @throws SaveError */
  keepFile(file: string): Promise<string> {
    return this.#keep((place) => copyFile(file, place, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE));
  }

  /** @returns the name it is kept under. @throws SaveError */
  keep(bytes: Uint8Array): Promise<string> {
    return this.#keep((place) => writeFile(place, bytes, { flag: 'wx' }));
  }

  /** Where it is kept; undefined where it had to make room, or never was. */
  async find(name: string): Promise<string | undefined> {
    if (!/^[0-9a-f-]{36}$/.test(name)) return undefined;
    const place = path.join(this.#folder, name);
    return (await stat(place).catch(undefinedIfMissing)) && place;
  }

  async remove(names: readonly string[]): Promise<void> {
    for (const name of names) {
      const place = await this.find(name);
      if (place !== undefined) await rm(place, { force: true });
    }
  }

  async #keep(write: (place: string) => Promise<void>): Promise<string> {
    const name = randomUUID();
    try {
      await mkdir(this.#folder, { recursive: true, mode: PRIVATE_FOLDER });
      await write(path.join(this.#folder, name));
      return name;
    } catch (error) {
      throw saveError(error);
    }
  }

  /** Lets go of the oldest beyond what is to be kept. @throws Node's error */
  async makeRoom(): Promise<void> {
    const found: { readonly place: string; readonly size: number; readonly keptAt: number }[] = [];
    for (const name of await readdir(this.#folder).catch(nothingIfMissing)) {
      const place = path.join(this.#folder, name);
      // Another window may be making room too.
      const file = await stat(place).catch(undefinedIfMissing);
      if (file) found.push({ place, size: file.size, keptAt: file.mtimeMs });
    }
    let room = this.#limits.all;
    for (const { place, size } of found.toSorted((a, b) => b.keptAt - a.keptAt)) {
      room -= size;
      if (room < 0) await rm(place, { force: true });
    }
  }
}

function undefinedIfMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
  return undefined;
}

function nothingIfMissing(error: NodeJS.ErrnoException): string[] {
  return undefinedIfMissing(error) ?? [];
}
