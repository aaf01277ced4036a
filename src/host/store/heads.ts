import { open, readdir } from 'node:fs/promises';
import path from 'node:path';
import { parseHead, type StoredHead } from '../../core/stored/storedHead.ts';

/** What the name of a session's file ends with; its pictures are in a folder named by its id alone. */
export const SUFFIX = '.jsonl';

/** Bytes of a head: a title and a few numbers. */
const LONGEST_HEAD = 16 * 1024;

/** The heads of all stored sessions, what happened last first. Empty where nothing is stored. */
export async function listHeads(folder: string): Promise<readonly StoredHead[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const files = names.filter((name) => name.endsWith(SUFFIX));
  const heads = await Promise.all(files.map((name) => readHead(path.join(folder, name))));
  return heads.filter((head) => head !== undefined).sort((a, b) => b.updatedAt - a.updatedAt);
}

/** The head of a stored session; undefined where there is none that can be read. */
export async function readHead(file: string): Promise<StoredHead | undefined> {
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
    return head?.id === path.basename(file, SUFFIX) ? head : undefined;
  } finally {
    await handle.close();
  }
}

/** Whether another window has a session open: each has a process of its own, and what has ended has nothing open. */
export function isElsewhere({ owner }: StoredHead): boolean {
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
