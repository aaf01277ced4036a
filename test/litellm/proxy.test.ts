import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { isRecord, parseJson } from '../support/json.ts';
import { type Litellm, startLitellm } from '../support/litellm.ts';
import { startLocalGateway } from '../support/localGateway.ts';
import { litellmMissing, vsixFile } from '../support/tools.ts';

const run = {
  model: 'built-in',
  input: '```python\nopen("/mnt/data/out.csv", "w").write("a,b\\n1,2\\n")\nprint(6 * 7)\n```',
  include: ['code_interpreter_call.outputs'],
  tools: [{ type: 'code_interpreter', container: { type: 'auto' } }],
};

/** What the real proxy does to the wire: the facts that the client is built on. */
describe('LiteLLM in front of the local gateway', { skip: litellmMissing() }, () => {
  let gateway: Litellm;
  let proxy: Litellm;
  /** The container's id as the proxy rewrites it in runs, and as its list shows it. */
  let routed: string;
  let native: string;
  let responseId: string;

  before(async () => {
    // The package is made from dist/, so asking for it sees to it that dist/ is there.
    vsixFile();
    gateway = await startLocalGateway();
    proxy = await startLitellm(gateway);
  });

  after(async () => {
    await proxy?.close();
    await gateway?.close();
  });

  it('lists the model', async () => {
    const { body } = await ask('GET', '/v1/models');
    assert.deepEqual(
      items(body).map((model) => model['id']),
      ['built-in'],
    );
  });

  it('runs a prompt, and rewrites the ids', async () => {
    const { status, body, headers } = await ask('POST', '/v1/responses', run);
    assert.equal(status, 200);
    const call = output(body, 'code_interpreter_call');
    assert.deepEqual(call['outputs'], [{ type: 'logs', logs: '42\n' }]);
    routed = String(call['container_id']);
    responseId = String(record(body)['id']);
    const inside = Buffer.from(routed.replace(/^cntr_/, ''), 'base64').toString();
    assert.match(inside, /^litellm:custom_llm_provider:openai;model_id:[0-9a-f]+;container_id:cntr_/);
    native = inside.replace(/^.*container_id:/, '');
    assert.match(headers.get('x-litellm-version') ?? '', /^\d+\.\d+\.\d+/);
  });

  it('streams without event lines, with an end mark, in the same container', async () => {
    const response = await send('POST', '/v1/responses', {
      ...run,
      stream: true,
      previous_response_id: responseId,
    });
    const text = await response.text();
    assert.doesNotMatch(text, /^event:/m);
    const data = [...text.matchAll(/^data: (.*)$/gm)].map((match) => match[1] ?? '');
    assert.equal(data.at(-1), '[DONE]');
    const events = data.slice(0, -1).map((line) => record(parseJson(line)));
    assert.equal(events.at(-1)?.['type'], 'response.completed');
    assert.equal(output(events.at(-1)?.['response'], 'code_interpreter_call')['container_id'], routed);
  });

  it('lists containers under their native ids, and knows both', async () => {
    const { body } = await ask('GET', '/v1/containers');
    assert.ok(items(body).some((container) => container['id'] === native));
    for (const id of [native, routed]) {
      const { body: one } = await ask('GET', `/v1/containers/${encodeURIComponent(id)}`);
      assert.equal(record(one)['id'], native);
    }
  });

  it('refuses the rewritten id as the container of a run', async () => {
    const tools = [{ type: 'code_interpreter', container: routed }];
    const { status, body } = await ask('POST', '/v1/responses', { ...run, tools });
    assert.equal(status, 400);
    assert.match(JSON.stringify(body), /string too long/);
    const again = await ask('POST', '/v1/responses', {
      ...run,
      tools: [{ type: 'code_interpreter', container: native }],
    });
    assert.equal(again.status, 200);
  });

  it('lists, reads, takes and deletes files under both ids', async () => {
    for (const id of [native, routed]) {
      const files = `/v1/containers/${encodeURIComponent(id)}/files`;
      const { body } = await ask('GET', files);
      const made = items(body).find((file) => file['path'] === '/mnt/data/out.csv');
      const content = await send('GET', `${files}/${made?.['id']}/content`);
      assert.equal(await content.text(), 'a,b\n1,2\n');

      const form = new FormData();
      form.set('file', new Blob(['x,y\n3,4\n'], { type: 'text/csv' }), 'sales.csv');
      const uploaded = record((await ask('POST', files, form)).body);
      assert.equal(uploaded['source'], 'user');
      assert.equal(await (await send('GET', `${files}/${uploaded['id']}/content`)).text(), 'x,y\n3,4\n');
      const deleted = record((await ask('DELETE', `${files}/${uploaded['id']}`)).body);
      assert.equal(deleted['deleted'], true);
    }
  });

  it('answers a wrong key with 400 and no word of a key', async () => {
    const { status, body } = await ask('GET', '/v1/models', undefined, 'sk-wrong');
    assert.equal(status, 400);
    assert.match(JSON.stringify(body), /No connected db/);
  });

  it('answers 404 for a container that is gone', async () => {
    await ask('DELETE', `/v1/containers/${encodeURIComponent(routed)}`);
    const { status } = await ask('GET', `/v1/containers/${native}`);
    assert.equal(status, 404);
  });

  function send(method: string, route: string, body?: object, key = proxy.key): Promise<Response> {
    const headers: Record<string, string> = { authorization: `Bearer ${key}` };
    if (body === undefined) return fetch(`${proxy.url}${route}`, { method, headers });
    if (body instanceof FormData) return fetch(`${proxy.url}${route}`, { method, headers, body });
    headers['content-type'] = 'application/json';
    return fetch(`${proxy.url}${route}`, { method, headers, body: JSON.stringify(body) });
  }

  async function ask(method: string, route: string, body?: object, key?: string) {
    const response = await send(method, route, body, key);
    return { status: response.status, headers: response.headers, body: parseJson(await response.text()) };
  }
});

function record(value: unknown): Record<string, unknown> {
  assert.ok(isRecord(value), `an object, not ${JSON.stringify(value)}`);
  return value;
}

function items(list: unknown): Record<string, unknown>[] {
  const data = record(list)['data'];
  assert.ok(Array.isArray(data));
  return data.map(record);
}

function output(response: unknown, type: string): Record<string, unknown> {
  const all = record(response)['output'];
  assert.ok(Array.isArray(all));
  const found = all.map(record).find((item) => item['type'] === type);
  assert.ok(found, `an output item of type ${type}`);
  return found;
}
