import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ErrorKind, RunEvent } from '../../src/core/events.ts';
import { GatewayClient } from '../../src/gateway/client.ts';
import { clientUnderTest } from '../support/clientUnderTest.ts';
import { FaultServer } from '../support/faultServer.ts';
import { waitFor } from '../support/processes.ts';

const { server, client, transport, key, rejectsWith } = clientUnderTest();

const request = {
  model: 'm',
  input: 'hi',
  containerId: undefined,
  previousResponseId: undefined,
  stream: true,
};

async function collect(signal = new AbortController().signal, more: object = {}): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const batch of client().run({ ...request, ...more }, signal)) events.push(...batch);
  return events;
}

const sse = (...events: readonly object[]) =>
  events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('');
const stream = (text: string, headers: Readonly<Record<string, string>> = {}) => {
  server().answer = (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', ...headers });
    response.end(text);
  };
};
const done = {
  type: 'response.completed',
  response: { id: 'r', status: 'completed', output: [], usage: { total_tokens: 5 } },
};

describe('a run', () => {
  it('sends the tool with its container, the include and the key', async () => {
    stream(sse(done));
    await collect();
    const [sent] = server().received;
    assert.equal(sent?.method, 'POST');
    assert.equal(sent?.url, '/v1/responses');
    assert.equal(sent?.headers.authorization, `Bearer ${key}`);
    assert.deepEqual(JSON.parse(sent?.body ?? ''), {
      model: 'm',
      input: 'hi',
      stream: true,
      include: ['code_interpreter_call.outputs'],
      tools: [{ type: 'code_interpreter', container: { type: 'auto' } }],
      tool_choice: 'auto',
    });
  });

  it('continues a chain in its container, and can force code', async () => {
    stream(sse(done));
    await collect(undefined, { containerId: 'cntr_1', previousResponseId: 'resp_0', forceCode: true });
    const body: unknown = JSON.parse(server().received[0]?.body ?? '');
    assert.deepEqual(body, {
      model: 'm',
      input: 'hi',
      stream: true,
      include: ['code_interpreter_call.outputs'],
      tools: [{ type: 'code_interpreter', container: 'cntr_1' }],
      tool_choice: { type: 'code_interpreter' },
      previous_response_id: 'resp_0',
    });
  });

  it('carries a prompt of 1 MB whole', async () => {
    stream(sse(done));
    const input = 'ü'.repeat(500_000);
    await collect(undefined, { input });
    const body = Buffer.from(server().received[0]?.body ?? '', 'latin1').toString('utf8');
    assert.equal(JSON.parse(body).input, input);
  });

  it('takes a plain answer for a stream', async () => {
    server().always(
      200,
      { id: 'r', object: 'response', status: 'completed', output: [] },
      { 'x-litellm-response-cost': '0.0125' },
    );
    const [event] = await collect();
    assert.ok(event?.type === 'response.completed');
    assert.equal(event.response.usage?.cost, 0.0125);
  });

  it('closes the request when it is stopped, even while the server is silent', async () => {
    let opened = () => {};
    const open = new Promise<void>((resolve) => {
      opened = resolve;
    });
    server().answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(sse({ type: 'response.created', response: { id: 'r', status: 'in_progress' } }));
      opened();
    };
    const stop = new AbortController();
    const running = collect(stop.signal);
    await open;
    stop.abort();
    await assert.rejects(running, { name: 'AbortError' });
    await waitFor(() => server().aborted === 1, { what: 'the end of the connection' });
  });

  it('closes the request when nobody reads on', async () => {
    server().answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(sse({ type: 'response.created', response: { id: 'r', status: 'in_progress' } }));
    };
    for await (const _batch of client().run(request, new AbortController().signal)) break;
    await waitFor(() => server().aborted === 1, { what: 'the end of the connection' });
  });

  it('says so when the connection breaks in mid-stream', async () => {
    server().answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(sse({ type: 'response.created', response: { id: 'r', status: 'in_progress' } }), () =>
        response.destroy(),
      );
    };
    const events = await collect();
    assert.deepEqual(
      events.map(({ type }) => type),
      ['response.created', 'run.cut'],
    );
    assert.equal(server().received.length, 1);
  });

  it('keys containers by the native id that LiteLLM has rewritten, and routes by the rewritten one', async () => {
    const native = 'cntr_6a3c1c1024a8819892cfe6b854387cea0bb1797a3699251c';
    const routed = `cntr_${Buffer.from(`litellm:custom_llm_provider:openai;model_id:${'a'.repeat(64)};container_id:${native}`).toString('base64')}`;
    const item = {
      type: 'code_interpreter_call',
      id: 'ci',
      status: 'in_progress',
      code: '',
      container_id: routed,
      outputs: [],
    };
    stream(sse({ type: 'response.output_item.added', output_index: 0, item }, done));
    const [added] = await collect();
    assert.ok(added?.type === 'response.output_item.added' && added.item.type === 'code_interpreter_call');
    assert.equal(added.item.containerId, native);
    server().always(200, { object: 'list', data: [], has_more: false, last_id: null });
    await client().listFiles(native);
    assert.equal(
      server().received.at(-1)?.url,
      `/v1/containers/${encodeURIComponent(routed)}/files?limit=100`,
    );
  });
});

describe('errors', () => {
  const cases: readonly (readonly [string, number, unknown, ErrorKind])[] = [
    [
      'wrong key',
      401,
      { error: { message: `Incorrect API key provided: sk-${key}`, code: 'invalid_api_key' } },
      'key_rejected',
    ],
    [
      'wrong key without a database (LiteLLM)',
      400,
      { error: { message: 'No connected db.', type: 'no_db_connection', code: '400' } },
      'key_rejected',
    ],
    ['key not allowed', 403, { error: { message: 'Forbidden', code: null } }, 'key_not_allowed'],
    [
      'unknown model',
      404,
      { error: { message: 'The model `x` does not exist', code: 'model_not_found' } },
      'model_unknown',
    ],
    [
      'unknown model (LiteLLM)',
      400,
      { error: { message: '/responses: Invalid model name passed in model=x', code: '400' } },
      'model_unknown',
    ],
    [
      'quota',
      429,
      {
        error: {
          message: 'You exceeded your current quota',
          type: 'insufficient_quota',
          code: 'insufficient_quota',
        },
      },
      'quota',
    ],
    [
      'rate limit',
      429,
      { error: { message: 'slow down', type: 'requests', code: 'rate_limit_exceeded' } },
      'rate_limited',
    ],
    [
      'container expired',
      400,
      { error: { message: 'Container is expired.', type: 'invalid_request_error', param: null, code: null } },
      'container_expired',
    ],
    ['thing gone', 404, { error: { message: 'File not found', code: null } }, 'not_found'],
    ['route missing', 404, { detail: 'Not Found' }, 'route_missing'],
    ['too large', 413, { error: { message: 'too big', code: null } }, 'too_large'],
    [
      'bad request',
      400,
      {
        error: {
          message: "Missing required parameter: 'tools[0].container'.",
          code: 'missing_required_parameter',
        },
      },
      'bad_request',
    ],
    [
      'validation (FastAPI)',
      422,
      { detail: [{ loc: ['body', 'model'], msg: 'Field required' }] },
      'bad_request',
    ],
    ['server error', 500, { error: { message: 'oops', code: '500' } }, 'server'],
    ['gateway time-out', 504, {}, 'timeout'],
  ];
  for (const [name, status, body, kind] of cases) {
    it(`${name}: ${status} is ${kind}`, async () => {
      server().always(status, body);
      await assert.rejects(collect(), rejectsWith(kind));
    });
  }

  it('a web page instead of JSON', async () => {
    server().answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<!doctype html><title>Sign in</title>');
    };
    await assert.rejects(collect(), rejectsWith('not_an_api'));
    await assert.rejects(client().models(), rejectsWith('not_an_api'));
  });

  it('something else instead of JSON', async () => {
    server().answer = (_request, response) => response.end('hello');
    await assert.rejects(client().models(), rejectsWith('not_understood'));
  });

  it('JSON of another shape', async () => {
    server().always(200, { hello: 'world' });
    await assert.rejects(client().models(), rejectsWith('not_understood'));
    await assert.rejects(client().listContainers(), rejectsWith('not_understood'));
    await assert.rejects(client().retrieveContainer('c'), rejectsWith('not_understood'));
  });

  it('no redirect is followed', async () => {
    server().answer = (_request, response) => {
      response.writeHead(307, { location: `${server().url}/elsewhere` });
      response.end();
    };
    await assert.rejects(collect(), rejectsWith('redirected'));
    assert.equal(server().received.length, 1);
  });

  it('nobody listens', async () => {
    const gone = await FaultServer.start();
    await gone[Symbol.asyncDispose]();
    const nobody = new GatewayClient({ baseUrl: gone.url, key }, transport());
    await assert.rejects(nobody.models(), rejectsWith('connection_refused'));
  });

  it('a host name that does not exist', async () => {
    const nowhere = new GatewayClient({ baseUrl: 'http://no-such-host.invalid', key }, transport());
    await assert.rejects(nowhere.models(), rejectsWith('name_not_found'));
  });

  it('no key where one is needed', async () => {
    server().always(401, { error: { message: 'Authentication Error', code: '401' } });
    const keyless = new GatewayClient({ baseUrl: server().url, key: undefined }, transport());
    await assert.rejects(keyless.models(), rejectsWith('key_missing'));
    assert.equal(server().received[0]?.headers.authorization, undefined);
  });

  for (const address of ['', 'llm.example.com', 'ftp://x', 'https://user:pw@host', 'javascript:alert(1)']) {
    it(`${JSON.stringify(address)} is no address`, () => {
      assert.throws(
        () => new GatewayClient({ baseUrl: address, key: undefined }, transport()),
        rejectsWith('address_invalid'),
      );
    });
  }
});
