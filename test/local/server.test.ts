import assert from 'node:assert/strict';
import { request } from 'node:http';
import { suite, test } from 'node:test';
import { KEY, TOOL, testGateway } from './testGateway.ts';

/** One request on a socket of its own, with exactly these headers. */
function raw(
  url: string,
  path: string,
  headers: Record<string, string>,
  method = 'GET',
  body?: Buffer | string,
) {
  return new Promise<{ readonly status: number; readonly text: string }>((resolve, reject) => {
    const asking = request(url + path, { method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
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
    ['a key of another scheme', { authorization: `Basic ${KEY}` }, 401, /didn't provide/],
    ['a foreign host', { authorization, host: 'evil.example' }, 403, /host_not_allowed/],
    ['our host with another port', { authorization, host: '127.0.0.1:1' }, 403, /host_not_allowed/],
    ['a web page', { authorization, origin: 'https://evil.example' }, 403, /origin_not_allowed/],
    [
      'a web page without origin',
      { authorization, 'sec-fetch-site': 'cross-site' },
      403,
      /origin_not_allowed/,
    ],
    ['a page of a file', { authorization, origin: 'null' }, 403, /origin_not_allowed/],
  ];
  for (const [name, headers, status, words] of cases) {
    test(name, async () => {
      await using gateway = await testGateway();
      const answer = await raw(gateway.url, '/v1/models', headers);
      assert.equal(answer.status, status);
      assert.match(answer.text, words);
      assert.ok(!answer.text.includes(KEY));
      assert.deepEqual(Object.keys(JSON.parse(answer.text).error), ['message', 'type', 'param', 'code']);
    });
  }

  test('localhost by name is let in', async () => {
    await using gateway = await testGateway();
    const host = `localhost:${new URL(gateway.url).port}`;
    assert.equal((await raw(gateway.url, '/v1/models', { authorization, host })).status, 200);
  });
});

suite('requests that make no sense', () => {
  const cases: readonly (readonly [
    name: string,
    method: string,
    path: string,
    body: unknown,
    status: number,
    words: RegExp,
  ])[] = [
    ['unknown path', 'GET', '/v1/nothing', undefined, 404, /Invalid URL \(GET \/v1\/nothing\)/],
    ['path tricks', 'GET', '/v1/containers/..%2F..%2Fetc/files', undefined, 404, /not found/],
    ['a NUL in an id', 'GET', '/v1/containers/%00', undefined, 404, /not found/],
    ['a broken escape', 'GET', '/v1/containers/%ff', undefined, 404, /Invalid URL/],
    ['wrong method', 'DELETE', '/v1/models', undefined, 405, /Not allowed to DELETE on \/v1\/models/],
    ['no JSON', 'POST', '/v1/responses', '{"model":', 400, /could not parse the JSON body/],
    ['JSON that is no object', 'POST', '/v1/responses', '[1]', 400, /must be an object/],
    ['no model', 'POST', '/v1/responses', {}, 400, /Missing required parameter: 'model'\./],
    [
      'unknown model',
      'POST',
      '/v1/responses',
      { model: 'gpt-9', input: 'x' },
      404,
      /"code":"model_not_found"/,
    ],
    ['unknown model to look at', 'GET', '/v1/models/gpt-9', undefined, 404, /"code":"model_not_found"/],
    [
      'no input',
      'POST',
      '/v1/responses',
      { model: 'built-in' },
      400,
      /Missing required parameter: 'input'\./,
    ],
    [
      'input of a wrong type',
      'POST',
      '/v1/responses',
      { model: 'built-in', input: 5 },
      400,
      /Invalid type for 'input'/,
    ],
    [
      'no container',
      'POST',
      '/v1/responses',
      { model: 'built-in', input: 'x', tools: [{ type: 'code_interpreter' }] },
      400,
      /Missing required parameter: 'tools\[0\]\.container'\./,
    ],
    [
      'unknown container',
      'POST',
      '/v1/responses',
      { model: 'built-in', input: 'x', tools: [{ ...TOOL, container: 'cntr_0' }] },
      404,
      /Container with id 'cntr_0' not found/,
    ],
    [
      'a container id that is too long',
      'POST',
      '/v1/responses',
      { model: 'built-in', input: 'x', tools: [{ ...TOOL, container: 'c'.repeat(237) }] },
      400,
      /string_above_max_length/,
    ],
    [
      'unknown tool',
      'POST',
      '/v1/responses',
      { model: 'built-in', input: 'x', tools: [{ type: 'web_search' }] },
      400,
      /Supported values are: 'code_interpreter'/,
    ],
    [
      'unknown file',
      'POST',
      '/v1/responses',
      {
        model: 'built-in',
        input: 'x',
        tools: [{ ...TOOL, container: { type: 'auto', file_ids: ['file-0'] } }],
      },
      404,
      /No such File object: file-0/,
    ],
    [
      'wrong memory limit',
      'POST',
      '/v1/responses',
      {
        model: 'built-in',
        input: 'x',
        tools: [{ ...TOOL, container: { type: 'auto', memory_limit: '2g' } }],
      },
      400,
      /Supported values are: '1g'/,
    ],
    [
      'unknown tool choice',
      'POST',
      '/v1/responses',
      { model: 'built-in', input: 'x', tool_choice: 'maybe' },
      400,
      /tool_choice/,
    ],
    [
      'unknown chain',
      'POST',
      '/v1/responses',
      { model: 'built-in', input: 'x', previous_response_id: 'resp_0' },
      400,
      /Previous response with id 'resp_0' not found\./,
    ],
    [
      'stream that is no boolean',
      'POST',
      '/v1/responses',
      { model: 'built-in', input: 'x', stream: 'yes' },
      400,
      /Invalid type for 'stream'/,
    ],
    [
      'unknown response',
      'GET',
      '/v1/responses/resp_0',
      undefined,
      404,
      /Response with id 'resp_0' not found/,
    ],
    ['container without a name', 'POST', '/v1/containers', {}, 400, /Missing required parameter: 'name'\./],
    ['limit 0', 'GET', '/v1/containers?limit=0', undefined, 400, /integer_below_min_value/],
    ['limit 101', 'GET', '/v1/containers?limit=101', undefined, 400, /integer_above_max_value/],
    [
      'unknown order',
      'GET',
      '/v1/containers?order=up',
      undefined,
      400,
      /Supported values are: 'asc', 'desc'/,
    ],
    ['after that is not there', 'GET', '/v1/containers?after=cntr_0', undefined, 400, /No item with id/],
    ['an upload that is no form', 'POST', '/v1/files', {}, 400, /multipart\/form-data/],
  ];
  for (const [name, method, path, body, status, words] of cases) {
    test(name, async () => {
      await using gateway = await testGateway();
      const answer = await gateway.ask(method, path, body);
      assert.equal(answer.status, status);
      assert.match(JSON.stringify(answer.body), words);
      assert.deepEqual(Object.keys(answer.body['error'] ?? {}), ['message', 'type', 'param', 'code']);
    });
  }

  test('a rejected stream answers with JSON, not with a stream', async () => {
    await using gateway = await testGateway();
    const answer = await fetch(`${gateway.url}/v1/responses`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'no', input: 'x', stream: true }),
    });
    assert.equal(answer.status, 404);
    assert.equal(answer.headers.get('content-type'), 'application/json');
  });

  test('JSON that does not say so is refused', async () => {
    await using gateway = await testGateway();
    const answer = await raw(
      gateway.url,
      '/v1/responses',
      { authorization, 'content-type': 'text/plain' },
      'POST',
      '{}',
    );
    assert.equal(answer.status, 400);
    assert.match(answer.text, /Unsupported content type/);
  });
});

suite('too much', () => {
  test('a body of 100 MB is refused at its announcement', async () => {
    await using gateway = await testGateway();
    const headers = { authorization, 'content-type': 'application/json' };
    const answer = await raw(
      gateway.url,
      '/v1/responses',
      headers,
      'POST',
      Buffer.alloc(100 * 1024 * 1024, 0x20),
    );
    assert.equal(answer.status, 413);
    assert.match(answer.text, /request_too_large/);
  });

  test('a body without a length is refused when it gets too long', async () => {
    await using gateway = await testGateway();
    const status = await new Promise<number>((resolve, reject) => {
      const headers = { authorization, 'content-type': 'application/json', 'transfer-encoding': 'chunked' };
      const asking = request(
        `${gateway.url}/v1/responses`,
        { method: 'POST', headers, agent: false },
        (response) => {
          response.resume();
          response.on('end', () => resolve(response.statusCode ?? 0));
          asking.destroy();
        },
      );
      asking.on('error', reject);
      const chunk = Buffer.alloc(1024 * 1024, 0x20);
      for (let at = 0; at < 33; at++) asking.write(chunk);
    });
    assert.equal(status, 413);
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
