import { createHash } from 'node:crypto';
import type { AttachedPath } from '../../core/attached.ts';
import type { AttachmentPart } from '../../core/session.ts';
import type { StoredInput } from '../../core/stored/storedSession.ts';

/** A file as it is sent. */
export interface InputFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Where it came from; undefined where that is nowhere to be read again. */
  readonly uri: string | undefined;
  /** Whose text it is a part of, where it is no file of its own. */
  readonly origin?: string;
  readonly part?: AttachmentPart;
}

/** What reading a file again gives: its bytes, or why it is not the file that was sent. */
export type Reread = Uint8Array | 'changed' | 'gone';

/** The files of a session that its container lacks, as far as they can be had. */
export interface MissingInputs {
  /** With the bytes that were sent. */
  readonly files: readonly InputFile[];
  /** Names of those among `files` whose source is another by now. */
  readonly changed: readonly string[];
  /** Names of files that changed or are gone, and of which no copy was kept. */
  readonly leftOut: readonly string[];
}

interface Input {
  readonly name: string;
  readonly uri: string | undefined;
  readonly size: number;
  readonly sha256: string;
  /** A copy of what was sent, where there is room for it or no source to read it from again. */
  readonly kept: Uint8Array | undefined;
  readonly containerId: string;
  readonly path: string;
}

/** Bytes of copies that one session keeps of files that can be read again. */
const MOST_KEPT = 32 * 1024 * 1024;

/** What a session has put into its containers: enough to put it into the next one, as it was. */
export class RememberedInputs {
  readonly #reread: (uri: string, size: number) => Promise<Reread>;
  /** By where a file came from, else by name: what is sent again in a newer version replaces the older one. */
  readonly #inputs = new Map<string, Input>();

  /** @param reread reads a source again; `size` in bytes is what it had */
  constructor(reread: (uri: string, size: number) => Promise<Reread>) {
    this.#reread = reread;
  }

  /** Takes in what was remembered before. @param kept bytes of those that have no source, by their SHA-256 */
  restore(stored: readonly StoredInput[], kept: ReadonlyMap<string, Uint8Array>): void {
    for (const { name, uri, size, sha256, containerId, path } of stored) {
      const copy = kept.get(sha256);
      this.#inputs.set(keyOf({ name, uri }), { name, uri, size, sha256, kept: copy, containerId, path });
    }
  }

  /** What is remembered, but for the copies. */
  get stored(): readonly StoredInput[] {
    return [...this.#inputs.values()].map(({ kept, ...input }) => ({
      ...input,
      // What has a source is read from there again: a copy on disk would only be a second one.
      kept: kept !== undefined && input.uri === undefined,
    }));
  }

  /** The copy of a file that has no source. */
  copyOf(sha256: string): Uint8Array | undefined {
    return [...this.#inputs.values()].find((input) => input.sha256 === sha256)?.kept;
  }

  /** Remembers a file, its hash, and where in which container it was put. */
  remember({ name, bytes, uri }: InputFile, sha256: string, containerId: string, path: string): void {
    const key = keyOf({ name, uri });
    // The newest come last: they keep their copies.
    this.#inputs.delete(key);
    const size = bytes.byteLength;
    this.#inputs.set(key, { name, uri, size, sha256, kept: bytes, containerId, path });
    this.#dropCopies();
  }

  /** Where the code finds the files that are in a container. */
  pathsIn(containerId: string | undefined): readonly AttachedPath[] {
    const there = [...this.#inputs.values()].filter((input) => input.containerId === containerId);
    // Two sources of one content share its place.
    return [...new Map(there.map(({ name, path }) => [path, { name, path }])).values()];
  }

  /** Where in a container this very content under this very name is already; undefined where it is not. */
  pathOf(name: string, sha256: string, containerId: string): string | undefined {
    for (const input of this.#inputs.values()) {
      if (input.containerId === containerId && input.name === name && input.sha256 === sha256)
        return input.path;
    }
    return undefined;
  }

  /** What a container lacks of all that was sent. */
  async missingIn(containerId: string | undefined): Promise<MissingInputs> {
    const files: InputFile[] = [];
    const changed: string[] = [];
    const leftOut: string[] = [];
    for (const input of this.#inputs.values()) {
      if (input.containerId === containerId) continue;
      const { name, uri } = input;
      const bytes = await this.#current(input);
      if (bytes !== undefined) files.push({ name, uri, bytes });
      else if (input.kept !== undefined) {
        files.push({ name, uri, bytes: input.kept });
        changed.push(name);
      } else leftOut.push(name);
    }
    return { files, changed, leftOut };
  }

  /** The bytes as they were sent, from their source; undefined where that has others now. */
  async #current({ uri, size, sha256, kept }: Input): Promise<Uint8Array | undefined> {
    if (uri === undefined) return kept;
    const bytes = await this.#reread(uri, size);
    return typeof bytes !== 'string' && sha256Of(bytes) === sha256 ? bytes : undefined;
  }

  #dropCopies(): void {
    let left = MOST_KEPT;
    for (const [key, input] of [...this.#inputs].toReversed()) {
      if (input.kept === undefined || input.uri === undefined) continue;
      left -= input.size;
      if (left < 0) this.#inputs.set(key, { ...input, kept: undefined });
    }
  }
}

function keyOf({ name, uri }: { readonly name: string; readonly uri: string | undefined }): string {
  return uri ?? `name:${name}`;
}

/** The SHA-256 by which contents are told apart, in hex. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
