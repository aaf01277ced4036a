import { randomUUID } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  headOf,
  parseSession,
  type StoredSession,
  serialiseSession,
} from '../../core/stored/storedSession.ts';
import type { OpenedSession } from '../session/snapshot.ts';
import { allHeads, type FoundHead, isMissing, listHeads, readHead, SUFFIX } from './heads.ts';

/** What is private to a person stays so on a machine of several. */
const PRIVATE_FILE = 0o600;
const PRIVATE_FOLDER = 0o700;

/**
 * Bytes of all stored sessions together: some thousand charts. The number of sessions is a setting; this is for
 * sessions with large pictures, that nobody thinks of when they set it.
 */
const MOST_BYTES = 512 * 1024 * 1024;

/** What is left of a write that was broken off; younger ones may belong to another window's write. */
const STALE = 60 * 60 * 1000;

/** A session that is about to be written. */
export interface Writable {
  readonly stored: StoredSession;
  /** Bytes of a picture or input that are not on disk yet. */
  bytesOf(sha256: string): Uint8Array | undefined;
}

/**
 * Sessions on disk: a file each, and beside it a folder with the bytes of its pictures. Every file is written whole
 * under a temporary name and renamed, so that what is read is always whole. Several windows may share one store: a
 * session belongs to the window that has it open.
 */
export class SessionStore {
  readonly folder: string;
  /** @param folder need not exist */
  constructor(folder: string) {
    this.folder = folder;
  }

  /** The heads of all sessions in which something was asked, what happened last first. */
  list(): Promise<readonly FoundHead[]> {
    return listHeads(this.folder);
  }

  head(id: string): Promise<FoundHead | undefined> {
    return readHead(this.#file(id));
  }

  /** A stored session; undefined where there is none that can be read. */
  async read(id: string): Promise<OpenedSession | undefined> {
    const session = await this.readText(id);
    if (session === undefined) return undefined;
    const load = (sha256: string) => readFile(this.#blob(id, sha256)).catch(undefinedIfMissing);
    const kept = new Map<string, Uint8Array>();
    for (const { sha256 } of session.inputs.filter((input) => input.kept)) {
      const bytes = await load(sha256);
      if (bytes) kept.set(sha256, bytes);
    }
    return { session, kept, load };
  }

  /** What is written of a session, without any bytes; undefined where there is none that can be read. */
  async readText(id: string): Promise<StoredSession | undefined> {
    const text = await readFile(this.#file(id), 'utf8').catch(undefinedIfMissing);
    return text === undefined ? undefined : parseSession(text)?.session;
  }

  /** A copy of a stored session under an id of its own; undefined where there is none that can be read. */
  async copy(id: string): Promise<OpenedSession | undefined> {
    const opened = await this.read(id);
    if (opened === undefined) return undefined;
    const { session } = opened;
    const state = { ...session.state, id: randomUUID() };
    await this.copyBlobs(id, state.id);
    const load = (sha256: string) => readFile(this.#blob(state.id, sha256)).catch(undefinedIfMissing);
    return { ...opened, session: { ...session, state }, load };
  }

  /** Copies the bytes of a session's pictures and inputs to another one's. */
  async copyBlobs(from: string, to: string): Promise<void> {
    await cp(this.#blobs(from), this.#blobs(to), { recursive: true }).catch(undefinedIfMissing);
  }

  /**
   * Writes a session, unless another window has it open.
   *
   * @param id the session's own, or that of a copy of it
   * @param open whether this window goes on having it open
   * @returns whether it was written
   */
  async write(id: string, { stored, bytesOf }: Writable, open: boolean): Promise<boolean> {
    const there = await this.head(id);
    if (there?.elsewhere) return false;
    await mkdir(this.folder, { recursive: true, mode: PRIVATE_FOLDER });
    await this.#writeBlobs(id, stored, bytesOf);
    const session = { ...stored, state: { ...stored.state, id } };
    await this.#put(
      this.#file(id),
      serialiseSession(headOf(session, open ? process.pid : undefined), session),
    );
    return true;
  }

  /** A sign of life of the window that has a session open. */
  async touch(id: string): Promise<void> {
    const now = new Date();
    await utimes(this.#file(id), now, now).catch(undefinedIfMissing);
  }

  /** Gives a session that no window has open another title. */
  async rename(id: string, title: string): Promise<void> {
    const opened = await this.read(id);
    if (opened === undefined) return;
    const stored = { ...opened.session, state: { ...opened.session.state, title } };
    await this.write(id, { stored, bytesOf: () => undefined }, false);
  }

  /** Removes a session unless another window has it open. */
  async forget(id: string): Promise<void> {
    if (!(await this.head(id))?.elsewhere) await this.remove(id);
  }

  async remove(id: string): Promise<void> {
    await rm(this.#file(id), { force: true });
    await rm(this.#blobs(id), { recursive: true, force: true });
  }

  /** Removes everything but sessions that are open in another window. @param inUse ids of sessions that stay too */
  async clear(inUse: ReadonlySet<string>): Promise<void> {
    const names = (await readdir(this.folder).catch(undefinedIfMissing)) ?? [];
    for (const id of new Set(names.map((name) => path.basename(name, SUFFIX)))) {
      const head = inUse.has(id) ? undefined : await this.head(id);
      if (inUse.has(id) || head?.elsewhere) continue;
      await this.remove(id);
      // Neither a session nor its pictures: what is left of a write that was broken off.
      await rm(path.join(this.folder, id), { recursive: true, force: true });
    }
  }

  /**
   * Removes the oldest sessions beyond the limits, and what is left of writes that were broken off.
   *
   * @param most how many sessions may stay
   * @param inUse ids of sessions that stay in any case
   * @returns whether a session was removed
   */
  async clean(most: number, inUse: ReadonlySet<string>, mostBytes = MOST_BYTES): Promise<boolean> {
    const heads = await allHeads(this.folder);
    let removed = false;
    let [left, room] = [most, mostBytes];
    for (const head of heads) {
      room -= await this.#size(head.id);
      left--;
      if (left >= 0 && room >= 0) continue;
      if (inUse.has(head.id) || head.elsewhere) continue;
      await this.remove(head.id);
      removed = true;
    }
    await this.#removeRemains(new Set([...heads.map(({ id }) => id), ...inUse]));
    return removed;
  }

  async #removeRemains(known: ReadonlySet<string>): Promise<void> {
    const entries = await readdir(this.folder, { withFileTypes: true }).catch(undefinedIfMissing);
    for (const entry of entries ?? []) {
      const remains = entry.isDirectory() ? !known.has(entry.name) : entry.name.endsWith('.part');
      if (!remains) continue;
      const place = path.join(this.folder, entry.name);
      const found = await stat(place).catch(undefinedIfMissing);
      const other = entry.isDirectory() && (await exists(`${place}${SUFFIX}`));
      if (found && !other && Date.now() - found.mtimeMs > STALE)
        await rm(place, { recursive: true, force: true });
    }
  }

  async #writeBlobs(id: string, stored: StoredSession, bytesOf: Writable['bytesOf']): Promise<void> {
    const wanted = new Set([
      ...stored.pictures.map(({ sha256 }) => sha256),
      ...stored.inputs.filter(({ kept }) => kept).map(({ sha256 }) => sha256),
      ...stored.waiting.flatMap(({ copy }) => copy ?? []),
    ]);
    const there = new Set(await readdir(this.#blobs(id)).catch(undefinedIfMissing));
    for (const sha256 of wanted) {
      const bytes = there.has(sha256) ? undefined : bytesOf(sha256);
      if (bytes === undefined) continue;
      await mkdir(this.#blobs(id), { recursive: true, mode: PRIVATE_FOLDER });
      await this.#put(this.#blob(id, sha256), bytes);
    }
    // What was attached and taken off again stays nowhere.
    for (const name of there) if (!wanted.has(name)) await rm(this.#blob(id, name), { force: true });
  }

  async #put(file: string, content: string | Uint8Array): Promise<void> {
    const temporary = path.join(this.folder, `${randomUUID()}.part`);
    try {
      await writeFile(temporary, content, { mode: PRIVATE_FILE });
      await rename(temporary, file);
    } finally {
      await rm(temporary, { force: true });
    }
  }

  async #size(id: string): Promise<number> {
    const names = (await readdir(this.#blobs(id)).catch(undefinedIfMissing)) ?? [];
    const files = [this.#file(id), ...names.map((name) => this.#blob(id, name))];
    const sizes = await Promise.all(
      files.map(async (file) => (await stat(file).catch(undefinedIfMissing))?.size ?? 0),
    );
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  #file(id: string): string {
    return path.join(this.folder, `${id}${SUFFIX}`);
  }

  #blobs(id: string): string {
    return path.join(this.folder, id);
  }

  #blob(id: string, sha256: string): string {
    return path.join(this.#blobs(id), sha256);
  }
}

function undefinedIfMissing(error: unknown): undefined {
  if (!isMissing(error)) throw error;
  return undefined;
}

async function exists(file: string): Promise<boolean> {
  return (await stat(file).catch(undefinedIfMissing)) !== undefined;
}
