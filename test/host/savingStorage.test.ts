import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { KeptBytes } from '../../src/host/saving/keptBytes.ts';
import { StoredJson } from '../../src/host/saving/storedJson.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'storage-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a stored value', () => {
  const parse = (value: unknown) => (Array.isArray(value) ? value.map(Number) : undefined);
  const stored = () => new StoredJson<readonly number[]>(path.join(folder, 'below', 'v.json'), parse, []);

  it('is empty before anything was stored, and makes no file for that', async () => {
    assert.deepEqual(await stored().read(), []);
    await stored().update((value) => value);
    assert.deepEqual(await readdir(folder), []);
  });

  it('takes changes one after the other, also from two windows', async () => {
    const windows = [stored(), stored()];
    for (let number = 0; number < 20; number++)
      await windows[number % 2]?.update((value) => [...value, number]);
    const one = stored();
    await Promise.all(
      Array.from({ length: 20 }, (_, number) => one.update((value) => [...value, 20 + number])),
    );
    assert.deepEqual(
      await stored().read(),
      Array.from({ length: 40 }, (_, number) => number),
    );
    assert.deepEqual(await readdir(path.join(folder, 'below')), ['v.json']);
  });

  it('is begun anew where the file holds something else', async () => {
    await stored().update(() => [1]);
    for (const damaged of ['', '{"half":', '{}']) {
      await writeFile(path.join(folder, 'below', 'v.json'), damaged);
      assert.deepEqual(await stored().read(), []);
    }
    assert.deepEqual(await stored().update((value) => [...value, 2]), [2]);
  });

  it('is told of a failure, and goes on after it', async () => {
    const one = stored();
    await assert.rejects(
      one.update(() => {
        throw new RangeError('no');
      }),
      RangeError,
    );
    assert.deepEqual(await one.update(() => [3]), [3]);
  });

  it('is for the user alone', { skip: process.platform === 'win32' }, async () => {
    await stored().update(() => [1]);
    assert.equal((await stat(path.join(folder, 'below', 'v.json'))).mode & 0o077, 0);
  });
});

describe('kept bytes', () => {
  const kept = () => new KeptBytes(path.join(folder, 'kept'), { file: 10, all: 25 });

  it('are a copy: what becomes of the file is nothing to them', async () => {
    const file = path.join(folder, 'a.txt');
    await writeFile(file, 'before');
    const name = await kept().keepFile(file);
    await writeFile(file, 'after');
    const place = await kept().find(name);
    assert.equal(place && (await readFile(place, 'utf8')), 'before');
    await kept().remove([name]);
    assert.equal(await kept().find(name), undefined);
  });

  it('let go of the oldest beyond their limit', async () => {
    const names: string[] = [];
    for (let number = 0; number < 4; number++) {
      const name = await kept().keep(Buffer.alloc(10, number));
      const at = new Date(1_000_000 * (number + 1));
      await utimes(path.join(folder, 'kept', name), at, at);
      names.push(name);
    }
    await kept().makeRoom();
    const left = await Promise.all(names.map((name) => kept().find(name)));
    assert.deepEqual(left.map(Boolean), [false, false, true, true]);
    assert.deepEqual([kept().takes(10), kept().takes(11)], [true, false]);
  });

  it('are found under their own names only', async () => {
    await writeFile(path.join(folder, 'secret'), 'x');
    for (const name of ['../secret', '', '.', 'x/../../secret'])
      assert.equal(await kept().find(name), undefined);
    await kept().makeRoom();
  });
});
