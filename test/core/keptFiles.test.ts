import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  isKept,
  type KeepLimits,
  type KeptFile,
  type KeptFiles,
  NOTHING_KEPT,
  withKept,
  withoutKept,
} from '../../src/core/keptFiles.ts';

const file = (fileId: string, bytes: number, kept = fileId): KeptFile => ({
  containerId: 'cntr_1',
  fileId,
  filename: `${fileId}.csv`,
  bytes,
  keptAt: 0,
  kept,
  container: 'Sales',
  gateway: 'llm.example.com',
});
const idsOf = ({ files }: KeptFiles) => files.map(({ fileId }) => fileId);

describe('what is kept', () => {
  it('makes room for the newest, the oldest first, by bytes and by number', () => {
    const limits = { file: 10, all: 10, count: 3 };
    let kept = NOTHING_KEPT;
    for (const [id, bytes] of [
      ['a', 1],
      ['b', 2],
      ['c', 3],
      ['d', 4],
    ] as const)
      kept = withKept(kept, file(id, bytes), limits).files;
    assert.deepEqual(idsOf(kept), ['b', 'c', 'd']);
    const { files, dropped } = withKept(kept, file('e', 6), limits);
    assert.deepEqual(idsOf(files), ['d', 'e']);
    assert.deepEqual(
      dropped.map(({ fileId }) => fileId),
      ['b', 'c'],
    );
  });

  const action = fc.record({ id: fc.constantFrom(...'abcdefgh'), bytes: fc.nat(8), remove: fc.boolean() });
  const limited = fc.record({ all: fc.integer({ min: 8, max: 30 }), count: fc.integer({ min: 1, max: 6 }) });

  it('stays within its limits whatever is done, holds each file once, and drops only what it names', () => {
    fc.assert(
      fc.property(fc.array(action), limited, (actions, { all, count }) => {
        const limits: KeepLimits = { file: 8, all, count };
        let files = NOTHING_KEPT;
        const bytes = new Set<string>();
        for (const [at, { id, bytes: size, remove }] of actions.entries()) {
          const one = file(id, size, `${id}${at}`);
          const done = remove ? withoutKept(files, [one]) : withKept(files, one, limits);
          for (const { kept } of done.dropped) assert.ok(bytes.delete(kept), `${kept} was dropped twice`);
          if (!remove) bytes.add(one.kept);
          files = done.files;
          assert.equal(isKept(files, one), !remove);
          assert.ok(files.files.length <= count);
          assert.ok(files.files.reduce((sum, { bytes: each }) => sum + each, 0) <= all);
          assert.equal(new Set(idsOf(files)).size, files.files.length);
          assert.deepEqual(new Set(files.files.map(({ kept }) => kept)), bytes);
        }
      }),
    );
  });
});
