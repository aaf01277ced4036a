import { randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { FileRef } from '../../core/citations.ts';
import { safeFileName } from '../../core/fileNames.ts';
import { arrayField, numberField, stringField } from '../../core/json.ts';
import {
  isKept,
  type KeepLimits,
  type Kept,
  type KeptFile,
  type KeptFiles,
  NOTHING_KEPT,
  withKept,
  withoutKept,
} from '../../core/keptFiles.ts';
import { StoredJson } from '../saving/storedJson.ts';

/** For the user alone. */
const PRIVATE_FOLDER = 0o700;
/** Nobody's to change: what is kept is what the container had. */
const READ_ONLY = 0o400;

/** Where a container was and what it was called. */
export interface KeptFrom {
  readonly container: string;
  readonly gateway: string;
}

/** Files of containers, kept in the extension's storage; the oldest make room for new ones. Shared by all windows. */
export class KeptStore {
  readonly limits: KeepLimits;
  readonly #folder: string;
  readonly #index: StoredJson<KeptFiles>;
  readonly #listeners = new Set<() => void>();

  constructor(folder: string, limits: KeepLimits) {
    this.limits = limits;
    this.#folder = folder;
    this.#index = new StoredJson(path.join(folder, 'kept.json'), parseKept, NOTHING_KEPT);
  }

  /** All that is kept. @throws Node's error */
  async list(): Promise<readonly KeptFile[]> {
    return (await this.#index.read()).files;
  }

  /** Those of the files that are not kept. @throws Node's error */
  async notKept(files: readonly FileRef[]): Promise<readonly FileRef[]> {
    const kept = await this.#index.read();
    return files.filter((file) => !isKept(kept, file));
  }

  /** Where the bytes of a kept file are, under a name with which every program knows what it is. */
  pathOf({ kept, filename }: KeptFile): string {
    return path.join(this.#folder, kept, safeFileName(filename));
  }

  /** Keeps a file that is within the limits. @throws Node's error */
  async keep(file: FileRef, bytes: Uint8Array, from: KeptFrom): Promise<void> {
    const { containerId, fileId, filename } = file;
    const where = { kept: randomUUID(), keptAt: Date.now(), bytes: bytes.byteLength };
    const kept: KeptFile = { containerId, fileId, filename, ...from, ...where };
    const target = this.pathOf(kept);
    await mkdir(path.dirname(target), { recursive: true, mode: PRIVATE_FOLDER });
    await writeFile(target, bytes, { flag: 'wx', mode: READ_ONLY });
    await this.#change((files) => withKept(files, kept, this.limits));
  }

  /** Deletes kept files. @throws Node's error */
  async remove(files: readonly KeptFile[]): Promise<void> {
    await this.#change((all) => withoutKept(all, files));
  }

  /** Calls `listener` when what is kept is another. */
  onDidChange(listener: () => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  async #change(change: (files: KeptFiles) => Kept): Promise<void> {
    let dropped: readonly KeptFile[] = [];
    await this.#index.update((files) => {
      const changed = change(files);
      dropped = changed.dropped;
      return changed.files;
    });
    for (const { kept } of dropped) await rm(path.join(this.#folder, kept), { recursive: true, force: true });
    for (const listener of this.#listeners) listener();
  }
}

function parseKept(value: unknown): KeptFiles | undefined {
  if (numberField(value, 'version') !== 1) return undefined;
  return { version: 1, files: (arrayField(value, 'files') ?? []).flatMap((file) => parseFile(file) ?? []) };
}

function parseFile(value: unknown): KeptFile | undefined {
  const [containerId, fileId, filename] = ['containerId', 'fileId', 'filename'].map((name) =>
    stringField(value, name),
  );
  const kept = stringField(value, 'kept');
  const [container, gateway] = [stringField(value, 'container'), stringField(value, 'gateway')];
  const [bytes, keptAt] = [numberField(value, 'bytes'), numberField(value, 'keptAt')];
  // It becomes a path.
  if (kept === undefined || !/^[0-9a-f-]{36}$/.test(kept)) return undefined;
  if (!containerId || !fileId || !filename || container === undefined || gateway === undefined)
    return undefined;
  if (bytes === undefined || keptAt === undefined) return undefined;
  return { containerId, fileId, filename, bytes, keptAt, kept, container, gateway };
}
