import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { initialRun } from '../../src/core/runState.ts';
import { newSession, type SessionState } from '../../src/core/session.ts';
import type { StoredSession } from '../../src/core/stored/storedSession.ts';
import { Attachments } from '../../src/host/session/attachments.ts';
import { SessionKeeper } from '../../src/host/store/sessionKeeper.ts';
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

describe('the keeper of an open session', () => {
  let store: SessionStore;
  beforeEach(async () => {
    store = await newStore();
  });
  afterEach(() => removeStore(store));

  const ids = async () => (await store.list()).map(({ id }) => id);
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
      bytesOf,
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

  it('writes the beginning and the end of a run at once, and what comes between soon', async () => {
    const own = live('a');
    let ended = true;
    const changing = {
      ...own,
      get state(): SessionState {
        return this.stored.state;
      },
      get stored(): StoredSession {
        const { stored } = own;
        const runs = stored.state.runs.map((run) => ({ ...run, state: initialRun }));
        return ended ? stored : { ...stored, state: { ...stored.state, runs } };
      },
    };
    /** What is on disk when what is not being written by now never is. */
    const written = async (over: boolean) => {
      const keeper = new SessionKeeper(changing, store, host);
      ended = over;
      own.goOn();
      keeper.changed();
      await keeper.discard();
      return (await store.read('a'))?.session.state.runs[0]?.requestedAt;
    };
    assert.equal(await written(true), undefined);
    assert.equal(await written(false), 3);
    assert.equal(await written(false), 3);
    assert.equal(await written(true), 5);
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
    await openElsewhere(store, session('a', 1, true));
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
    await writeFile(store.folder, 'a file in the way');
    const failures: unknown[] = [];
    const keeper = new SessionKeeper(live('a'), store, {
      ...host,
      failed: (error) => failures.push(error),
    });
    await keeper.save();
    assert.equal(failures.length, 1);
  });
});
