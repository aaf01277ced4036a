import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { GatewayError } from '../../src/core/errors.ts';
import { saveContent } from '../../src/gateway/files/download.ts';
import { AT_ONCE, forMany, type ManyOptions } from '../../src/gateway/files/many.ts';
import { clientUnderTest } from '../support/clientUnderTest.ts';

describe('many files', () => {
  const { server, client } = clientUnderTest();
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'many-'));
  });
  after(() => rm(folder, { recursive: true }));

  const files = (count: number, place: string) =>
    Array.from({ length: count }, (_, n) => ({
      file: { containerId: 'cntr_1', fileId: `cfile_${n}`, filename: `${n}.txt` },
      target: { folder: place, name: `${n}.txt`, replace: false },
    }));

  type FileToSave = ReturnType<typeof files>[number];
  const save = (wanted: readonly FileToSave[], options: ManyOptions<FileToSave> = {}) =>
    forMany(
      wanted,
      async ({ file, target }) => saveContent(await client().fileContent(file, options.signal), target),
      options,
    );

  it('are saved some at a time, never more, each with its own bytes', async () => {
    let open = 0;
    let most = 0;
    server().answer = ({ url }, response) => {
      most = Math.max(most, ++open);
      setTimeout(() => {
        open--;
        response.end(/cfile_\d+/.exec(url)?.[0]);
      }, 5);
    };
    const ended: string[] = [];
    const results = await save(files(40, folder), {
      onEnded: ({ target }) => ended.push(target.name),
    });
    assert.ok(results.every(({ status }) => status === 'fulfilled'));
    assert.equal(most, AT_ONCE);
    assert.equal(new Set(ended).size, 40);
    for (const name of await readdir(folder))
      assert.equal(await readFile(path.join(folder, name), 'utf8'), `cfile_${name.replace('.txt', '')}`);
  });

  it('that fail do not keep the others from being saved, and are told in place', async () => {
    const place = await mkdtemp(path.join(folder, 'failing-'));
    server().answer = ({ url }, response) => {
      if (url.includes('cfile_3/')) response.writeHead(404);
      response.end('bytes');
    };
    const results = await save(files(9, place));
    assert.deepEqual(
      results.map(({ status }) => status === 'rejected'),
      Array.from({ length: 9 }, (_, n) => n === 3),
    );
    const failure = results[3];
    assert.ok(failure?.status === 'rejected' && failure.reason instanceof GatewayError);
    assert.equal((await readdir(place)).length, 8);
  });

  it('that are given up leave nothing half written, and no request open', async () => {
    const place = await mkdtemp(path.join(folder, 'given-up-'));
    const abort = new AbortController();
    server().answer = (_request, response) => {
      response.write('half');
      if (server().received.length === AT_ONCE) abort.abort();
    };
    await assert.rejects(save(files(50, place), { signal: abort.signal }), {
      name: 'AbortError',
    });
    assert.deepEqual(await readdir(place), []);
    assert.equal(server().received.length, AT_ONCE, 'no other was begun');
  });

  it('none at all is no work', async () => {
    assert.deepEqual(await forMany([], () => Promise.reject(new Error('never'))), []);
  });
});
