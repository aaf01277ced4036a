import assert from 'node:assert/strict';
import { request } from 'node:http';
import { suite, test } from 'node:test';
import { headers, talk } from './rawSocket.ts';
import { at, KEY, testGateway } from './testGateway.ts';

/** One request on a socket of its own, with exactly these headers. */
function raw(
  url: string,
  path: string,
  headers: Record<string, string>,
  method = 'GET',
  body?: Buffer | string,
) {
  return new Promise<{
    readonly status: number;
    readonly text: string;
    readonly headers: Record<string, unknown>;
  }>((resolve, reject) => {
    const asking = request(url + path, { method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text, headers: response.headers }),
      );
    });
    asking.on('error', reject);
    asking.end(body);
  });
}

const authorization = `Bearer ${KEY}`;

suite('who is refused', () => {
  const cases: readonly (readonly [
    name: string,
    headers: Record<string, string>,
    status: number,
    words: RegExp,
  ])[] = [
    ['no key', {}, 401, /didn't provide an API key/],
    ['a wrong key', { authorization: 'Bearer wrong' }, 401, /"code":"invalid_api_key"/],
    ['the key with something after it', { authorization: `${authorization}x` }, 401, /invalid_api_key/],
    ['a part of the key', { authorization: authorization.slice(0, -1) }, 401, /invalid_api_key/],
    ['two words for a key', { authorization: `${authorization} x` }, 401, /didn't provide/],
    ['a key of 10,000 characters', { authorization: `Bearer ${'x'.repeat(10_000)}` }, 401, /invalid_api_key/],
    ['a key of another scheme', { authorization: `Basic ${KEY}` }, 401, /didn't provide/],
    ['a key in another header', { 'api-key': KEY, 'x-api-key': KEY }, 401, /didn't provide/],
    ['a foreign host', { authorization, host: 'evil.example' }, 403, /host_not_allowed/],
    ['our host with another port', { authorization, host: '127.0.0.1:1' }, 403, /host_not_allowed/],
    ['a web page', { authorization, origin: 'https://evil.example' }, 403, /origin_not_allowed/],
    ['a page of a file', { authorization, origin: 'null' }, 403, /origin_not_allowed/],
    ['a page on this machine', { authorization, origin: 'http://127.0.0.1:8080' }, 403, /origin_not_allowed/],
    ['a page without a key', { origin: 'https://evil.example' }, 403, /origin_not_allowed/],
    ...['cross-site', 'same-site', 'same-origin', 'none'].map(
      (site) =>
        [`a browser (${site})`, { authorization, 'sec-fetch-site': site }, 403, /origin_not_/] as const,
    ),
  ];
  for (const [name, sent, status, words] of cases) {
    test(name, async () => {
      await using gateway = await testGateway();
      const answer = await raw(gateway.url, '/v1/models', sent);
      assert.equal(answer.status, status);
      assert.match(answer.text, words);
      assert.ok(!answer.text.includes(KEY));
      assert.deepEqual(Object.keys(JSON.parse(answer.text).error), ['message', 'type', 'param', 'code']);
    });
  }

  test('two keys, the right one first or last', async () => {
    await using gateway = await testGateway();
    const [right, wrong] = [`Authorization: ${authorization}\r\n`, 'Authorization: Bearer wrong\r\n'];
    const host = headers(gateway).split('\r\n', 1)[0];
    for (const keys of [right + wrong, wrong + right, right + right]) {
      const answer = await talk(gateway, [`GET /v1/models HTTP/1.1\r\n${host}\r\n${keys}\r\n`]);
      assert.deepEqual(answer.statuses, [400]);
      assert.match(String(at(answer.body, 'error', 'message')), /more than one authorization header/);
    }
  });

  test('a preflight gets no leave, and no answer lets a page read it', async () => {
    await using gateway = await testGateway();
    const preflight = await raw(
      gateway.url,
      '/v1/responses',
      {
        origin: 'https://evil.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization, content-type',
        'access-control-request-private-network': 'true',
      },
      'OPTIONS',
    );
    const plain = await raw(gateway.url, '/v1/models', { authorization });
    assert.deepEqual([preflight.status, plain.status], [403, 200]);
    for (const { headers } of [preflight, plain]) {
      assert.deepEqual(
        Object.keys(headers).filter((name) => name.startsWith('access-control-')),
        [],
      );
      assert.equal(headers['x-content-type-options'], 'nosniff');
      assert.equal(headers['cross-origin-resource-policy'], 'same-origin');
      assert.equal(headers['cache-control'], 'no-store');
    }
  });

  const forms = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=b', ''];
  for (const type of forms) {
    test(`a form that a page can send without asking (${type || 'no type'})`, async () => {
      await using gateway = await testGateway();
      const body = '{"name":"by a page"}';
      const sent = type === '' ? { authorization } : { authorization, 'content-type': type };
      const answer = await raw(gateway.url, '/v1/containers', sent, 'POST', body);
      assert.equal(answer.status, 400);
      assert.match(answer.text, /Unsupported content type/);
      assert.deepEqual(at((await gateway.ask('GET', '/v1/containers')).body, 'data'), []);
    });
  }

  test('localhost by name is let in', async () => {
    await using gateway = await testGateway();
    const host = `localhost:${new URL(gateway.url).port}`;
    assert.equal((await raw(gateway.url, '/v1/models', { authorization, host })).status, 200);
  });
});

suite('the server', () => {
  test('says which methods a path has, and answers HEAD without a body', async () => {
    await using gateway = await testGateway();
    const answer = await raw(gateway.url, '/v1/models', { authorization }, 'PATCH');
    assert.deepEqual([answer.status, answer.headers['allow']], [405, 'GET']);
    assert.match(answer.text, /"code":"method_not_allowed"/);
    const head = await raw(gateway.url, '/v1/models', { authorization }, 'HEAD');
    assert.deepEqual([head.status, head.text], [405, '']);
  });

  test('tells nothing of its inside where it fails', async () => {
    const lines: string[] = [];
    await using gateway = await testGateway({
      log: (line) => lines.push(line),
      clock: failingClock(),
    });
    const { status, body } = await gateway.ask('POST', '/v1/containers', { name: 'x' });
    assert.equal(status, 500);
    assert.deepEqual(at(body, 'error'), {
      message: 'The local gateway failed to answer this request.',
      type: 'server_error',
      param: null,
      code: null,
    });
    assert.match(lines.join('\n'), /the inner text/);
    assert.ok(!lines.join('\n').includes(KEY));
  });

  test('a prompt of 1 MB is answered', async () => {
    await using gateway = await testGateway();
    const { status, body } = await gateway.ask('POST', '/v1/responses', {
      model: 'built-in',
      input: 'word '.repeat(200_000),
    });
    assert.equal(status, 200);
    assert.equal(body['status'], 'completed');
  });
});

/** Fails once the gateway has started. */
function failingClock(): () => number {
  let calls = 0;
  return () => {
    if (calls++ > 0) throw new Error('the inner text');
    return 0;
  };
}
