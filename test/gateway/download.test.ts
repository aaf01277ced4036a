import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { GatewayError } from '../../src/core/errors.ts';
import { type FileContent, START_OVER } from '../../src/gateway/files/content.ts';
import { saveContent } from '../../src/gateway/files/download.ts';
import { SaveError } from '../../src/gateway/files/saveError.ts';

let root: string;
let folder: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'save-'));
  folder = path.join(root, 'chosen');
  await mkdir(folder);
});
afterEach(() => rm(root, { recursive: true, force: true }));

const content = (...parts: readonly string[]) => ({
  length: undefined,
  discard: () => {},
  chunks: (async function* () {
    for (const part of parts) yield Buffer.from(part);
  })(),
});
const save = (name: string, replace = false, parts: readonly string[] = ['a,b\n', '1,2\n']) =>
  saveContent(content(...parts), { folder, name, replace });
const refused = (reason: SaveError['reason']) => (error: unknown) =>
  error instanceof SaveError && error.reason === reason;

describe('saveContent', () => {
  it('writes exactly the bytes, and nothing else', async () => {
    const saved = await save('a.csv');
    assert.equal(await readFile(saved.path, 'utf8'), 'a,b\n1,2\n');
    assert.equal(saved.bytes, 8);
    assert.deepEqual(await readdir(folder), ['a.csv']);
  });

  it('writes an empty file', async () => {
    await save('empty', false, []);
    assert.equal((await readFile(path.join(folder, 'empty'))).length, 0);
  });

  it('never writes over a file unless told to', async () => {
    await writeFile(path.join(folder, 'a.csv'), 'mine');
    await assert.rejects(save('a.csv'), refused('exists'));
    assert.equal(await readFile(path.join(folder, 'a.csv'), 'utf8'), 'mine');
    await save('a.csv', true);
    assert.equal(await readFile(path.join(folder, 'a.csv'), 'utf8'), 'a,b\n1,2\n');
  });

  it('never writes over a file that appeared during the download', async () => {
    const slow = {
      length: undefined,
      discard: () => {},
      chunks: (async function* () {
        yield Buffer.from('theirs');
        await writeFile(path.join(folder, 'a.csv'), 'mine');
      })(),
    };
    await assert.rejects(saveContent(slow, { folder, name: 'a.csv', replace: false }), refused('exists'));
    assert.equal(await readFile(path.join(folder, 'a.csv'), 'utf8'), 'mine');
  });

  for (const name of ['../out.csv', '..', 'sub/x.csv', '/etc/x', '.']) {
    it(`does not leave the folder for ${name}`, async () => {
      await assert.rejects(save(name), refused('outside'));
      assert.deepEqual(await readdir(root), ['chosen']);
    });
  }

  it('does not follow a symbolic link out of the folder, not even to replace', async () => {
    const outside = path.join(root, 'outside.csv');
    await writeFile(outside, 'mine');
    await symlink(outside, path.join(folder, 'a.csv'));
    await assert.rejects(save('a.csv', true), refused('outside'));
    assert.equal(await readFile(outside, 'utf8'), 'mine');
  });

  it('gives the hash of what it wrote, also where the download began again', async () => {
    const again = {
      length: undefined,
      discard: () => {},
      chunks: (async function* () {
        yield Buffer.from('half of an old');
        yield START_OVER;
        yield Buffer.from('whole');
      })(),
    } satisfies FileContent;
    let bytes = 0;
    const onBytes = (more: number) => {
      bytes += more;
    };
    const saved = await saveContent(again, { folder, name: 'a', replace: false, onBytes });
    assert.equal(saved.sha256, createHash('sha256').update('whole').digest('hex'));
    assert.equal(bytes, 5);
  });

  it('lets what it replaces be kept, as it is at that moment', async () => {
    const place = path.join(folder, 'a.csv');
    await writeFile(place, 'mine');
    await chmod(place, 0o600);
    const kept: string[] = [];
    const keep = async (old: string) => {
      kept.push(await readFile(old, 'utf8'));
      // Somebody writes while it is being kept: it is kept again.
      if (kept.length === 1) await writeFile(place, 'mine, newer');
    };
    await saveContent(content('new'), { folder, name: 'a.csv', replace: true, keep });
    assert.deepEqual(kept, ['mine', 'mine, newer']);
    assert.equal(await readFile(place, 'utf8'), 'new');
    if (process.platform !== 'win32') assert.equal((await stat(place)).mode & 0o777, 0o600);
  });

  it('replaces nothing that could not be kept', async () => {
    await writeFile(path.join(folder, 'a.csv'), 'mine');
    const keep = () => Promise.reject(new SaveError('disk_full'));
    const saving = saveContent(content('new'), { folder, name: 'a.csv', replace: true, keep });
    await assert.rejects(saving, refused('disk_full'));
    assert.equal(await readFile(path.join(folder, 'a.csv'), 'utf8'), 'mine');
    assert.deepEqual(await readdir(folder), ['a.csv']);
  });

  it('does not replace a folder', async () => {
    await mkdir(path.join(folder, 'd'));
    await assert.rejects(save('d', true), refused('exists'));
  });

  it('leaves nothing behind when the download breaks', async () => {
    const broken = {
      length: undefined,
      discard: () => {},
      chunks: (async function* () {
        yield Buffer.from('half');
        throw new GatewayError({ kind: 'connection_lost' });
      })(),
    };
    await assert.rejects(saveContent(broken, { folder, name: 'a.csv', replace: true }), GatewayError);
    assert.deepEqual(await readdir(folder), []);
  });

  it('says when the folder cannot be written to', { skip: process.platform === 'win32' }, async () => {
    // The administrator may write everywhere but where the system itself says no.
    const closed = process.getuid?.() === 0 && process.platform === 'linux' ? '/sys' : folder;
    if (closed === folder) await chmod(folder, 0o500);
    const target = { folder: closed, name: 'a.csv', replace: false };
    await assert.rejects(saveContent(content('x'), target), refused('not_writable'));
    if (closed === folder) await chmod(folder, 0o700);
  });

  it('closes the connection of a download that it refuses before reading', async () => {
    let discarded = 0;
    const unread = { ...content('x'), discard: () => discarded++ };
    await writeFile(path.join(folder, 'a.csv'), 'mine');
    await assert.rejects(saveContent(unread, { folder, name: 'a.csv', replace: false }), refused('exists'));
    assert.equal(discarded, 1);
    await saveContent(unread, { folder, name: 'b.csv', replace: false });
    assert.equal(discarded, 1);
  });

  it('says when the folder is gone', async () => {
    await rm(folder, { recursive: true });
    await assert.rejects(save('a.csv'), refused('no_folder'));
  });
});
