import { randomUUID } from 'node:crypto';
import type { Attachment } from '../../core/session.ts';
import type { InputFile } from './inputs.ts';

export type AttachedFile = Attachment & InputFile;

/** Files waiting to be sent with the next message. */
export class Attachments {
  readonly #changed: (attachments: readonly Attachment[]) => void;
  #files: readonly AttachedFile[] = [];

  constructor(changed: (attachments: readonly Attachment[]) => void) {
    this.#changed = changed;
  }

  add(files: readonly InputFile[]): void {
    if (files.length === 0) return;
    const added = files.map((file) => ({ ...file, id: randomUUID(), size: file.bytes.byteLength }));
    this.#set([...this.#files, ...added]);
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

  #set(files: readonly AttachedFile[]): void {
    this.#files = files;
    this.#changed(files.map(toShow));
  }
}

/** What is shown of an attached file: all but its bytes. */
export function toShow({ id, name, size, part }: AttachedFile): Attachment {
  return { id, name, size, ...(part ? { part } : {}) };
}
