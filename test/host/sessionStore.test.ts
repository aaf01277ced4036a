import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { newSession, reduceSession, type SessionState } from '../../src/core/session.ts';
import { headOf, type StoredSession, serialiseSession } from '../../src/core/stored/storedSession.ts';
import { Attachments } from '../../src/host/session/attachments.ts';
import { listHeads } from '../../src/host/store/heads.ts';
import { SessionKeeper } from '../../src/host/store/sessionKeeper.ts';
import { SessionStore } from '../../src/host/store/sessionStore.ts';

const bytes = Buffer.from('a picture');
const sha256 = createHash('sha256').update(bytes).digest('hex');
const onPosix = { skip: process.platform === 'win32' };

/** A session in which one thing was asked. @param at when, ms since the epoch */
function session(id: string, at: number, picture = false): StoredSession {
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

describe('the store of sessions', () => {
  let folder: string;
  let store: SessionStore;
  beforeEach(async () => {
    folder = path.join(await mkdtemp(path.join(tmpdir(), 'sessions-')), 'sessions');
    store = new SessionStore(folder);
  });
  afterEach(() => rm(path.dirname(folder), { recursive: true }));

  const write = (stored: StoredSession, open = false) =>
    store.write(stored.state.id, { stored, bytesOf: (hash) => (hash === sha256 ? bytes : undefined) }, open);
  const ids = async () => (await store.list()).map(({ id }) => id);
  /** As a window of another process would have it open, which is alive or not. */
  async function openElsewhere(stored: StoredSession, pid = process.ppid): Promise<void> {
    await write(stored);
    await writeFile(
      path.join(folder, `${stored.state.id}.jsonl`),
      serialiseSession(headOf(stored, pid), stored),
    );
  }

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
    await openElsewhere(session('a', 1));
    assert.equal(await write(session('a', 2)), false);
    assert.equal((await store.head('a'))?.updatedAt, 1);
    // Its number may be another process's by now: a window gives signs of life.
    const past = new Date(Date.now() - 10 * 60_000);
    await openElsewhere(session('c', 1));
    await utimes(path.join(folder, 'c.jsonl'), past, past);
    assert.equal((await store.head('c'))?.elsewhere, false);
    await store.touch('c');
    assert.equal((await store.head('c'))?.elsewhere, true);
    // No process has this id: it is above what systems give.
    await openElsewhere(session('b', 1), 2 ** 30);
    assert.equal(await write(session('b', 2)), true);
    assert.equal((await store.head('b'))?.updatedAt, 2);
  });

  it('copies a session with its pictures', async () => {
    await openElsewhere(session('a', 1, true));
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
    await openElsewhere(session('e', 0));
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
    await openElsewhere(session('c', 1));
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

  describe('the keeper of an open session', () => {
    const host = {
      enabled: () => true,
      stored: () => {},
      failed: (error: unknown) => assert.fail(String(error)),
    };
    const live = (id: string) => {
      let at = 1;
      return {
        get state(): SessionState {
          return this.stored.state;
        },
        get stored(): StoredSession {
          return session(id, at, true);
        },
        bytesOf: (hash: string) => (hash === sha256 ? bytes : undefined),
        goOn: () => void at++,
      };
    };

    it('writes many changes once, and the last state always', async () => {
      let writes = 0;
      const own = live('a');
      const keeper = new SessionKeeper(own, store, { ...host, stored: () => writes++ });
      for (let i = 0; i < 50; i++) {
        own.goOn();
        keeper.changed();
      }
      assert.deepEqual(await ids(), []);
      await keeper.release();
      assert.equal((await store.head('a'))?.updatedAt, 51);
      assert.equal(writes, 1);
    });

    it('says that the session is open until it is released', async () => {
      const keeper = new SessionKeeper(live('a'), store, host);
      await keeper.save();
      assert.equal((await store.head('a'))?.owner, process.pid);
      await keeper.release();
      assert.equal((await store.head('a'))?.owner, undefined);
      keeper.changed();
      await keeper.save();
      assert.equal((await store.head('a'))?.owner, undefined);
    });

    it('goes on in a copy where another window has taken the session', async () => {
      await openElsewhere(session('a', 1, true));
      const own = live('a');
      own.goOn();
      const keeper = new SessionKeeper(own, store, host);
      await keeper.save();
      assert.notEqual(keeper.id, 'a');
      assert.equal((await store.head('a'))?.updatedAt, 1);
      assert.equal((await store.head(keeper.id))?.updatedAt, 2);
      assert.deepEqual(await (await store.read(keeper.id))?.load(sha256), bytes);
    });

    it('writes nothing where nothing is to be kept, and nothing once it is discarded', async () => {
      const off = new SessionKeeper(live('a'), store, { ...host, enabled: () => false });
      await off.save();
      const gone = new SessionKeeper(live('b'), store, host);
      gone.changed();
      await gone.discard();
      await gone.save();
      assert.deepEqual(await ids(), []);
    });

    it('keeps what waits in a session in which nothing was asked, unlisted, until it is taken off', async () => {
      const label = { name: 'Gateway', local: false, model: 'm' };
      const attachments = new Attachments(() => {});
      const waiting = {
        get state(): SessionState {
          return this.stored.state;
        },
        get stored(): StoredSession {
          const { stored } = attachments;
          return { ...session('w', 1), state: newSession('w', label), waiting: stored };
        },
        bytesOf: (hash: string) => attachments.copyOf(hash),
      };
      attachments.add([
        { name: 'pasted.png', bytes, uri: undefined },
        { name: 'sales.csv', bytes: Buffer.from('a,b'), uri: 'file:///sales.csv' },
      ]);
      const keeper = new SessionKeeper(waiting, store, host);
      await keeper.save();
      assert.deepEqual(await ids(), []);
      const opened = await store.read('w');
      assert.deepEqual(
        opened?.session.waiting.map(({ attachment, uri, copy }) => [attachment.name, uri, copy]),
        [
          ['pasted.png', undefined, sha256],
          ['sales.csv', 'file:///sales.csv', undefined],
        ],
      );
      assert.deepEqual(await opened?.load(sha256), bytes);
      await store.clean(1, new Set());
      assert.ok(await store.head('w'), 'it is there when the window comes back');
      attachments.remove(opened?.session.waiting[0]?.attachment.id ?? '');
      await keeper.save();
      assert.equal(await opened?.load(sha256), undefined, 'its copy is gone with it');
      attachments.take();
      await keeper.release();
      assert.equal(await store.head('w'), undefined);
    });

    it('says where it cannot write', async () => {
      await writeFile(folder, 'a file in the way');
      const failures: unknown[] = [];
      const keeper = new SessionKeeper(live('a'), store, {
        ...host,
        failed: (error) => failures.push(error),
      });
      await keeper.save();
      assert.equal(failures.length, 1);
    });
  });
});
