import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import OpenAI from 'openai';
import { at, type Json, KEY, list, TOOL, testGateway } from './testGateway.ts';

const MINUTE = 60_000;

async function post(gateway: { readonly url: string }, path: string, body: object) {
  const answer = await fetch(gateway.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Json };
}

suite('containers', () => {
  test('are made, listed page by page, looked at and deleted', async () => {
    await using gateway = await testGateway();
    const ids: unknown[] = [];
    for (const name of ['a', 'b', 'c'])
      ids.push(at((await gateway.ask('POST', '/v1/containers', { name })).body, 'id'));
    const first = (await gateway.ask('GET', '/v1/containers?limit=2')).body;
    assert.deepEqual(
      [list(first, 'data').map((one) => one['id']), first['has_more']],
      [[ids[2], ids[1]], true],
    );
    const second = (await gateway.ask('GET', `/v1/containers?limit=2&after=${first['last_id']}`)).body;
    assert.deepEqual([list(second, 'data').map((one) => one['id']), second['has_more']], [[ids[0]], false]);
    const ascending = (await gateway.ask('GET', '/v1/containers?order=asc')).body;
    assert.deepEqual(
      list(ascending, 'data').map((one) => one['name']),
      ['a', 'b', 'c'],
    );
    assert.equal((await gateway.ask('DELETE', `/v1/containers/${ids[1]}`)).status, 200);
    assert.equal((await gateway.ask('GET', `/v1/containers/${ids[1]}`)).status, 404);
  });

  test('expire after their last use, stay listed, and say so', async () => {
    await using gateway = await testGateway();
    const { body } = await gateway.ask('POST', '/v1/containers', {
      name: 'short',
      expires_after: { anchor: 'last_active_at', minutes: 5 },
    });
    const path = `/v1/containers/${body['id']}`;
    await gateway.upload(`${path}/files`, 'a.txt', 'x');
    gateway.skip(4 * MINUTE);
    assert.equal((await gateway.ask('GET', `${path}/files`)).status, 200);
    gateway.skip(4 * MINUTE);
    assert.equal(at((await gateway.ask('GET', path)).body, 'status'), 'running');
    gateway.skip(5 * MINUTE);
    const expired = await gateway.ask('GET', `${path}/files`);
    assert.equal(expired.status, 400);
    assert.deepEqual(expired.body, {
      error: { message: 'Container is expired.', type: 'invalid_request_error', param: null, code: null },
    });
    assert.equal(at((await gateway.ask('GET', path)).body, 'status'), 'expired');
    assert.equal(list((await gateway.ask('GET', '/v1/containers')).body, 'data')[0]?.['status'], 'expired');
    const run = { model: 'built-in', input: 'x', tools: [{ ...TOOL, container: body['id'] }] };
    assert.equal(
      at((await gateway.ask('POST', '/v1/responses', run)).body, 'error', 'message'),
      'Container is expired.',
    );
    assert.equal((await gateway.ask('DELETE', path)).status, 200);
  });

  test('a chain whose container has expired or was deleted is told so', async () => {
    await using gateway = await testGateway();
    const first = await gateway.run('print("x")');
    gateway.skip(21 * MINUTE);
    const late = await gateway.run('print("x")', { previous_response_id: first['id'] });
    assert.equal(at(late, 'error', 'message'), 'Container is expired.');
    const other = await gateway.run('print("x")');
    await gateway.ask('DELETE', `/v1/containers/${at(other, 'output', 0, 'container_id')}`);
    const orphan = await gateway.run('print("x")', { previous_response_id: other['id'] });
    assert.equal(at(orphan, 'error', 'message'), 'Container is expired.');
  });

  test('beyond the limit of living Pythons the one idle longest is put to sleep, its files kept', async () => {
    await using gateway = await testGateway({ mostAwake: 2 });
    const first = await gateway.run('open("/mnt/data/kept.csv", "w")');
    gateway.skip(1000);
    await gateway.run('print("2")');
    gateway.skip(1000);
    await gateway.run('print("3")');
    assert.deepEqual(
      gateway.pythons.map((python) => python.alive),
      [false, true, true],
    );
    const again = await gateway.run('os.listdir("/mnt/data")', { previous_response_id: first['id'] });
    assert.match(
      String(at(again, 'output', 0, 'outputs', 0, 'logs')),
      /^\/mnt\/data\/kept\.csv\n\[.*put to sleep/,
    );
    assert.deepEqual(
      gateway.pythons.map((python) => python.alive),
      [false, false, true, true],
    );
  });

  test('when every living Python is busy, one more run is refused with 429', async () => {
    await using gateway = await testGateway({ mostAwake: 1 });
    const busy = await gateway.run('while True: pass', { background: true });
    const refused = await post(gateway, '/v1/responses', {
      model: 'built-in',
      input: 'print("x")',
      tools: [TOOL],
    });
    assert.equal(refused.status, 429);
    assert.equal(refused.headers.get('retry-after'), '2');
    assert.deepEqual(
      [at(refused.body, 'error', 'type'), at(refused.body, 'error', 'code')],
      ['requests', 'rate_limit_exceeded'],
    );
    await gateway.ask('POST', `/v1/responses/${busy['id']}/cancel`);
    assert.equal((await gateway.run('print("x")'))['status'], 'completed');
  });

  test('beyond the limit of containers no more can be made, until one is deleted or expires', async () => {
    await using gateway = await testGateway({ mostContainers: 2 });
    const { body: first } = await gateway.ask('POST', '/v1/containers', { name: '1' });
    await gateway.ask('POST', '/v1/containers', { name: '2' });
    const refused = await post(gateway, '/v1/containers', { name: '3' });
    assert.equal(refused.status, 429);
    assert.match(String(at(refused.body, 'error', 'message')), /too many containers\. Delete some/);
    // The official clients would ask again by themselves, and wait for it.
    assert.equal(refused.headers.get('x-should-retry'), 'false');
    assert.equal(at(await gateway.run('print("x")'), 'error', 'code'), 'rate_limit_exceeded');
    await gateway.ask('DELETE', `/v1/containers/${first['id']}`);
    assert.equal((await gateway.ask('POST', '/v1/containers', { name: '3' })).status, 200);
    gateway.skip(21 * MINUTE);
    assert.equal((await gateway.ask('POST', '/v1/containers', { name: '4' })).status, 200);
  });

  test('are told back as they were asked for, and found by name', async () => {
    await using gateway = await testGateway();
    const asked = {
      name: 'mine',
      memory_limit: '4g',
      network_policy: { type: 'disabled' },
      expires_after: { anchor: 'last_active_at', minutes: 7 },
    };
    const { body } = await gateway.ask('POST', '/v1/containers', asked);
    for (const [name, value] of Object.entries(asked)) assert.deepEqual(body[name], value, name);
    await gateway.ask('POST', '/v1/containers', { name: 'other' });
    const { body: found } = await gateway.ask('GET', '/v1/containers?name=mine');
    assert.deepEqual(
      list(found, 'data').map(({ id }) => id),
      [body['id']],
    );
  });

  test('live as long as the gateway is told, those of runs too', async () => {
    await using gateway = await testGateway({ lifeMinutes: 60 });
    const { body: container } = await gateway.ask('POST', '/v1/containers', { name: 'long' });
    const run = await gateway.run('print("x")');
    const ofRun = `/v1/containers/${at(run, 'output', 0, 'container_id')}`;
    assert.equal(at(container, 'expires_after', 'minutes'), 60);
    assert.equal(at((await gateway.ask('GET', ofRun)).body, 'expires_after', 'minutes'), 60);
    const life = (minutes: number) => ({ name: 'x', expires_after: { anchor: 'last_active_at', minutes } });
    assert.equal((await gateway.ask('POST', '/v1/containers', life(60))).status, 200);
    assert.equal((await gateway.ask('POST', '/v1/containers', life(61))).status, 400);
    gateway.skip(59 * MINUTE);
    assert.equal((await gateway.ask('GET', `${ofRun}/files`)).status, 200);
    gateway.skip(61 * MINUTE);
    assert.equal(at((await gateway.ask('GET', ofRun)).body, 'status'), 'expired');
  });
});

suite('container files', () => {
  test('are uploaded, listed, looked at, downloaded and deleted', async () => {
    await using gateway = await testGateway();
    const { body: container } = await gateway.ask('POST', '/v1/containers', { name: 'files' });
    const path = `/v1/containers/${container['id']}/files`;
    const file = await gateway.upload(path, 'naïve "x" 表.csv', 'a,b\n1,2\n');
    assert.equal(file['path'], '/mnt/data/naïve "x" 表.csv');
    assert.equal(file['bytes'], 8);
    const answer = await fetch(`${gateway.url}${path}/${file['id']}/content`, {
      headers: { authorization: `Bearer ${KEY}` },
    });
    assert.equal(await answer.text(), 'a,b\n1,2\n');
    const name = /filename\*=UTF-8''(\S+)$/.exec(answer.headers.get('content-disposition') ?? '')?.[1];
    assert.equal(decodeURIComponent(name ?? ''), 'naïve "x" 表.csv');
    assert.deepEqual((await gateway.ask('GET', `${path}/${file['id']}`)).body, file);
    assert.equal((await gateway.ask('DELETE', `${path}/${file['id']}`)).status, 200);
    assert.equal((await gateway.ask('GET', `${path}/${file['id']}`)).status, 404);
    assert.deepEqual(list((await gateway.ask('GET', path)).body, 'data'), []);
  });

  test('can be put there by the id of an uploaded file, in JSON and in a form', async () => {
    await using gateway = await testGateway();
    const { body: container } = await gateway.ask('POST', '/v1/containers', { name: 'ids' });
    const stored = await gateway.upload('/v1/files', 'stored.csv', 'a\n1\n', { purpose: 'user_data' });
    const path = `/v1/containers/${container['id']}/files`;
    const byJson = await gateway.ask('POST', path, { file_id: stored['id'] });
    assert.deepEqual(
      [byJson.status, byJson.body['path'], byJson.body['bytes']],
      [200, '/mnt/data/stored.csv', 4],
    );
    const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: KEY, maxRetries: 0 });
    const byClient = await client.containers.files.create(String(container['id']), {
      file_id: String(stored['id']),
    });
    assert.match(byClient.path, /^\/mnt\/data\/[0-9a-f]{8}-stored\.csv$/);
    const refused = [
      [{}, 400, 'file_id'],
      [{ file_id: 'file-0' }, 404, 'id'],
    ] as const;
    for (const [body, status, param] of refused) {
      const answer = await gateway.ask('POST', path, body);
      assert.deepEqual([answer.status, at(answer.body, 'error', 'param')], [status, param]);
    }
  });

  test('are listed page by page', async () => {
    await using gateway = await testGateway();
    const { body: container } = await gateway.ask('POST', '/v1/containers', { name: 'pages' });
    const path = `/v1/containers/${container['id']}/files`;
    const ids: unknown[] = [];
    for (const name of ['1', '2', '3', '4', '5']) ids.push((await gateway.upload(path, name, 'x'))['id']);
    const seen: unknown[] = [];
    let query = '?order=asc&limit=2';
    for (let pages = 1; ; pages++) {
      const { body } = await gateway.ask('GET', path + query);
      seen.push(...list(body, 'data').map(({ id }) => id));
      assert.equal(body['first_id'], list(body, 'data')[0]?.['id']);
      if (body['has_more'] !== true) {
        assert.equal(pages, 3);
        break;
      }
      query = `?order=asc&limit=2&after=${body['last_id']}`;
    }
    assert.deepEqual(seen, ids);
  });

  test('a name from outside stays below /mnt/data', async () => {
    await using gateway = await testGateway();
    const { body } = await gateway.ask('POST', '/v1/containers', { name: 'names' });
    const file = await gateway.upload(`/v1/containers/${body['id']}/files`, '../../etc/passwd', 'x');
    assert.equal(file['path'], '/mnt/data/passwd');
  });

  test('a name that is taken gets a prefix', async () => {
    await using gateway = await testGateway();
    const { body } = await gateway.ask('POST', '/v1/containers', { name: 'twice' });
    const path = `/v1/containers/${body['id']}/files`;
    assert.equal((await gateway.upload(path, 'a.csv', '1'))['path'], '/mnt/data/a.csv');
    assert.match(
      String((await gateway.upload(path, 'a.csv', '2'))['path']),
      /^\/mnt\/data\/[0-9a-f]{8}-a\.csv$/,
    );
  });

  test('one of another container is not found', async () => {
    await using gateway = await testGateway();
    const [one, two] = [
      (await gateway.ask('POST', '/v1/containers', { name: 'one' })).body,
      (await gateway.ask('POST', '/v1/containers', { name: 'two' })).body,
    ];
    const file = await gateway.upload(`/v1/containers/${one['id']}/files`, 'a.csv', '1');
    for (const end of ['', '/content']) {
      assert.equal(
        (await gateway.ask('GET', `/v1/containers/${two['id']}/files/${file['id']}${end}`)).status,
        404,
      );
    }
  });

  test('a file written anew keeps its older version to be had by its id', async () => {
    await using gateway = await testGateway();
    const first = await gateway.run('open("/mnt/data/a.csv", "w")');
    const path = `/v1/containers/${at(first, 'output', 0, 'container_id')}/files`;
    const before = list((await gateway.ask('GET', path)).body, 'data')[0];
    await gateway.run('open("/mnt/data/a.csv", "w")', { previous_response_id: first['id'] });
    const after = list((await gateway.ask('GET', path)).body, 'data');
    assert.equal(after.length, 1);
    assert.notEqual(after[0]?.['id'], before?.['id']);
    assert.equal((await gateway.ask('GET', `${path}/${before?.['id']}`)).status, 200);
  });

  test('a file that code removes is gone', async () => {
    await using gateway = await testGateway();
    const first = await gateway.run('open("/mnt/data/a.csv", "w")');
    await gateway.run('os.remove("/mnt/data/a.csv")', { previous_response_id: first['id'] });
    const path = `/v1/containers/${at(first, 'output', 0, 'container_id')}/files`;
    assert.deepEqual(list((await gateway.ask('GET', path)).body, 'data'), []);
  });

  test('an upload beyond the limit is refused', async () => {
    await using gateway = await testGateway();
    const file = await gateway.upload('/v1/files', 'big.bin', 'x'.repeat(70 * 1024 * 1024), {
      purpose: 'user_data',
    });
    assert.equal(at(file, 'error', 'code'), 'request_too_large');
  });
});
