import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import OpenAI, { toFile } from 'openai';
import { at, type Json, KEY, list, testGateway } from './testGateway.ts';

const HOUR = 3_600_000;
type Gateway = Awaited<ReturnType<typeof testGateway>>;

async function upload(gateway: Gateway, fields: Readonly<Record<string, string>>): Promise<Json> {
  return await gateway.upload('/v1/files', 'a.csv', 'a,b\n1,2\n', fields);
}

async function names(gateway: Gateway, query = ''): Promise<readonly unknown[]> {
  const { body } = await gateway.ask('GET', `/v1/files${query}`);
  return list(body, 'data').map((file) => file['filename']);
}

/** An upload whose body is exactly this. */
async function send(gateway: Gateway, path: string, body: string, boundary = 'b'): Promise<Json> {
  const answer = await fetch(gateway.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': `multipart/form-data; boundary=${boundary}` },
    body,
  });
  return { status: answer.status, ...((await answer.json()) as Json) };
}

suite('files', () => {
  test('are uploaded, listed page by page and by purpose, looked at, read and deleted', async () => {
    await using gateway = await testGateway();
    const ids: unknown[] = [];
    for (const [name, purpose] of [
      ['1.csv', 'user_data'],
      ['2.csv', 'assistants'],
      ['3.csv', 'user_data'],
    ] as const) {
      ids.push((await gateway.upload('/v1/files', name, name, { purpose }))['id']);
    }
    assert.deepEqual(await names(gateway), ['3.csv', '2.csv', '1.csv']);
    assert.deepEqual(await names(gateway, '?order=asc&limit=2'), ['1.csv', '2.csv']);
    assert.deepEqual(await names(gateway, `?order=asc&after=${ids[1]}`), ['3.csv']);
    assert.deepEqual(await names(gateway, '?purpose=assistants'), ['2.csv']);
    const { body: first } = await gateway.ask('GET', `/v1/files?order=asc&limit=2`);
    assert.deepEqual([first['first_id'], first['last_id'], first['has_more']], [ids[0], ids[1], true]);
    const content = await fetch(`${gateway.url}/v1/files/${ids[0]}/content`, {
      headers: { authorization: `Bearer ${KEY}` },
    });
    assert.equal(await content.text(), '1.csv');
    assert.equal(content.headers.get('content-length'), '5');
    const { body: deleted } = await gateway.ask('DELETE', `/v1/files/${ids[0]}`);
    assert.deepEqual(deleted, { id: ids[0], object: 'file', deleted: true });
    assert.equal((await gateway.ask('GET', `/v1/files/${ids[0]}/content`)).status, 404);
  });

  test('without a limit all are listed, beyond twenty too', async () => {
    await using gateway = await testGateway();
    for (let at = 0; at < 25; at++) await upload(gateway, { purpose: 'user_data' });
    assert.equal((await names(gateway)).length, 25);
  });

  const refused: readonly (readonly [name: string, fields: Record<string, string>, message: RegExp])[] = [
    ['no purpose', {}, /^Missing required parameter: 'purpose'\.$/],
    [
      'an unknown purpose',
      { purpose: 'vector_store' },
      /^'vector_store' is not one of \['fine-tune', 'assistants', 'batch', 'user_data', 'vision', 'evals'\] - 'purpose'$/,
    ],
    [
      'a life without an anchor',
      { purpose: 'user_data', 'expires_after[seconds]': '3600' },
      /\[anchor\]'\.$/,
    ],
    [
      'another anchor',
      { purpose: 'user_data', 'expires_after[anchor]': 'now', 'expires_after[seconds]': '3600' },
      /Supported values are: 'created_at'/,
    ],
    [
      'a life too short',
      { purpose: 'user_data', 'expires_after[anchor]': 'created_at', 'expires_after[seconds]': '3599' },
      /Expected a value >= 3600, but got 3599/,
    ],
    [
      'a life too long',
      { purpose: 'user_data', 'expires_after[anchor]': 'created_at', 'expires_after[seconds]': '2592001' },
      /Expected a value <= 2592000, but got 2592001/,
    ],
    [
      'a life that is no number',
      { purpose: 'user_data', 'expires_after[anchor]': 'created_at', 'expires_after[seconds]': '1h' },
      /expected an integer, but got a string/,
    ],
  ];
  for (const [name, fields, message] of refused) {
    test(`refused: ${name}`, async () => {
      await using gateway = await testGateway();
      assert.match(String(at(await upload(gateway, fields), 'error', 'message')), message);
      assert.deepEqual(await names(gateway), []);
    });
  }

  test('expire, as the official client asks for it', async () => {
    await using gateway = await testGateway();
    const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: KEY, maxRetries: 0 });
    const file = await client.files.create({
      file: await toFile(Buffer.from('x'), 'short.csv'),
      purpose: 'user_data',
      expires_after: { anchor: 'created_at', seconds: 3600 },
    });
    assert.equal(file.expires_at, file.created_at + 3600);
    gateway.skip(HOUR - 10_000);
    assert.equal((await client.files.retrieve(file.id)).id, file.id);
    gateway.skip(20_000);
    assert.equal((await gateway.ask('GET', `/v1/files/${file.id}`)).status, 404);
    assert.deepEqual(await names(gateway), []);
  });

  test('are kept until deleted unless told otherwise; those of a batch for thirty days', async () => {
    await using gateway = await testGateway();
    const kept = await upload(gateway, { purpose: 'user_data' });
    const batch = await upload(gateway, { purpose: 'batch' });
    assert.equal(kept['expires_at'], null);
    assert.equal(Number(batch['expires_at']) - Number(batch['created_at']), 30 * 24 * 3600);
  });
});

suite('hostile forms', () => {
  const head = 'Content-Disposition: form-data; name="file"; filename="a.csv"';
  const purpose = '--b\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nuser_data\r\n';

  const broken: readonly (readonly [name: string, body: string, message: RegExp])[] = [
    ['without an end', `${purpose}--b\r\n${head}\r\n\r\nabc`, /ends before its last part does/],
    ['without a file', `${purpose}--b--\r\n`, /^Missing required parameter: 'file'/],
    [
      'of 10,000 parts',
      `${purpose}${`--b\r\n${head}\r\n\r\nx\r\n`.repeat(10_000)}--b--`,
      /more than 32 parts/,
    ],
    ['of nothing but boundaries', '--b\r\n'.repeat(1_000), /ends before/],
    [
      'with headers of 100 KB',
      `--b\r\n${head}\r\nX: ${'x'.repeat(100_000)}\r\n\r\nx\r\n--b--`,
      /headers of a part are too long/,
    ],
    ['whose boundary is another', '--c\r\n\r\n--c--', /ends before/],
  ];
  for (const [name, body, message] of broken) {
    test(name, async () => {
      await using gateway = await testGateway();
      const answer = await send(gateway, '/v1/files', body);
      assert.equal(answer['status'], 400);
      assert.match(String(at(answer, 'error', 'message')), message);
      assert.deepEqual(await names(gateway), []);
    });
  }

  test('without a boundary', async () => {
    await using gateway = await testGateway();
    for (const boundary of ['', 'x'.repeat(200)]) {
      const answer = await send(gateway, '/v1/files', '--\r\n', boundary);
      assert.match(String(at(answer, 'error', 'message')), /multipart\/form-data with a boundary/);
    }
  });

  test('a form within a form, and a boundary within the bytes, stay bytes', async () => {
    await using gateway = await testGateway();
    const inner = `--c\r\n${head}\r\n\r\nx\r\n--c--\r\n --b\r\n\r\n-b--\n--b\n`;
    const file = await send(gateway, '/v1/files', `${purpose}--b\r\n${head}\r\n\r\n${inner}\r\n--b--`);
    assert.equal(file['bytes'], inner.length);
  });

  test('a name puts no header into the answer', async () => {
    await using gateway = await testGateway();
    const { body: container } = await gateway.ask('POST', '/v1/containers', { name: 'x' });
    const path = `/v1/containers/${container['id']}/files`;
    const name = 'a%0d%0aset-cookie: x=1%0d%0a%0d%0a<script>\'"();*.csv';
    const body = `--b\r\nContent-Disposition: form-data; name="file"; filename="${name.replace('"', '%22')}"\r\n\r\nx\r\n--b--`;
    const file = await send(gateway, path, body);
    const answer = await fetch(`${gateway.url}${path}/${file['id']}/content`, {
      headers: { authorization: `Bearer ${KEY}` },
    });
    assert.equal(answer.headers.get('set-cookie'), null);
    assert.equal(answer.headers.get('content-type'), 'application/octet-stream');
    assert.match(answer.headers.get('content-disposition') ?? '', /^attachment; filename\*=UTF-8''[\w.%-]+$/);
    assert.equal(await answer.text(), 'x');
  });

  test('a name of 10,000 characters is cut, whole characters only', async () => {
    await using gateway = await testGateway();
    const file = await gateway.upload('/v1/files', `${'😀'.repeat(2_500)}.csv`, 'x', {
      purpose: 'user_data',
    });
    assert.equal(file['filename'], `${'😀'.repeat(49)}.csv`);
  });
});
