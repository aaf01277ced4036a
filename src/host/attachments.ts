import { randomUUID } from 'node:crypto';
import type { AttachedPath } from '../core/attached.ts';
import type { Attachment } from '../core/session.ts';
import type { GatewayClient } from '../gateway/client.ts';

export interface AttachedFile extends Attachment {
  readonly bytes: Uint8Array;
}

/** Files waiting to be sent with the next message. */
export class Attachments {
  readonly #changed: (attachments: readonly Attachment[]) => void;
  #files: readonly AttachedFile[] = [];

  constructor(changed: (attachments: readonly Attachment[]) => void) {
    this.#changed = changed;
  }

  add(files: readonly { readonly name: string; readonly bytes: Uint8Array }[]): void {
    const added = files.map(({ name, bytes }) => ({ id: randomUUID(), name, size: bytes.byteLength, bytes }));
    this.#set([...this.#files, ...added]);
  }

  remove(id: string): void {
    this.#set(this.#files.filter((file) => file.id !== id));
  }

  /** All of them; they wait no longer. */
  take(): readonly AttachedFile[] {
    const files = this.#files;
    if (files.length > 0) this.#set([]);
    return files;
  }

  #set(files: readonly AttachedFile[]): void {
    this.#files = files;
    this.#changed(files.map(({ id, name, size }) => ({ id, name, size })));
  }
}

/**
 * Puts files into a container.
 *
 * @returns the id of each, and where the code finds it
 * @throws GatewayError; the signal's reason
 */
export async function uploadAll(
  client: GatewayClient,
  containerId: string,
  files: readonly AttachedFile[],
  signal: AbortSignal,
): Promise<readonly (AttachedPath & { readonly id: string })[]> {
  const uploaded: (AttachedPath & { readonly id: string })[] = [];
  for (const { name, bytes } of files) {
    const { id, path } = await client.uploadFile(containerId, { name, bytes }, signal);
    uploaded.push({ id, name, path });
  }
  return uploaded;
}
