import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { matcher } from '../../src/core/fileFilter.ts';
import type { ContainerFile } from '../../src/core/files.ts';
import { Listing } from '../../src/host/containers/listing.ts';
import { rowsOf } from '../../src/host/containers/treeRows.ts';

const file = (id: string, path: string, createdAt = 1): ContainerFile => ({
  id,
  containerId: 'cntr_1',
  path: `/mnt/data/${path}`,
  bytes: 1,
  createdAt,
  source: 'assistant',
});

/** A list of pages, and how often each was asked for. */
function pagesOf(...pages: readonly (readonly ContainerFile[] | Error)[]) {
  let [asked, begun] = [0, 0];
  const left = [...pages];
  async function* give() {
    begun++;
    for (let page = left.shift(); page !== undefined; page = left.shift()) {
      asked++;
      if (page instanceof Error) throw page;
      yield page;
    }
  }
  return { listing: new Listing(give), asked: () => asked, begun: () => begun };
}

const hundred = (page: number) =>
  Array.from({ length: 100 }, (_, n) => file(`f${page * 100 + n}`, `${page * 100 + n}.csv`, 9999 - page));

describe('the list of a container’s files', () => {
  it('asks for as many pages as are wanted, each once, however many ask at once', async () => {
    const { listing, asked } = pagesOf(hundred(0), hundred(1), hundred(2));
    await Promise.all([listing.load(150), listing.load(150), listing.load(10)]);
    assert.equal(asked(), 2);
    assert.equal(listing.size, 200);
    assert.equal(listing.complete, false);
    await listing.load(Number.POSITIVE_INFINITY);
    assert.equal(listing.size, 300);
    assert.equal(listing.complete, true);
    await listing.load(Number.POSITIVE_INFINITY);
    assert.equal(asked(), 3);
  });

  it('finds a path without asking where it knows it, and asks no further than it must', async () => {
    const { listing, asked } = pagesOf(hundred(0), hundred(1), hundred(2));
    assert.equal((await listing.find('120.csv'))?.file.id, 'f120');
    assert.equal(asked(), 2);
    assert.equal((await listing.find('3.csv'))?.file.id, 'f3');
    assert.equal(asked(), 2);
    assert.equal(await listing.find('none.csv'), undefined);
    assert.equal(await listing.find('none.csv'), undefined);
    assert.equal(asked(), 3);
  });

  it('goes on after a page that failed, with what was known before', async () => {
    const { listing, begun } = pagesOf(hundred(0), new Error('gone'), hundred(0), hundred(1));
    await assert.rejects(listing.load(200), /gone/);
    assert.equal(listing.size, 100);
    await listing.load(200);
    assert.equal(listing.size, 200);
    assert.equal(begun(), 2);
  });

  it('takes the newest of a path for the file, and the one before when that is removed', async () => {
    const { listing } = pagesOf([file('new', 'a.csv', 9), file('old', 'a.csv', 5)]);
    await listing.load(10);
    assert.equal(listing.at('a.csv')?.file.id, 'new');
    listing.add(file('newest', 'a.csv', 9));
    assert.equal(listing.at('a.csv')?.file.id, 'newest');
    listing.remove('newest');
    listing.remove('new');
    assert.equal(listing.at('a.csv')?.file.id, 'old');
    listing.remove('old');
    assert.equal(listing.at('a.csv'), undefined);
  });

  it('takes the newest by its time where a gateway does not keep to the order', async () => {
    const { listing } = pagesOf([file('old', 'a.csv', 5), file('new', 'a.csv', 9)]);
    await listing.load(10);
    assert.equal(listing.at('a.csv')?.file.id, 'new');
  });
});

describe('the rows of a folder', () => {
  const list = async () => {
    const { listing } = pagesOf([
      file('1', 'b.csv', 4),
      file('2', 'plots/2024/x.png', 9),
      file('3', 'plots/y.png', 2),
      file('4', 'a.csv', 1),
    ]);
    await listing.load(10);
    return listing.files;
  };
  const shown = async (folder: string, sort: 'name' | 'time', name = '', most = 9) => {
    const { folders, files } = rowsOf(await list(), folder, {
      sort,
      passes: matcher({ name, kind: undefined }),
      most,
    });
    return [...folders.map(({ path }) => path), ...files.map(({ path }) => path)];
  };

  it('are its folders, then its files', async () => {
    assert.deepEqual(await shown('', 'time'), ['plots/', 'b.csv', 'a.csv']);
    assert.deepEqual(await shown('', 'name'), ['plots/', 'a.csv', 'b.csv']);
    assert.deepEqual(await shown('plots/', 'name'), ['plots/2024/', 'plots/y.png']);
    assert.deepEqual(await shown('plots/2024/', 'name'), ['plots/2024/x.png']);
  });

  it('are no more than are wanted, and all are counted', async () => {
    assert.deepEqual(await shown('', 'name', '', 2), ['plots/', 'a.csv']);
    assert.deepEqual(await shown('', 'name', '', 1), ['plots/']);
    assert.equal(rowsOf(await list(), '', { sort: 'name', most: 1 }).count, 3);
  });

  it('lack what the filter does not let through, and folders without anything else', async () => {
    assert.deepEqual(await shown('', 'name', '*.csv'), ['a.csv', 'b.csv']);
    assert.deepEqual(await shown('', 'name', 'x.png'), ['plots/']);
  });
});
