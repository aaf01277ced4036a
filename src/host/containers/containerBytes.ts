import type { FileRef } from '../../core/citations.ts';
import type { Gateway } from '../gateways/gateways.ts';

/** Bytes of one file that the editor may hold. */
export const LARGEST_FILE = 256 * 1024 * 1024;
/** Bytes of all files that are kept; the latest one is, whatever its size. */
const KEPT = 64 * 1024 * 1024;
/** Files under way at a time. */
const AT_ONCE = 8;

/**
 * The bytes of files, so that opening one, and looking at it again, is one request however many ask. A file's id never
 * comes to mean other bytes: what is kept is as good after the container has died, and goes only to make room.
 */
export class ContainerBytes {
  /** The latest used come last. */
  readonly #kept = new Map<string, Promise<Uint8Array>>();
  readonly #sizes = new Map<string, number>();
  #underWay = 0;
  readonly #waiting: (() => void)[] = [];

  /** @throws GatewayError; `too_large` beyond {@link LARGEST_FILE} */
  read(gateway: Gateway, file: FileRef): Promise<Uint8Array> {
    const key = keyOf(gateway, file);
    const reading = this.#kept.get(key) ?? this.#fetch(gateway, file);
    this.#kept.delete(key);
    this.#kept.set(key, reading);
    const forget = () => {
      if (this.#kept.get(key) === reading) this.#kept.delete(key);
    };
    reading.then((bytes) => this.#arrived(key, bytes.byteLength), forget);
    return reading;
  }

  /** Whether a file can be read without its gateway. */
  has(gateway: Gateway, file: FileRef): boolean {
    return this.#kept.has(keyOf(gateway, file));
  }

  /** How many bytes a file has whose list does not tell: they are read, for whoever asks this opens the file. @throws GatewayError */
  async size(gateway: Gateway, file: FileRef): Promise<number> {
    const known = this.#sizes.get(keyOf(gateway, file));
    return known ?? (await this.read(gateway, file)).byteLength;
  }

  /** A file is not there any more. */
  forget(gateway: Gateway, file: Pick<FileRef, 'containerId' | 'fileId'>): void {
    this.#kept.delete(keyOf(gateway, file));
  }

  async #fetch(gateway: Gateway, file: FileRef): Promise<Uint8Array> {
    if (this.#underWay >= AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#underWay++;
    try {
      const { readWhole } = await import('../../gateway/files/content.ts');
      return await readWhole(await gateway.client.fileContent(file), LARGEST_FILE);
    } finally {
      // Whoever waits takes over the place.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#underWay--;
    }
  }

  #arrived(key: string, size: number): void {
    this.#sizes.set(key, size);
    let room = KEPT;
    for (const other of [...this.#kept.keys()].reverse()) {
      // One that is still coming in is counted when it has.
      room -= this.#sizes.get(other) ?? 0;
      if (room < 0 && other !== key) this.#kept.delete(other);
    }
  }
}

function keyOf({ token }: Gateway, { containerId, fileId }: Pick<FileRef, 'containerId' | 'fileId'>): string {
  return `${token}/${containerId}/${fileId}`;
}
