import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { GatewayError } from '../../src/core/errors.ts';
import { GatewayClient } from '../../src/gateway/client.ts';
import { Transport } from '../../src/gateway/network/transport.ts';
import { Keeper } from '../../src/host/life/keeper.ts';
import { KeptStore } from '../../src/host/life/keptStore.ts';
import { FaultServer } from '../support/faultServer.ts';

const LIMITS = { file: 100, all: 250, count: 5 };
const ref = (fileId: string, filename = `${fileId}.csv`) => ({ containerId: 'cntr_1', fileId, filename });
const from = { container: 'Sales', gateway: 'llm.example.com' };

let folder: string;
let store: KeptStore;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'kept-'));
  store = new KeptStore(path.join(folder, 'kept'), LIMITS);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Names of the folders below, each of which is one kept file. */
const folders = async () => (await readdir(path.join(folder, 'kept'))).filter((name) => name !== 'kept.json');

describe('the store of kept files', () => {
  it('has each file once, under its own name, not to be changed, for all windows', async () => {
    let told = 0;
    store.onDidChange(() => told++);
    await store.keep(ref('a', 'Umsätze 2025.csv'), Buffer.from('1,2'), from);
    await store.keep(ref('a', 'Umsätze 2025.csv'), Buffer.from('1,2'), from);
    const other = new KeptStore(path.join(folder, 'kept'), LIMITS);
    const [kept, ...more] = await other.list();
    assert.deepEqual(more, []);
    assert.ok(kept);
    assert.equal(kept.container, 'Sales');
    assert.equal(path.basename(other.pathOf(kept)), 'Umsätze 2025.csv');
    assert.equal(await readFile(other.pathOf(kept), 'utf8'), '1,2');
    if (process.platform !== 'win32') assert.equal((await stat(other.pathOf(kept))).mode & 0o777, 0o400);
    assert.equal((await folders()).length, 1);
    assert.deepEqual(await other.notKept([ref('a'), ref('b')]), [ref('b')]);
    assert.equal(told, 2);
  });

  it('gives up the oldest for the newest, on the disk too, and what is deleted', async () => {
    for (const id of ['a', 'b', 'c']) await store.keep(ref(id), Buffer.alloc(100), from);
    assert.deepEqual(
      (await store.list()).map(({ fileId }) => fileId),
      ['b', 'c'],
    );
    assert.equal((await folders()).length, 2);
    await store.remove(await store.list());
    assert.deepEqual(await store.list(), []);
    assert.deepEqual(await folders(), []);
  });

  it('puts nothing outside its folder, whatever a file is called or the index says', async () => {
    for (const name of ['../../evil.sh', '..', 'C:\\evil.exe', 'a/b/../../../c', '\u0000'])
      await store.keep(ref(name, name), Buffer.from('x'), from);
    for (const kept of await store.list()) {
      const place = path.relative(path.join(folder, 'kept'), store.pathOf(kept));
      assert.match(place, /^[0-9a-f-]{36}[/\\][^/\\]+$/);
      assert.ok(existsSync(store.pathOf(kept)));
    }
    const index = path.join(folder, 'kept', 'kept.json');
    const text = await readFile(index, 'utf8');
    await writeFile(index, text.replace(/"kept":"[0-9a-f-]{36}"/, '"kept":"../../../etc"'));
    assert.equal((await store.list()).length, 4);
    await writeFile(index, '{"version":1,"files":[{]');
    assert.deepEqual(await store.list(), []);
  });
});

describe('what fetches files to keep', () => {
  let server: FaultServer;
  let transport: Transport;
  let keeper: Keeper;
  beforeEach(async () => {
    server = await FaultServer.start();
    transport = new Transport(() => ({ proxy: '', noProxy: [], strictTls: true, env: {} }));
    keeper = new Keeper(store);
  });
  afterEach(async () => {
    await transport.close();
    await server[Symbol.asyncDispose]();
  });
  const gateway = () => {
    const label = { name: 'llm.example.com', local: false, model: 'm' };
    const client = new GatewayClient({ baseUrl: server.url, key: 'k' }, transport);
    return Promise.resolve({ client, label, id: 'g', token: 't' });
  };

  it('fetches each once, also where two ask at the same time, and says which are too large', async () => {
    server.answer = ({ url }, response) => response.end(url.includes('big') ? Buffer.alloc(101) : 'small');
    const files = [ref('a'), ref('big'), ref('b')];
    const results = await Promise.all([
      keeper.keep(files, 'Sales', gateway),
      keeper.keep([ref('a'), ref('b')], 'Sales', gateway),
    ]);
    assert.deepEqual(results, [
      { kept: 2, tooLarge: ['big.csv'] },
      { kept: 0, tooLarge: [] },
    ]);
    assert.equal(server.received.length, 3);
    const [kept] = await store.list();
    assert.equal(kept && (await readFile(store.pathOf(kept), 'utf8')), 'small');
  });

  it('says what went wrong, keeps what came before it, and can be asked again', async () => {
    server.answer = ({ url }, response) => {
      if (url.includes('/b/')) {
        response.writeHead(404, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ error: { message: 'Not found', type: 'invalid_request_error' } }));
      } else response.end('small');
    };
    await assert.rejects(
      keeper.keep([ref('a'), ref('b')], 'Sales', gateway),
      (error) => error instanceof GatewayError && error.kind === 'not_found',
    );
    assert.deepEqual(
      (await store.list()).map(({ fileId }) => fileId),
      ['a'],
    );
    assert.equal((await keeper.keep([ref('c')], 'Sales', gateway)).kept, 1);
  });
});
