import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDataPath } from '../../src/local/dataPath.ts';
import { collectRun } from '../../src/local/runResult.ts';
import { completeLimits, type Limits } from '../../src/local/sandbox/limits.ts';

const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1]);
const none = new Uint8Array(0);

const limits = completeLimits({
  fileBytes: 1 << 20,
  files: 3,
  figures: 2,
  figureBytes: 1 << 20,
  outputBytes: 2048,
});

/** What was there before the run. */
const held = new Set(['/mnt/data/x', '/mnt/data/b', '/mnt/data/c']);

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Gives messages of run 1 to a collector. */
function collect(...messages: (readonly [header: Record<string, unknown>, body?: Uint8Array])[]) {
  const collector = collectRun(1, limits, held);
  let ended: ReturnType<typeof collector.take>;
  for (const [header, body = none] of messages)
    ended = collector.take({ header: { id: 1, ...header }, body });
  return { collector, ended };
}

test('a run is put together from its messages', () => {
  const { ended } = collect(
    [{ type: 'output' }, bytesOf('print')],
    [{ type: 'image' }, png],
    [{ type: 'output' }, bytesOf('ed')],
    [{ type: 'removed', paths: ['/mnt/data/x'] }],
    [{ type: 'file', path: '/mnt/data/a/b.csv' }, new Uint8Array([1])],
    [{ type: 'done', end: 'ok', cut: 0, interrupts: 0 }, bytesOf('2\n')],
  );
  assert.deepEqual(ended, {
    interrupts: 0,
    outcome: {
      end: 'ok',
      logs: 'printed\n2\n',
      images: [png],
      written: [{ path: '/mnt/data/a/b.csv', bytes: new Uint8Array([1]) }],
      removed: ['/mnt/data/x'],
      remark: undefined,
    },
  });
});

test('of a file that comes several times the last counts, and one that goes is gone', () => {
  const file = (path: string, ...bytes: number[]) => [{ type: 'file', path }, new Uint8Array(bytes)] as const;
  const { ended } = collect(
    file('/mnt/data/a', 1),
    file('/mnt/data/b', 2),
    [{ type: 'removed', paths: ['/mnt/data/b', '/mnt/data/c'] }],
    file('/mnt/data/a', 3, 4),
    file('/mnt/data/c', 5),
    [{ type: 'done', end: 'ok' }],
  );
  assert.deepEqual(ended?.outcome.written, [
    { path: '/mnt/data/a', bytes: new Uint8Array([3, 4]) },
    { path: '/mnt/data/c', bytes: new Uint8Array([5]) },
  ]);
  assert.deepEqual(ended?.outcome.removed, ['/mnt/data/b']);
});

test('any number of files may come and go in one run, and nothing of them is left', () => {
  const passing = Array.from({ length: 50 }, (_, at) => `/mnt/data/passing-${at}`);
  const { ended } = collect(
    ...passing.flatMap((path) => [
      [{ type: 'file', path }, new Uint8Array(9)] as const,
      [{ type: 'removed', paths: [path] }] as const,
    ]),
    [{ type: 'done', end: 'ok' }],
  );
  assert.deepEqual([ended?.outcome.written, ended?.outcome.removed], [[], []]);
});

test('messages that no honest child sends are refused', () => {
  const refused: [Record<string, unknown>, Uint8Array][] = [
    [{ type: 'image', id: 2 }, png],
    [{ type: 'image' }, bytesOf('<svg>')],
    [{ type: 'image' }, none],
    [{ type: 'secret' }, none],
    [{}, none],
    [{ type: 'file', path: '/etc/passwd' }, none],
    [{ type: 'file' }, none],
    [{ type: 'removed', paths: ['/mnt/data/../x'] }, none],
    [{ type: 'done', end: 'ok' }, new Uint8Array(64 << 10)],
    [{ type: 'output' }, new Uint8Array(64 << 10)],
  ];
  for (const [header, body] of refused) {
    assert.throws(() => collect([header, body]), JSON.stringify(header));
  }
});

test('more than the limits allow is refused', () => {
  const image = [{ type: 'image' }, png] as const;
  collect(image, image);
  assert.throws(() => collect(image, image, image));
  const large = Buffer.concat([png, new Uint8Array(1 << 20)]);
  assert.throws(() => collect([{ type: 'image' }, large]));
  const files = ['a', 'b', 'c', 'd'].map((name) => [{ type: 'file', path: `/mnt/data/${name}` }] as const);
  collect(...files.slice(0, 3));
  assert.throws(() => collect(...files));
  const half = new Uint8Array(1 << 20);
  const fill = (name: string) => [{ type: 'file', path: `/mnt/data/${name}` }, half] as const;
  collect(fill('a'), fill('a'), fill('a'), fill('b'));
  assert.throws(() => collect(fill('a'), fill('b'), fill('c')));
});

test('limits that were met are said in sentences, with what they are', () => {
  const remarkOf = (notes: Record<string, unknown>, of: Partial<Limits> = {}): string | undefined =>
    collectRun(1, { ...limits, ...of }, held).take({
      header: { type: 'done', id: 1, end: 'ok', ...notes },
      body: none,
    })?.outcome.remark;
  assert.equal(remarkOf({}), undefined);
  assert.equal(
    remarkOf({ cut: 12 }),
    'The output was too long: 12 bytes of it were left out, 2 KiB are kept.',
  );
  assert.equal(
    remarkOf({ figuresLeftOut: 1 }),
    '1 figure was left out: one run may show 2 figures, of 1 MiB together.',
  );
  assert.equal(
    remarkOf({ full: true }),
    'The files of this container are full: they may hold 1 MiB together, and what did not fit was refused.',
  );
  assert.equal(
    remarkOf({ filesLeftOut: 7, unnamed: 1 }, { fileBytes: 1.5 * 2 ** 30 }),
    '7 files were not kept: a container keeps 3 files, of 1.5 GiB together. 1 file was not kept because of names that are no text or too long, or folders that are too deep.',
  );
  assert.equal(remarkOf({ cut: -5, figuresLeftOut: 'many', full: 1, filesLeftOut: null }), undefined);
});

test('a run that did not end by itself gives what came of it', () => {
  const { collector } = collect(
    [{ type: 'output' }, bytesOf('so far')],
    [{ type: 'image' }, png],
    [{ type: 'file', path: '/mnt/data/a' }, new Uint8Array([1])],
  );
  assert.equal(collector.rescued, false);
  assert.deepEqual(collector.broken('died', 'It is gone.'), {
    end: 'died',
    logs: 'so far',
    images: [png],
    written: [{ path: '/mnt/data/a', bytes: new Uint8Array([1]) }],
    removed: [],
    remark: 'It is gone.',
  });
  collector.take({ header: { type: 'rescued', id: 1, cut: 3 }, body: none });
  assert.equal(collector.rescued, true);
  assert.match(
    collector.broken('died', 'It is gone.').remark ?? '',
    /^It is gone\. The output was too long: 3 bytes/,
  );
});

test('an end that is none becomes an error', () => {
  assert.equal(collect([{ type: 'done', end: 'died' }]).ended?.outcome.end, 'error');
});

test('only paths below the container’s folder are paths of files', () => {
  for (const path of ['/mnt/data/a', '/mnt/data/a b/ü.csv', '/mnt/data/..a'])
    assert.ok(isDataPath(path), path);
  const wrong = [
    '/mnt/data',
    '/mnt/data/',
    '/mnt/data/../x',
    '/mnt/data/a/../../x',
    '/mnt/data/a//b',
    '/mnt/database/x',
  ];
  const long = `/mnt/data/${'a'.repeat(2000)}`;
  for (const path of [
    ...wrong,
    '/mnt/data/\ud800.txt',
    '/mnt/data/./a',
    '/mnt/data/a\0b',
    'a',
    '',
    3,
    null,
    long,
  ]) {
    assert.ok(!isDataPath(path), String(path));
  }
});
