import assert from 'node:assert/strict';
import {
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { foldName, safeFileName, safeRelativePlace } from '../../src/core/fileNames.ts';
import { planNames, planPlaces } from '../../src/core/savePlan.ts';
import { type SaveTarget, saveContent } from '../../src/gateway/files/download.ts';
import { SaveError } from '../../src/gateway/files/saveError.ts';
import { hostileNames } from '../support/hostileNames.ts';

let root: string;
let folder: string;
let outside: string;
beforeEach(async () => {
  root = await realpath(await mkdtemp(path.join(tmpdir(), 'hostile-')));
  folder = path.join(root, 'chosen');
  outside = path.join(root, 'outside');
  await mkdir(folder);
  await mkdir(path.join(outside, 'x'), { recursive: true });
  await writeFile(path.join(outside, 'linked.txt'), 'mine');
});
afterEach(() => rm(root, { recursive: true, force: true }));

const content = (text: string, meanwhile: () => Promise<unknown> = async () => {}) => ({
  length: undefined,
  discard: () => {},
  chunks: (async function* () {
    yield Buffer.from(text);
    await meanwhile();
  })(),
});

/** Everything below a folder: what each path is, and what is in it; links are not followed. */
async function census(from: string): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  for (const entry of await readdir(from, { recursive: true, withFileTypes: true })) {
    const place = path.join(entry.parentPath, entry.name);
    found[path.relative(from, place)] = entry.isFile()
      ? await readFile(place, 'utf8')
      : entry.isSymbolicLink()
        ? 'link'
        : 'folder';
  }
  return found;
}

/** Links of all kinds where files and folders of the corpus want to go. */
async function layTraps(): Promise<void> {
  await symlink(outside, path.join(folder, 'link'));
  await symlink(path.join(outside, 'linked.txt'), path.join(folder, 'linked.txt'));
  await symlink(path.join(outside, 'not-there'), path.join(folder, 'dangling'));
  await mkdir(path.join(folder, 'sub'));
  await symlink(outside, path.join(folder, 'sub', 'link'));
}

async function saveEach(targets: readonly Pick<SaveTarget, 'folders' | 'name' | 'replace'>[]) {
  const saved = new Map<number, string>();
  const reasons = new Map<number, string>();
  for (const [number, target] of targets.entries()) {
    try {
      saved.set(number, (await saveContent(content(`file ${number}`), { folder, ...target })).path);
    } catch (error) {
      assert.ok(error instanceof SaveError, String(error));
      reasons.set(number, error.reason);
    }
  }
  return { saved, reasons };
}

describe('500 hostile names', () => {
  it('are saved side by side inside the folder, each file whole, and nothing outside changes', async () => {
    await layTraps();
    const before = await census(outside);
    const existing = (await readdir(folder, { withFileTypes: true })).map((entry) => ({
      name: entry.name,
      isFile: entry.isFile(),
    }));
    const plan = planNames(
      hostileNames().map((name) => ({ name: safeFileName(name) })),
      existing,
    );
    const { saved } = await saveEach(plan.map(({ free }) => ({ name: free, replace: false })));
    assert.equal(saved.size, 500);
    for (const [number, place] of saved) {
      assert.equal(path.dirname(place), folder);
      assert.equal(await readFile(place, 'utf8'), `file ${number}`);
    }
    assert.deepEqual(await census(outside), before);
    assert.deepEqual((await readdir(root)).sort(), ['chosen', 'outside']);
    const names = (await readdir(folder)).map(foldName);
    assert.equal(new Set(names).size, names.length, 'no two names that another disk takes for one');
  });

  it('are saved with their sub-folders, and whatever would go through a link is refused', async () => {
    await layTraps();
    const before = await census(outside);
    const places = planPlaces(hostileNames().map((name) => safeRelativePlace(name)));
    const { saved, reasons } = await saveEach(places.map((place) => ({ ...place, replace: true })));
    assert.equal(saved.size + reasons.size, 500);
    assert.ok(saved.size > 400, `${saved.size} saved`);
    assert.ok([...reasons.values()].includes('outside'));
    for (const [number, place] of saved) {
      assert.ok((await realpath(place)).startsWith(folder + path.sep));
      assert.equal(await readFile(place, 'utf8'), `file ${number}`);
    }
    for (const number of reasons.keys()) {
      const { folders = [], name = '' } = places[number] ?? {};
      assert.match([...folders, name].join('/'), /link|dangling|sub/i, 'only what meets a trap is refused');
    }
    assert.deepEqual(await census(outside), before);
    for (const trap of ['link', 'linked.txt', 'dangling', 'sub/link'])
      assert.ok((await lstat(path.join(folder, trap))).isSymbolicLink());
  });
});

describe('a folder that becomes a link while a file is being saved into it', () => {
  const target = { name: 'a.csv', replace: true };
  const swap = (place: string) => async () => {
    await rename(place, `${place} moved`);
    await symlink(outside, place);
  };

  for (const [what, folders] of [
    ['the chosen one', []],
    ['one below it', ['sub']],
    ['one on the way', ['sub', 'deeper']],
  ] as const) {
    it(`${what}: nothing is written through the link`, async () => {
      await mkdir(path.join(folder, 'sub', 'deeper'), { recursive: true });
      const before = await census(outside);
      const swapped = path.join(folder, ...folders.slice(0, 1));
      const saving = saveContent(content('x', swap(swapped)), { folder, folders, ...target });
      await assert.rejects(
        saving,
        (error) => error instanceof SaveError && ['outside', 'no_folder'].includes(error.reason),
      );
      assert.deepEqual(await census(outside), before);
      assert.ok(!Object.keys(await census(root)).some((place) => /a\.csv|\.part$/.test(place)));
    });
  }

  it('a link put where the file is to go is refused, not followed', async () => {
    const place = path.join(folder, 'a.csv');
    const meanwhile = () => symlink(path.join(outside, 'linked.txt'), place);
    await assert.rejects(saveContent(content('x', meanwhile), { folder, ...target }), { reason: 'outside' });
    assert.equal(await readFile(path.join(outside, 'linked.txt'), 'utf8'), 'mine');
  });

  it('a folder that is removed is said to be gone', async () => {
    const meanwhile = () => rm(folder, { recursive: true });
    await assert.rejects(saveContent(content('x', meanwhile), { folder, ...target }), {
      reason: 'no_folder',
    });
  });
});

describe('folders below the chosen one', () => {
  it('are made where they are missing, and used where they are there', async () => {
    for (const name of ['a.csv', 'b.csv'])
      await saveContent(content(name), { folder, folders: ['out', '2025'], name, replace: false });
    assert.deepEqual(await census(folder), {
      out: 'folder',
      'out/2025': 'folder',
      'out/2025/a.csv': 'a.csv',
      'out/2025/b.csv': 'b.csv',
    });
  });

  it('are refused where a file has the name', async () => {
    await writeFile(path.join(folder, 'out'), 'mine');
    const saving = saveContent(content('x'), { folder, folders: ['out'], name: 'a', replace: true });
    await assert.rejects(saving, { reason: 'exists' });
    assert.equal(await readFile(path.join(folder, 'out'), 'utf8'), 'mine');
  });

  for (const folders of [['..'], ['.'], [''], ['a/../..'], ['/'], ['a', '..', '..', '..']]) {
    it(`do not lead out: ${folders.join(' > ')}`, async () => {
      const saving = saveContent(content('x'), { folder, folders, name: 'a', replace: true });
      await assert.rejects(saving, { reason: 'outside' });
      assert.deepEqual((await readdir(root)).sort(), ['chosen', 'outside']);
    });
  }
});
