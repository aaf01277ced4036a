import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Blobs } from '../../src/local/containers/blobs.ts';
import { FileRecords } from '../../src/local/containers/records.ts';
import { ApiError } from '../../src/local/http/apiError.ts';
import { FakePython } from './fakePython.ts';
import { at, list, testGateway } from './testGateway.ts';

const MB = 1024 * 1024;
const isFull = (error: unknown) =>
  error instanceof ApiError && error.status === 413 && error.code === 'storage_full';

suite('bytes on disk', () => {
  test('are counted, bounded, and room comes back', async () => {
    const blobs = new Blobs(10);
    try {
      await blobs.put('a', Buffer.alloc(6));
      await assert.rejects(blobs.put('b', Buffer.alloc(5)), isFull);
      await assert.rejects(blobs.get('b'), (error) => error instanceof ApiError && error.status === 404);
      await blobs.put('b', Buffer.alloc(4));
      assert.equal(blobs.held, 10);
      await Promise.all([blobs.delete('a'), blobs.delete('a')]);
      assert.equal(blobs.held, 4);
      // Two at once must not both count on the same room.
      const both = await Promise.allSettled([
        blobs.put('c', Buffer.alloc(6)),
        blobs.put('d', Buffer.alloc(6)),
      ]);
      assert.deepEqual(
        both.map(({ status }) => status),
        ['fulfilled', 'rejected'],
      );
      assert.equal(blobs.held, 10);
    } finally {
      await blobs.close();
    }
  });

  test('stay readable to whoever began to read them', async () => {
    const blobs = new Blobs();
    try {
      await blobs.put('a', Buffer.alloc(MB, 'x'));
      const stream = await blobs.stream('a');
      await blobs.delete('a');
      let size = 0;
      for await (const chunk of stream) size += chunk.length;
      assert.equal(size, MB);
      await assert.rejects(blobs.stream('a'), (error) => error instanceof ApiError && error.status === 404);
    } finally {
      await blobs.close();
    }
  });

  test('of figures and older versions do not grow for ever: the oldest go', async () => {
    const blobs = new Blobs();
    const records = new FileRecords(blobs, () => 0);
    const nothing = { images: [], written: [], removed: [] };
    try {
      const bytes = Buffer.alloc(16 * MB);
      for (let round = 0; round < 12; round++) {
        await records.keepMade({ ...nothing, images: [bytes] });
        await records.keepMade({ ...nothing, written: [{ path: '/mnt/data/a.bin', bytes }] });
      }
      // 128 MB of figures, 64 MB of older versions, and the file itself.
      assert.equal(blobs.held, (128 + 64 + 16) * MB);
      assert.equal(records.list().filter(({ figure }) => figure).length, 8);
      await records.clear();
      assert.equal(blobs.held, 0);
      await assert.rejects(records.addUpload('late.txt', Buffer.from('x')), /Container is expired/);
      assert.equal(blobs.held, 0);
    } finally {
      await blobs.close();
    }
  });
});

/** Writes 600 KB for each line of code. */
class WritingPython extends FakePython {
  override async run(...[code, options]: Parameters<FakePython['run']>) {
    const outcome = await super.run(code, options);
    const written = code
      .trim()
      .split('\n')
      .map((_, at) => ({ path: `/mnt/data/${at}.bin`, bytes: Buffer.alloc(600_000) }));
    return { ...outcome, written };
  }
}

suite('a gateway whose disk is full', () => {
  test('refuses uploads with 413 and takes them again when something was deleted', async () => {
    await using gateway = await testGateway({ diskBytes: 2 * MB });
    const text = 'x'.repeat(900_000);
    const upload = async () => await gateway.upload('/v1/files', 'a.bin', text, { purpose: 'user_data' });
    const first = await upload();
    await upload();
    const refused = await upload();
    assert.equal(at(refused, 'error', 'code'), 'storage_full');
    const { body: container } = await gateway.ask('POST', '/v1/containers', { name: 'x' });
    const toContainer = await gateway.upload(`/v1/containers/${container['id']}/files`, 'a.bin', text);
    assert.match(
      String(at(toContainer, 'error', 'message')),
      /no room for more files\. Delete files or containers\./,
    );
    await gateway.ask('DELETE', `/v1/files/${first['id']}`);
    assert.match(String((await upload())['id']), /^file-/);
  });

  test('says of a run which of its files could not be kept, and keeps the others', async () => {
    await using gateway = await testGateway({ diskBytes: MB, startPython: async () => new WritingPython() });
    const response = await gateway.run('print("1")\nprint("2")\nprint("3")');
    assert.equal(response['status'], 'completed');
    const [call] = list(response, 'output');
    assert.match(
      String(at(call, 'outputs', 0, 'logs')),
      /^1\n2\n3\n\[There was no room to keep all .*: 2 of its files/,
    );
    const { body } = await gateway.ask('GET', `/v1/containers/${at(call, 'container_id')}/files`);
    assert.deepEqual(
      list(body, 'data').map((file) => file['path']),
      ['/mnt/data/0.bin'],
    );
    await gateway.ask('DELETE', `/v1/containers/${at(call, 'container_id')}`);
    assert.equal((await gateway.run('print("1")'))['status'], 'completed');
  });

  test('gives back what a container held that could not be made', async () => {
    await using gateway = await testGateway({ diskBytes: MB });
    const file = await gateway.upload('/v1/files', 'a.bin', 'x'.repeat(600_000), { purpose: 'user_data' });
    const refused = await gateway.ask('POST', '/v1/containers', { name: 'x', file_ids: [file['id']] });
    assert.equal(refused.status, 413);
    assert.deepEqual(at((await gateway.ask('GET', '/v1/containers')).body, 'data'), []);
  });
});

test('uploads at once of one name get names of their own, and not more room than there is', async () => {
  await using gateway = await testGateway();
  const { body: container } = await gateway.ask('POST', '/v1/containers', { name: 'x' });
  const path = `/v1/containers/${container['id']}/files`;
  const files = await Promise.all(Array.from({ length: 8 }, () => gateway.upload(path, 'a.csv', 'x')));
  assert.equal(new Set(files.map((file) => file['path'])).size, 8);
  const big = await Promise.all(
    Array.from({ length: 6 }, () => gateway.upload(path, 'big.bin', 'x'.repeat(60 * MB))),
  );
  const kept = big.filter((file) => file['id'] !== undefined);
  assert.ok(kept.length <= 4 && kept.length > 0, `${kept.length} files of 60 MB in 256 MB`);
});
