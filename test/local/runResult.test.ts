import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collectRun, isDataPath, type RunResult } from '../../src/local/runResult.ts';

const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1]);
const none = new Uint8Array(0);

function collector(id = 1) {
  const results: RunResult[] = [];
  return { results, give: collectRun(id, (result) => results.push(result)) };
}

test('a run is put together from its messages', () => {
  const { results, give } = collector();
  give({ header: { type: 'image', id: 1 }, body: png });
  give({ header: { type: 'file', id: 1, path: '/mnt/data/a/b.csv' }, body: new Uint8Array([1]) });
  const header = {
    type: 'done',
    id: 1,
    end: 'ok',
    removed: ['/mnt/data/x', '/etc/passwd', 5],
    cut: 0,
    interrupts: 0,
  };
  give({ header, body: new TextEncoder().encode('2\n') });
  assert.deepEqual(results, [
    {
      interrupts: 0,
      outcome: {
        end: 'ok',
        logs: '2\n',
        images: [png],
        written: [{ path: '/mnt/data/a/b.csv', bytes: new Uint8Array([1]) }],
        removed: ['/mnt/data/x'],
        remark: undefined,
      },
    },
  ]);
});

test('messages that no honest child sends are refused', () => {
  const refused: [Record<string, unknown>, Uint8Array][] = [
    [{ type: 'image', id: 2 }, png],
    [{ type: 'image', id: 1 }, new TextEncoder().encode('<svg>')],
    [{ type: 'image', id: 1 }, none],
    [{ type: 'secret', id: 1 }, none],
    [{ id: 1 }, none],
    [{ type: 'done', id: 1, end: 'ok' }, new Uint8Array(3 << 20)],
  ];
  for (const [header, body] of refused) {
    assert.throws(() => collector().give({ header, body }), JSON.stringify(header));
  }
});

test('too many pictures and too many files are refused', () => {
  const images = collector();
  assert.throws(() => {
    for (let count = 0; count < 1000; count++) images.give({ header: { type: 'image', id: 1 }, body: png });
  });
  const files = collector();
  assert.throws(() => {
    for (let count = 0; count < 20_000; count++) {
      files.give({ header: { type: 'file', id: 1, path: `/mnt/data/${count}` }, body: none });
    }
  });
});

test('an end that is none becomes an error, and cut output is said', () => {
  const { results, give } = collector();
  give({ header: { type: 'done', id: 1, end: 'died', cut: 12 }, body: none });
  assert.equal(results[0]?.outcome.end, 'error');
  assert.match(results[0]?.outcome.remark ?? '', /12 bytes/);
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
  for (const path of [...wrong, '/mnt/data/./a', '/mnt/data/a\0b', 'a', '', 3, null, long]) {
    assert.ok(!isDataPath(path), String(path));
  }
});
