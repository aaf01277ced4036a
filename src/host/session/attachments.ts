import { randomUUID } from 'node:crypto';
import type { Attachment } from '../../core/session.ts';
import type { StoredWaiting } from '../../core/stored/storedSession.ts';
import { type InputFile, sha256Of } from './inputs.ts';

export type AttachedFile = Attachment &
  InputFile & {
    /** ms since the epoch. */
    readonly at: number;
  };

/** Bytes of copies that are stored of files which are nowhere to be read again. */
const MOST_COPIED = 64 * 1024 * 1024;

/** Files waiting to be sent with the next message. */
export class Attachments {
  readonly #changed: (attachments: readonly Attachment[]) => void;
  #files: readonly AttachedFile[] = [];
  /** Of those that are nowhere to be read again, the SHA-256 by their ids. */
  readonly #copies = new Map<string, string>();

  constructor(changed: (attachments: readonly Attachment[]) => void) {
    this.#changed = changed;
  }

  add(files: readonly InputFile[]): void {
    const at = Date.now();
    this.restore(files.map((file) => ({ ...file, id: randomUUID(), size: file.bytes.byteLength, at })));
  }

  /** Takes in files that waited before, under their ids. */
  restore(files: readonly AttachedFile[]): void {
    if (files.length === 0) return;
    for (const file of files)
      if (file.uri === undefined || file.part !== undefined) this.#copies.set(file.id, sha256Of(file.bytes));
    this.#set([...this.#files, ...files]);
  }

  remove(id: string): void {
    this.#set(this.#files.filter((file) => file.id !== id));
  }

  /** One of those that wait. */
  get(id: string): AttachedFile | undefined {
    return this.#files.find((file) => file.id === id);
  }

  /** All of them; they wait no longer. */
  take(): readonly AttachedFile[] {
    const files = this.#files;
    if (files.length > 0) this.#set([]);
    return files;
  }

  /** What is remembered of those that wait, but for the bytes; too large a copy is none. */
  get stored(): readonly StoredWaiting[] {
    let left = MOST_COPIED;
    return this.#files.flatMap((file) => {
      const copy = this.#copies.get(file.id);
      if (copy !== undefined) left -= file.size;
      if (copy !== undefined && left < 0) return [];
      return [{ attachment: toShow(file), at: file.at, uri: file.uri, origin: file.origin, copy }];
    });
  }

  /** The bytes of a copy. @param sha256 lower-case hex */
  copyOf(sha256: string): Uint8Array | undefined {
    return this.#files.find(({ id }) => this.#copies.get(id) === sha256)?.bytes;
  }

  #set(files: readonly AttachedFile[]): void {
    this.#files = files;
    for (const id of this.#copies.keys()) if (!files.some((file) => file.id === id)) this.#copies.delete(id);
    this.#changed(files.map(toShow));
  }
}

/** What is shown of an attached file: all but its bytes. */
export function toShow({ id, name, size, part }: AttachedFile): Attachment {
  return { id, name, size, ...(part ? { part } : {}) };
}
