import type { Readable } from 'node:stream';
import type { Blobs } from './containers/blobs.ts';
import { safeUploadName } from './containers/names.ts';
import { ApiError, notFound } from './http/apiError.ts';
import { type Clock, newId, seconds } from './ids.ts';

/** A file of the Files API: uploaded once, put into containers by its id. */
export interface StoredFile {
  readonly id: string;
  readonly name: string;
  readonly purpose: string;
  readonly size: number;
  /** ms since the epoch. */
  readonly createdAt: number;
  /** The same, where it does not live as long as this gateway. */
  readonly expiresAt: number | undefined;
}

/** Bytes of all files together, and how many they may be: a file of nothing takes memory too. */
const ALL_FILES_LIMIT = 512 * 1024 * 1024;
const MOST_FILES = 10_000;

/** The files of the Files API (https://platform.openai.com/docs/api-reference/files). */
export class Files {
  readonly #blobs: Blobs;
  readonly #clock: Clock;
  readonly #all = new Map<string, StoredFile>();
  #size = 0;

  constructor(blobs: Blobs, clock: Clock) {
    this.#blobs = blobs;
    this.#clock = clock;
  }

  /**
   * @param lifeSeconds after which the file is gone; undefined: never
   * @throws ApiError 413 where there is no room left
   */
  async add(
    told: { readonly name: string; readonly purpose: string; readonly lifeSeconds: number | undefined },
    bytes: Uint8Array,
  ): Promise<StoredFile> {
    await this.sweep();
    if (this.#size + bytes.length > ALL_FILES_LIMIT || this.#all.size >= MOST_FILES) {
      throw new ApiError(413, 'There is no room for more files. Delete some of them.', {
        code: 'storage_full',
      });
    }
    const createdAt = this.#clock();
    const file: StoredFile = {
      id: newId('file-'),
      name: safeUploadName(told.name),
      purpose: told.purpose,
      size: bytes.length,
      createdAt,
      expiresAt: told.lifeSeconds === undefined ? undefined : createdAt + told.lifeSeconds * 1000,
    };
    this.#size += file.size;
    try {
      await this.#blobs.put(file.id, bytes);
    } catch (error) {
      this.#size -= file.size;
      throw error;
    }
    this.#all.set(file.id, file);
    return file;
  }

  /** Oldest first. */
  list(): readonly StoredFile[] {
    return [...this.#all.values()].filter((file) => !this.#isExpired(file));
  }

  /** @throws ApiError 404 */
  get(id: string): StoredFile {
    const file = this.#all.get(id);
    if (file && !this.#isExpired(file)) return file;
    throw notFound(`No such File object: ${id.slice(0, 100)}`, 'id');
  }

  async bytes(file: StoredFile): Promise<Buffer> {
    return await this.#blobs.get(file.id);
  }

  async stream(file: StoredFile): Promise<Readable> {
    return await this.#blobs.stream(file.id);
  }

  async remove(file: StoredFile): Promise<void> {
    if (!this.#all.delete(file.id)) return;
    this.#size -= file.size;
    await this.#blobs.delete(file.id);
  }

  /** Removes the expired ones. To be called now and then. */
  async sweep(): Promise<void> {
    for (const file of this.#all.values()) if (this.#isExpired(file)) await this.remove(file);
  }

  #isExpired({ expiresAt }: StoredFile): boolean {
    return expiresAt !== undefined && this.#clock() >= expiresAt;
  }
}

/** A file as the API shows it. */
export function fileToWire(file: StoredFile): { readonly id: string } {
  const wire = {
    id: file.id,
    object: 'file',
    bytes: file.size,
    created_at: seconds(file.createdAt),
    expires_at: file.expiresAt === undefined ? null : seconds(file.expiresAt),
    filename: file.name,
    purpose: file.purpose,
    status: 'processed',
    status_details: null,
  };
  return wire;
}
