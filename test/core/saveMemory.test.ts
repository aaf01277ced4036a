import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  NO_MEMORY,
  notYetSaved,
  parseSaveMemory,
  withFilesSaved,
  withoutReplacement,
  withReplacement,
} from '../../src/core/saveMemory.ts';

const file = (containerId: string, fileId: string) => ({ containerId, fileId, filename: `${fileId}.png` });
const many = (containerId: string, count: number) =>
  Array.from({ length: count }, (_, number) => file(containerId, `${number}`));

describe('what was saved', () => {
  it('is known by container and file', () => {
    const memory = withFilesSaved(NO_MEMORY, [file('a', '1'), file('b', '1')]);
    const asked = [file('a', '1'), file('a', '2'), file('b', '1'), file('c', '1')];
    assert.deepEqual(notYetSaved(memory, asked), [file('a', '2'), file('c', '1')]);
    const more = withFilesSaved(memory, [file('a', '2')]);
    assert.deepEqual(notYetSaved(more, asked), [file('c', '1')]);
  });

  it('is bounded: the containers used last stay', () => {
    let memory = NO_MEMORY;
    for (let container = 0; container < 60; container++)
      memory = withFilesSaved(memory, many(`c${container}`, 1_000));
    const ids = memory.saved.reduce((sum, { fileIds }) => sum + fileIds.length, 0);
    assert.ok(ids <= 20_000 && memory.saved.length <= 50);
    assert.equal(notYetSaved(memory, many('c59', 1_000)).length, 0);
    assert.equal(notYetSaved(memory, many('c0', 1_000)).length, 1_000);
    assert.deepEqual(parseSaveMemory(JSON.parse(JSON.stringify(memory))), memory);
  });

  it('holds as much as fits of a container with more files than are remembered', () => {
    const memory = withFilesSaved(NO_MEMORY, many('c', 30_000));
    assert.equal(memory.saved[0]?.fileIds.length, 20_000);
    assert.deepEqual(parseSaveMemory(JSON.parse(JSON.stringify(memory))), memory);
  });
});

describe('what was replaced', () => {
  const replacement = (id: string) => ({
    id,
    at: 1,
    files: [{ uri: 'file:///a', kept: 'k', sha256: 'h', previous: undefined }],
  });

  it('is remembered, the latest 20, and forgotten when it was put back', () => {
    let memory = NO_MEMORY;
    for (let number = 0; number < 25; number++) memory = withReplacement(memory, replacement(`${number}`));
    assert.deepEqual([memory.replaced.length, memory.replaced[0]?.id], [20, '5']);
    assert.ok(!withoutReplacement(memory, '7').replaced.some(({ id }) => id === '7'));
    assert.deepEqual(parseSaveMemory(JSON.parse(JSON.stringify(memory))), memory);
  });

  it('is begun anew where what is stored is something else', () => {
    for (const other of [
      undefined,
      [],
      { version: 1 },
      { ...NO_MEMORY, version: 2 },
      { ...NO_MEMORY, saved: [1] },
    ])
      assert.equal(parseSaveMemory(other), undefined);
  });
});
