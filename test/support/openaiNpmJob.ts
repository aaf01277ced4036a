import assert from 'node:assert/strict';
import { before, it } from 'node:test';
import OpenAI, { type APIError, AuthenticationError, BadRequestError, NotFoundError, toFile } from 'openai';
import { assertDownloaded, type ClientsTarget, kinds, nativeId, seenOf, type Way } from './clientsTarget.ts';
import { CHART_EVENTS, RUN_EVENTS } from './openaiPythonJob.ts';

const TOOLS: OpenAI.Responses.Tool[] = [{ type: 'code_interpreter', container: { type: 'auto' } }];
const RUN = { model: 'built-in', tools: TOOLS, include: ['code_interpreter_call.outputs' as const] };
const python = (code: string) => `\`\`\`python\n${code}\n\`\`\``;

/** What the official `openai` of npm must see at the local gateway, and through LiteLLM before it. */
export function openaiNpmJob(get: () => ClientsTarget, way: Way): void {
  const litellm = way === 'through LiteLLM';
  let client: OpenAI;
  before(() => {
    const { url, key } = get().gateway;
    client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 });
  });

  function callOf(response: OpenAI.Responses.Response): OpenAI.Responses.ResponseCodeInterpreterToolCall {
    const call = response.output.find((item) => item.type === 'code_interpreter_call');
    assert.ok(call);
    return call;
  }

  function logsOf(response: OpenAI.Responses.Response): string {
    const outputs = callOf(response).outputs ?? [];
    return outputs.map((output) => (output.type === 'logs' ? output.logs : '')).join('');
  }

  async function download(containerId: string): Promise<Record<string, object>> {
    const files: Record<string, object> = {};
    for await (const file of client.containers.files.list(containerId, { limit: 1 })) {
      const content = await client.containers.files.content.retrieve(file.id, { container_id: containerId });
      const bytes = Buffer.from(await content.arrayBuffer());
      files[file.path] = { id: file.id, container_id: file.container_id, ...seenOf(bytes) };
    }
    return files;
  }

  const raises =
    (kind: new (...args: never) => APIError, status: number, code: string | null, message: RegExp) =>
    (error: unknown) => {
      assert.ok(error instanceof kind, String(error));
      assert.deepEqual([error.status, error.code ?? null], [status, code], error.message);
      assert.match(error.message, message);
      return true;
    };

  it('runs the example of the page, and downloads what was made', async () => {
    const response = await client.responses.create({
      ...RUN,
      input: 'Calculate the first 20 fibonacci numbers and plot them',
    });
    const call = callOf(response);
    assert.deepEqual(
      call.outputs?.map((output) => output.type),
      ['image', 'logs'],
    );
    assert.match(logsOf(response), /\b1597, 2584, 4181\b/);
    assert.match(response.output_text, /\(sandbox:\/mnt\/data\/fibonacci\.png\)/);
    const files = await download(call.container_id);
    assert.deepEqual(await assertDownloaded(get().upstream, files), ['fibonacci.png', 'figure.png']);
    assert.equal(call.container_id === nativeId(call.container_id), !litellm, 'LiteLLM rewrites the id');
  });

  it('streams what the answer then holds', async () => {
    const input = 'Create a scatter plot and save as PNG';
    const stream = await client.responses.create({ ...RUN, input, stream: true });
    const types: string[] = [];
    let code = '';
    let text = '';
    let end: OpenAI.Responses.Response | undefined;
    for await (const event of stream) {
      if (event.type !== types.at(-1)) types.push(event.type);
      if (event.type === 'response.code_interpreter_call_code.delta') code += event.delta;
      if (event.type === 'response.output_text.delta') text += event.delta;
      if (event.type === 'response.completed') end = event.response;
    }
    assert.deepEqual(types, CHART_EVENTS);
    assert.ok(end);
    const message = end.output.find((item) => item.type === 'message')?.content[0];
    assert.ok(message?.type === 'output_text');
    assert.deepEqual([callOf(end).code, message.text], [code, text]);
    const cited = message.annotations.map((one) =>
      one.type === 'container_file_citation' ? one.filename : one.type,
    );
    assert.deepEqual(
      cited.map((name) => name.replace(/^cfile_\w+/, 'figure')),
      ['figure.png', 'sales_and_advertising_spend.png'],
    );
  });

  it('streams with its helper, which checks the order of events', async () => {
    const types: string[] = [];
    const stream = client.responses.stream({ ...RUN, input: python('print("over the helper")') });
    for await (const event of stream) types.push(event.type);
    assert.deepEqual(kinds([...types].filter((type, at) => type !== types[at - 1])), RUN_EVENTS);
    assert.equal(logsOf(await stream.finalResponse()), 'over the helper\n');
  });

  it('goes on in the container of an answer', async () => {
    const first = await client.responses.create({ ...RUN, input: python('kept = 41') });
    const second = await client.responses.create({
      ...RUN,
      input: python('print(kept + 1)'),
      previous_response_id: first.id,
    });
    assert.equal(logsOf(second), '42\n');
    assert.equal(callOf(second).container_id, callOf(first).container_id);
  });

  it('works in a container of its own, with files', async () => {
    const container = await client.containers.create({ name: 'mine' });
    const at = { container_id: container.id };
    const upload = await toFile(Buffer.from('a,b\n1,2\n'), 'a.csv');
    const file = await client.containers.files.create(container.id, { file: upload });
    const response = await client.responses.create({
      ...RUN,
      tools: [{ type: 'code_interpreter', container: container.id }],
      input: python(`print(open(${JSON.stringify(file.path)}).read().strip())`),
    });
    assert.equal(logsOf(response), 'a,b\n1,2\n');
    assert.equal((await client.containers.files.retrieve(file.id, at)).path, '/mnt/data/a.csv');
    await client.containers.files.delete(file.id, at);
    assert.deepEqual(await download(container.id), {});
    const listed = [];
    for await (const one of client.containers.list({ limit: 1 })) listed.push(one.id);
    assert.equal(listed[0], container.id, 'the newest is first');
    await client.containers.delete(container.id);
    await assert.rejects(
      client.containers.retrieve(container.id),
      raises(NotFoundError, 404, litellm ? '404' : null, /not found/),
    );
  });

  it('cancels a run in the background', async () => {
    const begun = await client.responses.create({
      ...RUN,
      input: python('while True: pass'),
      background: true,
    });
    assert.equal((await client.responses.cancel(begun.id)).status, 'cancelled');
  });

  it('raises for a wrong key, an unknown model, an expired container', async () => {
    const wrong = client.withOptions({ apiKey: 'sk-wrong' });
    await assert.rejects(
      wrong.responses.create({ ...RUN, input: 'print(1)' }),
      litellm
        ? raises(BadRequestError, 400, '400', /No connected db/)
        : raises(AuthenticationError, 401, 'invalid_api_key', /Incorrect API key/),
    );
    await assert.rejects(
      client.responses.create({ ...RUN, model: 'gpt-9', input: 'print(1)' }),
      litellm
        ? raises(BadRequestError, 400, '400', /Invalid model name/)
        : raises(NotFoundError, 404, 'model_not_found', /`gpt-9` does not exist/),
    );
    const { expired_container: container } = get().given;
    await assert.rejects(
      client.responses.create({
        ...RUN,
        tools: [{ type: 'code_interpreter', container }],
        input: 'print(1)',
      }),
      raises(BadRequestError, 400, litellm ? '400' : null, /Container is expired\./),
    );
  });
}
