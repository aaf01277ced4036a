import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  completeLimits,
  defaultLimits,
  inWords,
  limitRanges,
  memoryShares,
  readLimits,
} from '../../src/local/sandbox/limits.ts';

const MiB = 2 ** 20;
const names = Object.keys(defaultLimits) as (keyof typeof defaultLimits)[];

test('what is not asked for has its default', () => {
  assert.deepEqual(completeLimits(), defaultLimits);
  assert.deepEqual(completeLimits({ files: 7 }), { ...defaultLimits, files: 7 });
});

test('every limit has a range, and says which where it is not in it', () => {
  for (const name of names) {
    const [least, most] = limitRanges[name];
    for (const value of [least - 1, most + 1, least + 0.5, Number.NaN, Number.POSITIVE_INFINITY, -1, 0]) {
      assert.throws(
        () => completeLimits({ [name]: value }),
        new RangeError(`The limit ${name} must be a whole number from ${least} to ${most}, not ${value}.`),
      );
    }
  }
  completeLimits({ memoryBytes: limitRanges.memoryBytes[1], fileBytes: limitRanges.fileBytes[1] });
});

test('files that would fill the memory are refused', () => {
  completeLimits({ memoryBytes: 512 * MiB, fileBytes: 256 * MiB });
  assert.throws(
    () => completeLimits({ memoryBytes: 512 * MiB, fileBytes: 257 * MiB }),
    /fileBytes .* at most half of memoryBytes/,
  );
});

test('limits come through JSON as they were, and nothing else is taken for them', () => {
  const limits = completeLimits({ outputBytes: 5000, figures: 3 });
  assert.deepEqual(readLimits(JSON.parse(JSON.stringify(limits))), limits);
  for (const wrong of [undefined, null, {}, [], 'x', { ...limits, files: '7' }]) {
    assert.throws(() => readLimits(wrong), RangeError);
  }
});

test('Python gets most of the memory, never more than there is or than WebAssembly can have', () => {
  const [least, most] = limitRanges.memoryBytes;
  for (const memoryBytes of [least, 768 * MiB, 1024 * MiB, 2048 * MiB, 4096 * MiB, most]) {
    for (const fileBytes of [MiB, 64 * MiB, Math.min(memoryBytes / 2, limitRanges.fileBytes[1])]) {
      const { wasmPages, scriptHeap } = memoryShares(completeLimits({ memoryBytes, fileBytes }));
      // 96 MiB are what pandas and matplotlib need to be imported.
      assert.ok(wasmPages * 65_536 >= 96 * MiB, `${memoryBytes}`);
      assert.ok(wasmPages * 65_536 + fileBytes <= memoryBytes, `${memoryBytes}`);
      assert.ok(wasmPages < 65_536 && Number.isInteger(wasmPages));
      assert.ok(scriptHeap >= 64 && scriptHeap * MiB <= memoryBytes);
    }
  }
});

test('sizes in words', () => {
  assert.deepEqual([0, 1000, 2048, 1.5 * MiB, 256 * MiB, 2 ** 30, 2 ** 41].map(inWords), [
    '0 bytes',
    '1000 bytes',
    '2 KiB',
    '1.5 MiB',
    '256 MiB',
    '1 GiB',
    '2048 GiB',
  ]);
});
