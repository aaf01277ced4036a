import { open, readdir } from 'node:fs/promises';
import path from 'node:path';
import { parseHead, type StoredHead } from '../../core/stored/storedHead.ts';

/** What the name of a session's file ends with; its pictures are in a folder named by its id alone. */
export const SUFFIX = '.jsonl';

/** Bytes of a head: a title and a few numbers. */
const LONGEST_HEAD = 16 * 1024;

/** ms between two signs of life of a window that has a session open. */
export const SIGN_EVERY = 60_000;
/** ms after the last of them for which it counts as open: a number of a process may be another one's by then. */
const SIGN_LASTS = 3 * SIGN_EVERY;

/** A head as it is on disk now. */
export interface FoundHead extends StoredHead {
  /** Another window has the session open. */
  readonly elsewhere: boolean;
}

/** The heads of the stored sessions in which something was asked, what happened last first. */
export async function listHeads(folder: string): Promise<readonly FoundHead[]> {
  // In others a file waits to be sent: their panels find them by their ids.
  return (await allHeads(folder)).filter(({ runs }) => runs > 0);
}

/** The heads of all stored sessions, what happened last first. Empty where nothing is stored. */
export async function allHeads(folder: string): Promise<readonly FoundHead[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const files = names.filter((name) => name.endsWith(SUFFIX));
  const heads = await Promise.all(files.map((name) => readHead(path.join(folder, name))));
  return heads.filter((head) => head !== undefined).sort((a, b) => b.updatedAt - a.updatedAt);
}

/** The head of a stored session; undefined where there is none that can be read. */
export async function readHead(file: string): Promise<FoundHead | undefined> {
  const handle = await open(file).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (handle === undefined) return undefined;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(LONGEST_HEAD), 0, LONGEST_HEAD, 0);
    const start = buffer.subarray(0, bytesRead);
    const end = start.indexOf('\n');
    const head = end < 0 ? undefined : parseHead(start.toString('utf8', 0, end));
    if (head?.id !== path.basename(file, SUFFIX)) return undefined;
    const { mtimeMs } = await handle.stat();
    const fresh = Math.abs(Date.now() - mtimeMs) < SIGN_LASTS;
    return { ...head, elsewhere: fresh && isAnotherProcess(head.owner) };
  } finally {
    await handle.close();
  }
}

/** Each window has a process of its own, and one that has ended has nothing open. */
function isAnotherProcess(owner: number | undefined): boolean {
  if (owner === undefined || owner === process.pid) return false;
  try {
    process.kill(owner, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

export function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT';
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
}
