import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { StoredSession } from '../../src/core/stored/storedSession.ts';
import { listHeads } from '../../src/host/store/heads.ts';
import type { SessionStore } from '../../src/host/store/sessionStore.ts';
import {
  bytes,
  bytesOf,
  newStore,
  openElsewhere,
  removeStore,
  session,
  sha256,
} from '../support/storedSessions.ts';

const onPosix = { skip: process.platform === 'win32' };

describe('the store of sessions', () => {
  let store: SessionStore;
  let folder: string;
  beforeEach(async () => {
    store = await newStore();
    folder = store.folder;
  });
  afterEach(() => removeStore(store));

  const write = (stored: StoredSession, open = false) =>
    store.write(stored.state.id, { stored, bytesOf }, open);
  const ids = async () => (await store.list()).map(({ id }) => id);

  it('gives back what it was given, with the bytes of pictures', async () => {
    const stored = session('a', 1, true);
    assert.equal(await write(stored), true);
    const read = await store.read('a');
    assert.deepEqual(read?.session, stored);
    assert.deepEqual(await read?.load(sha256), bytes);
    assert.deepEqual(await readdir(path.join(folder, 'a')), [sha256]);
  });

  it('lists what happened last first, from the first lines alone', async () => {
    for (const [id, at] of [
      ['a', 1],
      ['c', 3],
      ['b', 2],
    ] as const)
      await write(session(id, at));
    await writeFile(
      path.join(folder, 'b.jsonl'),
      `${(await readFile(path.join(folder, 'b.jsonl'), 'utf8')).split('\n')[0]}\nnot JSON`,
    );
    assert.deepEqual(await ids(), ['c', 'b', 'a']);
    assert.equal(await store.read('b'), undefined);
  });

  it('lists nothing where nothing was ever stored, and leaves out what is no session', async () => {
    assert.deepEqual(await listHeads(folder), []);
    await write(session('a', 1));
    await writeFile(path.join(folder, 'b.jsonl'), 'x'.repeat(100_000));
    await writeFile(path.join(folder, 'c.jsonl'), await readFile(path.join(folder, 'a.jsonl')));
    assert.deepEqual(await ids(), ['a']);
  });

  it('is for its user only', onPosix, async () => {
    await write(session('a', 1, true));
    const modes = ['', 'a', 'a.jsonl', `a/${sha256}`].map(
      async (name) => (await stat(path.join(folder, name))).mode & 0o077,
    );
    assert.deepEqual(await Promise.all(modes), [0, 0, 0, 0]);
  });

  it('does not write what another window has open, and does where that has ended', async () => {
    await openElsewhere(store, session('a', 1));
    assert.equal(await write(session('a', 2)), false);
    assert.equal((await store.head('a'))?.updatedAt, 1);
    // Its number may be another process's by now: a window gives signs of life.
    const past = new Date(Date.now() - 10 * 60_000);
    await openElsewhere(store, session('c', 1));
    await utimes(path.join(folder, 'c.jsonl'), past, past);
    assert.equal((await store.head('c'))?.elsewhere, false);
    await store.touch('c');
    assert.equal((await store.head('c'))?.elsewhere, true);
    // No process has this id: it is above what systems give.
    await openElsewhere(store, session('b', 1), 2 ** 30);
    assert.equal(await write(session('b', 2)), true);
    assert.equal((await store.head('b'))?.updatedAt, 2);
  });

  it('copies a session with its pictures', async () => {
    await openElsewhere(store, session('a', 1, true));
    const copy = await store.copy('a');
    assert.ok(copy && copy.session.state.id !== 'a');
    assert.deepEqual(await copy.load(sha256), bytes);
    await store.remove('a');
    assert.deepEqual(await copy.load(sha256), bytes);
  });

  it('keeps the newest up to a number and a size, and never touches what is in use', async () => {
    for (const [id, at] of [
      ['a', 1],
      ['b', 2],
      ['c', 3],
      ['d', 4],
    ] as const)
      await write(session(id, at, true));
    await openElsewhere(store, session('e', 0));
    assert.equal(await store.clean(2, new Set(['b'])), true);
    assert.deepEqual(await ids(), ['d', 'c', 'b', 'e']);
    const { size } = await stat(path.join(folder, 'd.jsonl'));
    await store.clean(10, new Set(), size + bytes.byteLength + 1);
    assert.deepEqual(await ids(), ['d', 'e']);
    assert.deepEqual((await readdir(folder)).sort(), ['d', 'd.jsonl', 'e.jsonl']);
  });

  it('removes what a broken write has left, once that is sure', async () => {
    await write(session('a', 1));
    for (const name of ['old.part', 'new.part']) await writeFile(path.join(folder, name), '');
    for (const name of ['oldFolder', 'newFolder']) await mkdir(path.join(folder, name));
    const past = new Date(Date.now() - 2 * 60 * 60 * 1000);
    for (const name of ['old.part', 'oldFolder']) await utimes(path.join(folder, name), past, past);
    await store.clean(10, new Set());
    assert.deepEqual((await readdir(folder)).sort(), ['a.jsonl', 'new.part', 'newFolder']);
  });

  it('is cleared of all but what is open here or elsewhere', async () => {
    for (const id of ['a', 'b']) await write(session(id, 1, true));
    await openElsewhere(store, session('c', 1));
    await writeFile(path.join(folder, 'broken.jsonl'), '');
    await store.clear(new Set(['b']));
    assert.deepEqual((await readdir(folder)).sort(), ['b', 'b.jsonl', 'c.jsonl']);
  });

  it('renames what is not open', async () => {
    await write(session('a', 1));
    await store.rename('a', 'Another name');
    assert.equal((await store.head('a'))?.title, 'Another name');
    assert.equal((await store.read('a'))?.session.state.title, 'Another name');
    assert.equal((await store.head('a'))?.updatedAt, 1);
  });
});
