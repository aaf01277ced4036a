import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import OpenAI, { APIError, toFile } from 'openai';
import { KEY, testGateway } from './testGateway.ts';

function clientOf(gateway: { readonly url: string }): OpenAI {
  return new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: KEY, maxRetries: 0 });
}

const TOOLS: OpenAI.Responses.Tool[] = [{ type: 'code_interpreter', container: { type: 'auto' } }];
const RUN = { model: 'built-in', tools: TOOLS, include: ['code_interpreter_call.outputs' as const] };

suite('the official client', () => {
  test('runs a prompt and reads the file it made', async () => {
    await using gateway = await testGateway();
    const client = clientOf(gateway);
    const response = await client.responses.create({
      ...RUN,
      input: 'Generate a bar chart of sales by quarter and save as PNG',
    });
    const [call, message] = response.output;
    assert.ok(call?.type === 'code_interpreter_call' && call.outputs?.[0]?.type === 'image');
    assert.ok(message?.type === 'message' && message.content[0]?.type === 'output_text');
    const cited = message.content[0].annotations.find(
      (one) => one.type === 'container_file_citation' && one.filename === 'sales_by_quarter.png',
    );
    assert.ok(cited?.type === 'container_file_citation');
    assert.match(response.output_text, /sample data/);
    const content = await client.containers.files.content.retrieve(cited.file_id, {
      container_id: cited.container_id,
    });
    assert.equal(Buffer.from(await content.arrayBuffer()).toString('latin1', 1, 4), 'PNG');
    const listed = [];
    for await (const file of client.containers.files.list(cited.container_id, { limit: 1 }))
      listed.push(file.path);
    assert.equal(listed.length, 2);
    assert.equal((await client.responses.retrieve(response.id)).output_text, response.output_text);
    await client.responses.delete(response.id);
    await assert.rejects(
      client.responses.retrieve(response.id),
      (error) => error instanceof APIError && error.status === 404,
    );
  });

  test('streams', async () => {
    await using gateway = await testGateway();
    const stream = await clientOf(gateway).responses.create({
      ...RUN,
      input: 'print("hello")',
      stream: true,
    });
    let code = '';
    let end: OpenAI.Responses.Response | undefined;
    for await (const event of stream) {
      if (event.type === 'response.code_interpreter_call_code.delta') code += event.delta;
      if (event.type === 'response.completed') end = event.response;
    }
    assert.equal(code, 'print("hello")');
    const [call] = end?.output ?? [];
    assert.ok(call?.type === 'code_interpreter_call');
    assert.deepEqual(call.outputs, [{ type: 'logs', logs: 'hello\n' }]);
  });

  test('streams with its helper, which checks the order of events', async () => {
    await using gateway = await testGateway();
    const stream = clientOf(gateway).responses.stream({ ...RUN, input: 'print("hello")' });
    const response = await stream.finalResponse();
    assert.equal(response.status, 'completed');
    assert.equal(response.output.length, 2);
  });

  test('works in a container of its own, with files', async () => {
    await using gateway = await testGateway();
    const client = clientOf(gateway);
    const container = await client.containers.create({
      name: 'mine',
      expires_after: { anchor: 'last_active_at', minutes: 5 },
    });
    assert.equal(container.status, 'running');
    const file = await client.containers.files.create(container.id, {
      file: await toFile(Buffer.from('a,b\n1,2\n'), 'a.csv'),
    });
    assert.equal(file.path, '/mnt/data/a.csv');
    const response = await client.responses.create({
      ...RUN,
      tools: [{ type: 'code_interpreter', container: container.id }],
      input: 'os.listdir("/mnt/data")',
    });
    const [call] = response.output;
    assert.ok(call?.type === 'code_interpreter_call' && call.outputs?.[0]?.type === 'logs');
    assert.equal(call.outputs[0].logs, '/mnt/data/a.csv\n');
    await client.containers.files.delete(file.id, { container_id: container.id });
    const names = [];
    for await (const one of client.containers.list()) names.push(one.name);
    assert.deepEqual(names, ['mine']);
    assert.equal((await client.containers.retrieve(container.id)).id, container.id);
    await client.containers.delete(container.id);
  });

  test('uploads files for file_ids', async () => {
    await using gateway = await testGateway();
    const client = clientOf(gateway);
    const file = await client.files.create({
      file: await toFile(Buffer.from('a,b\n1,2\n'), 'a.csv'),
      purpose: 'user_data',
    });
    assert.equal((await client.files.retrieve(file.id)).filename, 'a.csv');
    assert.equal(await (await client.files.content(file.id)).text(), 'a,b\n1,2\n');
    const container = await client.containers.create({ name: 'with file', file_ids: [file.id] });
    const listed = [];
    for await (const one of client.containers.files.list(container.id)) listed.push(one.path);
    assert.deepEqual(listed, ['/mnt/data/a.csv']);
    const files = [];
    for await (const one of client.files.list()) files.push(one.id);
    assert.deepEqual(files, [file.id]);
    assert.equal((await client.files.delete(file.id)).deleted, true);
  });

  test('runs in the background, and cancels', async () => {
    await using gateway = await testGateway();
    const client = clientOf(gateway);
    const begun = await client.responses.create({ ...RUN, input: 'while True: pass', background: true });
    assert.equal((await client.responses.cancel(begun.id)).status, 'cancelled');
    const stream = await client.responses.create({
      ...RUN,
      input: 'print("x")',
      background: true,
      stream: true,
    });
    let id = '';
    for await (const event of stream) if (event.type === 'response.created') id = event.response.id;
    const resumed = await client.responses.retrieve(id, { stream: true, starting_after: 3 });
    const numbers = [];
    for await (const event of resumed) numbers.push(event.sequence_number);
    assert.equal(numbers[0], 4);
  });

  test('lists models and understands errors', async () => {
    await using gateway = await testGateway();
    const client = clientOf(gateway);
    const models = [];
    for await (const model of client.models.list()) models.push(model.id);
    assert.deepEqual(models, ['built-in']);
    await assert.rejects(
      client.responses.create({ model: 'gpt-9', input: 'x' }),
      (error) => error instanceof APIError && error.status === 404 && error.code === 'model_not_found',
    );
    await assert.rejects(
      new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'wrong', maxRetries: 0 }).models.list(),
      (error) => error instanceof APIError && error.status === 401 && error.code === 'invalid_api_key',
    );
  });
});
