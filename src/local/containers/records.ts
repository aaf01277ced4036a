import { type Clock, newId } from '../ids.ts';
import { DATA_DIR, type PythonFile } from '../python.ts';
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

/** Bytes of older versions that stay to be had by their ids after code wrote a file anew. */
const OLD_VERSIONS_LIMIT = 64 * 1024 * 1024;

/** What a container holds: the records in memory, the bytes on disk. */
export class FileRecords {
  readonly #blobs: Blobs;
  readonly #clock: Clock;
  readonly #listed = new Map<string, FileRecord>();
  /** Overwritten by later runs: a link in an earlier answer still opens what it was made for. */
  readonly #old = new Map<string, FileRecord>();
  #oldSize = 0;
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

  async bytes(record: FileRecord): Promise<Buffer> {
    return await this.#blobs.get(record.id);
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

  /** Keeps a file that code wrote; an earlier one at its path becomes an older version. */
  async addWritten(file: PythonFile): Promise<FileRecord> {
    const before = this.at(file.path);
    const record = this.#record(newId('cfile_'), file.path, file.bytes, { source: 'assistant' });
    await this.#keep(record, file.bytes);
    if (before) await this.#retire(before);
    return record;
  }

  /** Keeps a figure that code left open, under the name the hosted service gives it. */
  async addFigure(png: Uint8Array): Promise<FileRecord> {
    const id = newId('cfile_');
    const record = this.#record(id, `${DATA_DIR}/${id}.png`, png, { source: 'assistant', figure: true });
    return await this.#keep(record, png);
  }

  async remove(record: FileRecord): Promise<void> {
    this.#unlist(record);
    if (this.#old.delete(record.id)) this.#oldSize -= record.size;
    await this.#blobs.delete(record.id);
  }

  async clear(): Promise<void> {
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
