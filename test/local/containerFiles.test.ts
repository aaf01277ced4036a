import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Blobs } from '../../src/local/containers/blobs.ts';
import { Container } from '../../src/local/containers/container.ts';
import { FileRecords } from '../../src/local/containers/records.ts';
import { ApiError } from '../../src/local/http/apiError.ts';
import { defaultLimits } from '../../src/local/sandbox/limits.ts';
import { FakePython } from './fakePython.ts';
import { at, TOOL, testGateway } from './testGateway.ts';

class PickyPython extends FakePython {
  override async putFile(file: { readonly path: string; readonly bytes: Uint8Array }): Promise<void> {
    if (file.path.endsWith('bad.txt')) throw new Error('Python could not keep the file.');
    await super.putFile(file);
  }
}

function container(blobs: Blobs): Container {
  return new Container(
    { name: 'x', minutes: 20, memoryLimit: '1g' },
    {
      blobs,
      clock: () => 0,
      startPython: async () => new PickyPython(),
      runSeconds: 10,
      limits: defaultLimits,
      beforeStart: async () => {},
    },
  );
}

test('an upload that does not fit is refused before it is kept, one that Python refuses is not kept', async () => {
  const blobs = new Blobs();
  const one = container(blobs);
  try {
    await assert.rejects(
      one.upload('big.bin', { length: defaultLimits.fileBytes + 1 } as Uint8Array),
      (error) => error instanceof ApiError && error.status === 413 && error.code === 'request_too_large',
    );
    await one.run('print("x")', new AbortController().signal);
    await assert.rejects(
      one.upload('bad.txt', Buffer.from('x')),
      (error) => error instanceof ApiError && error.status === 422,
    );
    assert.deepEqual(one.files.list(), []);
  } finally {
    await one.close();
    await blobs.close();
  }
});

test('more files than there may be are refused, empty ones too', async () => {
  const blobs = new Blobs();
  const one = container(blobs);
  try {
    for (let at = 0; at < defaultLimits.files; at++) await one.upload(`${at}.txt`, Buffer.alloc(0));
    await assert.rejects(
      one.upload('last.txt', Buffer.alloc(0)),
      (error) =>
        error instanceof ApiError && error.status === 413 && /as many as there may be/.test(error.message),
    );
  } finally {
    await one.close();
    await blobs.close();
  }
});

test('a file that cannot be put does not prevent the start', async () => {
  const blobs = new Blobs();
  const one = container(blobs);
  try {
    await one.upload('bad.txt', Buffer.from('x'));
    await one.upload('good.txt', Buffer.from('x'));
    const first = await one.run('listdir', new AbortController().signal);
    assert.equal(first.logs, '/mnt/data/good.txt\n');
    assert.match(first.remarks.join(), /could not be given these files: bad\.txt/);
    assert.deepEqual((await one.run('listdir', new AbortController().signal)).remarks, []);
  } finally {
    await one.close();
    await blobs.close();
  }
});

test('the name of a folder is taken', async () => {
  const blobs = new Blobs();
  const records = new FileRecords(blobs, () => 0);
  try {
    const written = await records.addWritten({ path: '/mnt/data/out/a.txt', bytes: Buffer.from('x') });
    const upload = await records.addUpload('out', Buffer.from('xy'));
    assert.match(upload.path, /^\/mnt\/data\/\w+-out$/);
    assert.equal(records.size, 3);
    const again = await records.addWritten({ path: written.path, bytes: Buffer.from('new') });
    assert.deepEqual([records.at(written.path)?.id, records.size], [again.id, 5]);
    await records.remove(again);
    assert.equal(records.at(written.path), undefined);
  } finally {
    await records.clear();
    await blobs.close();
  }
});

test('a response in progress cannot be continued', async () => {
  await using gateway = await testGateway();
  const body = { model: 'built-in', input: 'while True: pass', tools: [TOOL], background: true };
  const running = (await gateway.ask('POST', '/v1/responses', body)).body;
  const next = { model: 'built-in', input: 'hello', previous_response_id: running['id'] };
  const refused = await gateway.ask('POST', '/v1/responses', next);
  assert.equal(refused.status, 400);
  assert.match(String(at(refused.body, 'error', 'message')), /still in progress/);
  await gateway.ask('POST', `/v1/responses/${running['id']}/cancel`, {});
  assert.equal((await gateway.ask('POST', '/v1/responses', next)).status, 200);
});
