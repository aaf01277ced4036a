import type { Readable } from 'node:stream';
import { ApiError } from '../http/apiError.ts';
import { type Clock, newId } from '../ids.ts';
import { DATA_DIR, type PythonFile, type PythonOutcome } from '../python.ts';
import type { Blobs } from './blobs.ts';
import { safeUploadName } from './names.ts';

/** A file of a container. */
export interface FileRecord {
  readonly id: string;
  /** Below {@link DATA_DIR}. */
  readonly path: string;
  readonly size: number;
  /** ms since the epoch. */
  readonly createdAt: number;
  /** Who made it: an upload, or code. */
  readonly source: 'user' | 'assistant';
  /** A figure that code left open. It is no file that Python sees. */
  readonly figure: boolean;
  /** The name it was uploaded under and the file (`file-…`) it came from, where that is so. */
  readonly uploadedAs: string | undefined;
  readonly origin: string | undefined;
}

/** What a piece of code made, with its files kept. */
export interface Made {
  readonly figures: readonly { readonly record: FileRecord; readonly png: Uint8Array }[];
  readonly written: readonly FileRecord[];
  /** One sentence where there was no room for all of them. */
  readonly remark: string | undefined;
}

/** Bytes of older versions that stay to be had by their ids after code wrote a file anew, and of figures. */
const OLD_VERSIONS_LIMIT = 64 * 1024 * 1024;
const FIGURES_LIMIT = 128 * 1024 * 1024;

/** What a container holds: the records in memory, the bytes on disk. */
export class FileRecords {
  readonly #blobs: Blobs;
  readonly #clock: Clock;
  readonly #listed = new Map<string, FileRecord>();
  /** Overwritten by later runs: a link in an earlier answer still opens what it was made for. */
  readonly #old = new Map<string, FileRecord>();
  #oldSize = 0;
  readonly #figures = new Map<string, FileRecord>();
  #figuresSize = 0;
  #cleared = false;
  /** The listed ones that Python sees, by their paths. */
  readonly #byPath = new Map<string, FileRecord>();

  constructor(blobs: Blobs, clock: Clock) {
    this.#blobs = blobs;
    this.#clock = clock;
  }

  /** Oldest first. */
  list(): readonly FileRecord[] {
    return [...this.#listed.values()];
  }

  /** A listed file, or an older version of one. */
  find(id: string): FileRecord | undefined {
    return this.#listed.get(id) ?? this.#old.get(id);
  }

  at(path: string): FileRecord | undefined {
    return this.#byPath.get(path);
  }

  /** Bytes of all files that Python sees. */
  get size(): number {
    return [...this.#byPath.values()].reduce((sum, record) => sum + record.size, 0);
  }

  /** How many of them. */
  get count(): number {
    return this.#byPath.size;
  }

  async bytes(record: FileRecord): Promise<Buffer> {
    return await this.#blobs.get(record.id);
  }

  async stream(record: FileRecord): Promise<Readable> {
    return await this.#blobs.stream(record.id);
  }

  /**
   * Keeps an upload. The hosted service prefixes every uploaded name; here a name gets a prefix only where it is
   * taken, so that code can say `sales.csv`.
   */
  async addUpload(name: string, bytes: Uint8Array, origin?: string): Promise<FileRecord> {
    const safe = safeUploadName(name);
    const id = newId('cfile_');
    const plain = `${DATA_DIR}/${safe}`;
    const path = this.#taken(plain) ? `${DATA_DIR}/${id.slice(6, 14)}-${safe}` : plain;
    const record = this.#record(id, path, bytes, { source: 'user', uploadedAs: safe, origin });
    return await this.#keep(record, bytes);
  }

  /** Keeps what a run made, as far as there is room, and drops what it removed. */
  async keepMade(outcome: Pick<PythonOutcome, 'images' | 'written' | 'removed'>): Promise<Made> {
    const figures = [];
    const written = [];
    let lost = 0;
    for (const png of outcome.images) {
      const record = await whereRoom(this.#addFigure(png));
      if (record) figures.push({ record, png });
      else lost++;
    }
    for (const file of outcome.written) {
      const record = await whereRoom(this.addWritten(file));
      if (record) written.push(record);
      else lost++;
    }
    for (const path of outcome.removed) {
      const record = this.at(path);
      if (record) await this.remove(record);
    }
    const remark =
      lost === 0
        ? undefined
        : `There was no room to keep all that the code made: ${lost} of its files cannot be had. Delete files or containers.`;
    return { figures, written, remark };
  }

  /** Keeps a file that code wrote; an earlier one at its path becomes an older version. */
  async addWritten(file: PythonFile): Promise<FileRecord> {
    const before = this.at(file.path);
    const record = this.#record(newId('cfile_'), file.path, file.bytes, { source: 'assistant' });
    await this.#keep(record, file.bytes);
    if (before) await this.#retire(before);
    return record;
  }

  /** Keeps a figure that code left open, under the name the hosted service gives it. The oldest make room. */
  async #addFigure(png: Uint8Array): Promise<FileRecord> {
    const id = newId('cfile_');
    const record = this.#record(id, `${DATA_DIR}/${id}.png`, png, { source: 'assistant', figure: true });
    await this.#keep(record, png);
    this.#figures.set(id, record);
    this.#figuresSize += record.size;
    for (const old of this.#figures.values()) {
      if (this.#figuresSize <= FIGURES_LIMIT || old === record) break;
      await this.remove(old);
    }
    return record;
  }

  async remove(record: FileRecord): Promise<void> {
    this.#unlist(record);
    if (this.#old.delete(record.id)) this.#oldSize -= record.size;
    if (this.#figures.delete(record.id)) this.#figuresSize -= record.size;
    await this.#blobs.delete(record.id);
  }

  /** Removes all, for good: what is still being kept is not. */
  async clear(): Promise<void> {
    this.#cleared = true;
    for (const record of [...this.#listed.values(), ...this.#old.values()]) await this.remove(record);
  }

  /** A folder of that name takes it too. */
  #taken(path: string): boolean {
    return this.#byPath.has(path) || [...this.#byPath.keys()].some((other) => other.startsWith(`${path}/`));
  }

  #unlist(record: FileRecord): void {
    this.#listed.delete(record.id);
    if (this.#byPath.get(record.path) === record) this.#byPath.delete(record.path);
  }

  #record(
    id: string,
    path: string,
    bytes: Uint8Array,
    told: Pick<FileRecord, 'source'> & Partial<Pick<FileRecord, 'figure' | 'uploadedAs' | 'origin'>>,
  ): FileRecord {
    return {
      id,
      path,
      size: bytes.length,
      createdAt: this.#clock(),
      source: told.source,
      figure: told.figure ?? false,
      uploadedAs: told.uploadedAs,
      origin: told.origin,
    };
  }

  async #keep(record: FileRecord, bytes: Uint8Array): Promise<FileRecord> {
    await this.#blobs.put(record.id, bytes);
    if (this.#cleared) {
      await this.#blobs.delete(record.id);
      throw new ApiError(400, 'Container is expired.');
    }
    this.#listed.set(record.id, record);
    if (!record.figure) this.#byPath.set(record.path, record);
    return record;
  }

  async #retire(record: FileRecord): Promise<void> {
    this.#unlist(record);
    this.#old.set(record.id, record);
    this.#oldSize += record.size;
    for (const old of this.#old.values()) {
      if (this.#oldSize <= OLD_VERSIONS_LIMIT) return;
      await this.remove(old);
    }
  }
}

/** What was kept; undefined where there was no room for it. */
async function whereRoom<T>(keeping: Promise<T>): Promise<T | undefined> {
  try {
    return await keeping;
  } catch (error) {
    if (error instanceof ApiError && error.status === 413) return undefined;
    throw error;
  }
}
