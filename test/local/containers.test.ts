import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { at, KEY, list, TOOL, testGateway } from './testGateway.ts';

const MINUTE = 60_000;

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
    const refused = await gateway.ask('POST', '/v1/responses', {
      model: 'built-in',
      input: 'print("x")',
      tools: [TOOL],
    });
    assert.equal(refused.status, 429);
    assert.equal(at(refused.body, 'error', 'code'), 'rate_limit_exceeded');
    await gateway.ask('POST', `/v1/responses/${busy['id']}/cancel`);
    assert.equal((await gateway.run('print("x")'))['status'], 'completed');
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

  const names: readonly (readonly [sent: string, kept: string])[] = [
    ['../../etc/passwd', 'passwd'],
    ['C:\\secret\\x.csv', 'x.csv'],
    ['..', 'file'],
    ['evil\u202egpj.exe', 'evilgpj.exe'],
    ['a'.repeat(300), 'a'.repeat(200)],
  ];
  for (const [sent, kept] of names) {
    test(`an upload called ${JSON.stringify(sent).slice(0, 40)} stays below /mnt/data`, async () => {
      await using gateway = await testGateway();
      const { body } = await gateway.ask('POST', '/v1/containers', { name: 'names' });
      const file = await gateway.upload(`/v1/containers/${body['id']}/files`, sent, 'x');
      assert.equal(file['path'], `/mnt/data/${kept}`);
    });
  }

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
