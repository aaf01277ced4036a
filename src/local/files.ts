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
}

/** Bytes of all files together: they live as long as this gateway. */
const ALL_FILES_LIMIT = 512 * 1024 * 1024;

/** The files of the Files API (https://platform.openai.com/docs/api-reference/files). */
export class Files {
  readonly #blobs: Blobs;
  readonly #clock: Clock;
  readonly #all = new Map<string, StoredFile>();

  constructor(blobs: Blobs, clock: Clock) {
    this.#blobs = blobs;
    this.#clock = clock;
  }

  /** @throws ApiError 413 where there is no room left */
  async add(name: string, purpose: string, bytes: Uint8Array): Promise<StoredFile> {
    const held = this.list().reduce((sum, file) => sum + file.size, 0);
    if (held + bytes.length > ALL_FILES_LIMIT) {
      throw new ApiError(413, 'There is no room for more files. Delete some of them.', {
        code: 'request_too_large',
      });
    }
    const file: StoredFile = {
      id: newId('file-'),
      name: safeUploadName(name),
      purpose,
      size: bytes.length,
      createdAt: this.#clock(),
    };
    await this.#blobs.put(file.id, bytes);
    this.#all.set(file.id, file);
    return file;
  }

  /** Oldest first. */
  list(): readonly StoredFile[] {
    return [...this.#all.values()];
  }

  /** @throws ApiError 404 */
  get(id: string): StoredFile {
    const file = this.#all.get(id);
    if (file) return file;
    throw notFound(`No such File object: ${id.slice(0, 100)}`);
  }

  async bytes(file: StoredFile): Promise<Buffer> {
    return await this.#blobs.get(file.id);
  }

  async remove(file: StoredFile): Promise<void> {
    this.#all.delete(file.id);
    await this.#blobs.delete(file.id);
  }
}

/** A file as the API shows it. */
export function fileToWire(file: StoredFile): { readonly id: string } {
  const wire = {
    id: file.id,
    object: 'file',
    bytes: file.size,
    created_at: seconds(file.createdAt),
    expires_at: null,
    filename: file.name,
    purpose: file.purpose,
    status: 'processed',
    status_details: null,
  };
  return wire;
}
