import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { newSession, reduceSession } from '../../src/core/session.ts';
import { headOf, type StoredSession, serialiseSession } from '../../src/core/stored/storedSession.ts';
import { SessionStore } from '../../src/host/store/sessionStore.ts';

/** A picture's. */
export const bytes = Buffer.from('a picture');
export const sha256 = createHash('sha256').update(bytes).digest('hex');

export const bytesOf = (hash: string) => (hash === sha256 ? bytes : undefined);

/** A store of its own for a test, whose folder is not there yet. */
export async function newStore(): Promise<SessionStore> {
  return new SessionStore(path.join(await mkdtemp(path.join(tmpdir(), 'sessions-')), 'sessions'));
}

export async function removeStore({ folder }: SessionStore): Promise<void> {
  await rm(path.dirname(folder), { recursive: true });
}

/** A session in which one thing was asked. @param at when, ms since the epoch */
export function session(id: string, at: number, picture = false): StoredSession {
  const label = { name: 'Gateway', local: false, model: 'm' };
  const asked = {
    type: 'run.requested',
    runId: 'r',
    prompt: `Ask ${id}`,
    attachments: [],
    background: false,
    at,
  } as const;
  const ended = { type: 'run.event', runId: 'r', event: { type: 'run.cancelled' }, at } as const;
  return {
    state: [asked, ended].reduce(reduceSession, newSession(id, label)),
    gatewayId: 'https://g#',
    chain: { start: 0, knownFiles: [], loss: undefined, answersKept: true },
    inputs: [],
    waiting: [],
    messages: [],
    pictures: picture ? [{ key: `image:${sha256}`, mime: 'image/png', sha256, size: bytes.byteLength }] : [],
  };
}

/** Stores a session as a window of another process has it open, which is alive or not. */
export async function openElsewhere(
  store: SessionStore,
  stored: StoredSession,
  pid = process.ppid,
): Promise<void> {
  const { id } = stored.state;
  await store.write(id, { stored, bytesOf }, false);
  const file = path.join(store.folder, `${id}.jsonl`);
  await writeFile(file, serialiseSession(headOf(stored, pid), stored));
}
