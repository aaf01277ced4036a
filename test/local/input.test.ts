import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import OpenAI from 'openai';
import { PIXEL } from './fakePython.ts';
import { at, type Json, KEY, list, TOOL, testGateway } from './testGateway.ts';

const PICTURE = `data:image/png;base64,${PIXEL.toString('base64')}`;
const JPEG = `data:image/jpeg;base64,${Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]).toString('base64')}`;
const LIST = { type: 'input_text', text: 'os.listdir("/mnt/data")' };

type Gateway = Awaited<ReturnType<typeof testGateway>>;

const user = (...content: readonly object[]) => ({ role: 'user', content });
const logs = (response: Json) => String(at(response, 'output', 0, 'outputs', 0, 'logs'));

async function itemsOf(gateway: Gateway, response: Json, query = ''): Promise<readonly Json[]> {
  const { status, body } = await gateway.ask('GET', `/v1/responses/${response['id']}/input_items${query}`);
  assert.equal(status, 200, JSON.stringify(body));
  return list(body, 'data');
}

suite('files and pictures of the input', () => {
  test('lie under /mnt/data, each under a name of its own, for the code to open', async () => {
    await using gateway = await testGateway();
    const stored = await gateway.upload('/v1/files', 'stored.csv', 'a\n1\n', { purpose: 'user_data' });
    const photo = await gateway.upload('/v1/files', 'photo.png', 'x', { purpose: 'vision' });
    const response = await gateway.run('', {
      input: [
        user(
          { type: 'input_file', file_id: stored['id'] },
          { type: 'input_file', filename: 'sent.csv', file_data: `data:text/csv;base64,${btoa('b\n2\n')}` },
          { type: 'input_file', filename: 'bare.csv', file_data: btoa('c\n3\n') },
          { type: 'input_image', image_url: PICTURE },
          { type: 'input_image', image_url: JPEG, detail: 'high' },
          { type: 'input_image', file_id: photo['id'] },
          LIST,
        ),
      ],
    });
    assert.equal(
      logs(response),
      ['bare.csv', 'image.jpg', 'image.png', 'photo.png', 'sent.csv', 'stored.csv']
        .map((name) => `/mnt/data/${name}`)
        .join(' ')
        .concat('\n'),
    );
    const path = `/v1/containers/${at(response, 'output', 0, 'container_id')}/files`;
    const files = list((await gateway.ask('GET', path)).body, 'data');
    const picture = files.find((file) => file['path'] === '/mnt/data/image.png');
    assert.equal(picture?.['source'], 'user');
    const content = await fetch(`${gateway.url}${path}/${picture?.['id']}/content`, {
      headers: { authorization: `Bearer ${KEY}` },
    });
    assert.deepEqual(Buffer.from(await content.arrayBuffer()), PIXEL);
  });

  test('two of one name do not overwrite each other, and a stored one is put once in a chain', async () => {
    await using gateway = await testGateway();
    const stored = await gateway.upload('/v1/files', 'a.csv', 'a\n1\n', { purpose: 'user_data' });
    const again = { type: 'input_file', file_id: stored['id'] };
    const same = { type: 'input_file', filename: 'a.csv', file_data: btoa('b') };
    const first = await gateway.run('', { input: [user(again, same, LIST)] });
    const names = logs(first)
      .trim()
      .split(' ')
      .map((name) => name.replace(/[0-9a-f]{8}-/, 'x-'));
    assert.deepEqual(names.toSorted(), ['/mnt/data/a.csv', '/mnt/data/x-a.csv']);
    const second = await gateway.run('', { input: [user(again, LIST)], previous_response_id: first['id'] });
    assert.equal(logs(second), logs(first));
  });

  test('go into an explicit container too; without the tool there is no container for them', async () => {
    await using gateway = await testGateway();
    const { body: container } = await gateway.ask('POST', '/v1/containers', { name: 'mine' });
    const input = [user({ type: 'input_image', image_url: PICTURE }, LIST)];
    const response = await gateway.run('', { input, tools: [{ ...TOOL, container: container['id'] }] });
    assert.equal(logs(response), '/mnt/data/image.png\n');
    const without = await gateway.run('', { input, tools: [] });
    assert.equal(without['status'], 'completed');
    assert.equal(list((await gateway.ask('GET', '/v1/containers')).body, 'data').length, 1);
  });

  test('too large for the container are refused before anything runs', async () => {
    await using gateway = await testGateway({ diskBytes: 1_000 });
    const file = { type: 'input_file', filename: 'big.bin', file_data: btoa('x'.repeat(2_000)) };
    const { status, body } = await gateway.ask('POST', '/v1/responses', {
      model: 'built-in',
      input: [user(file, LIST)],
      tools: [TOOL],
    });
    assert.equal(status, 413);
    assert.equal(at(body, 'error', 'code'), 'storage_full');
    assert.equal(gateway.pythons.length, 0);
  });
});

suite('tool_choice', () => {
  const forms: readonly (readonly [choice: unknown, runs: boolean])[] = [
    ['auto', true],
    ['required', true],
    ['none', false],
    [{ type: 'code_interpreter' }, true],
    [{ type: 'allowed_tools', mode: 'auto', tools: [{ type: 'code_interpreter' }] }, true],
    [{ type: 'allowed_tools', mode: 'required', tools: [{ type: 'code_interpreter' }] }, true],
    [{ type: 'allowed_tools', mode: 'auto', tools: [] }, false],
  ];
  for (const [tool_choice, runs] of forms) {
    test(JSON.stringify(tool_choice), async () => {
      await using gateway = await testGateway();
      const response = await gateway.run('print("x")', { tool_choice });
      assert.equal(
        list(response, 'output').some((item) => item['type'] === 'code_interpreter_call'),
        runs,
      );
      assert.deepEqual(response['tool_choice'], tool_choice);
    });
  }
});

suite('what a response repeats of its request', () => {
  test('all that was sent, and the defaults of what was not', async () => {
    await using gateway = await testGateway();
    const sent = {
      instructions: 'Be terse.',
      max_output_tokens: 5_000,
      max_tool_calls: 3,
      metadata: { topic: 'demo' },
      parallel_tool_calls: false,
      prompt_cache_key: 'k',
      reasoning: { effort: 'low', summary: 'auto' },
      safety_identifier: 's',
      temperature: 0.5,
      text: { format: { type: 'text' }, verbosity: 'low' },
      top_logprobs: 2,
      top_p: 0.9,
      truncation: 'auto',
      user: 'u',
    };
    const quiet = { service_tier: 'flex', stream_options: null, prompt_cache_options: { mode: 'implicit' } };
    const full = await gateway.run('hello', { ...sent, ...quiet });
    for (const [name, value] of Object.entries(sent)) assert.deepEqual(full[name], value, name);
    assert.deepEqual([full['service_tier'], full['store']], ['default', true]);
    const plain = await gateway.run('hello', { tools: undefined, metadata: null, temperature: null });
    const defaults = {
      instructions: null,
      max_output_tokens: null,
      metadata: {},
      reasoning: { effort: null, summary: null },
      temperature: 1,
      text: { format: { type: 'text' }, verbosity: 'medium' },
      tool_choice: 'auto',
      tools: [],
      top_p: 1,
      truncation: 'disabled',
    };
    for (const [name, value] of Object.entries(defaults)) assert.deepEqual(plain[name], value, name);
    assert.deepEqual(
      (await gateway.ask('GET', `/v1/responses/${full['id']}`)).body['metadata'],
      sent.metadata,
    );
  });

  test('max_output_tokens ends it as incomplete, its open item too', async () => {
    await using gateway = await testGateway();
    const words = await gateway.stream('What is the capital of France?', { max_output_tokens: 16 });
    const end = words.at(-1);
    assert.equal(end?.['type'], 'response.incomplete');
    assert.deepEqual(at(end, 'response', 'incomplete_details'), { reason: 'max_output_tokens' });
    assert.equal(at(end, 'response', 'output', 0, 'status'), 'incomplete');
    assert.equal(String(at(end, 'response', 'output', 0, 'content', 0, 'text')).length, 64);
    const code = await gateway.run(`print("${'x'.repeat(200)}")`, { max_output_tokens: 16 });
    assert.deepEqual([code['status'], at(code, 'output', 0, 'status')], ['incomplete', 'incomplete']);
    assert.equal(String(at(code, 'output', 0, 'code')).length, 64);
    const next = await gateway.run('print("x")', { previous_response_id: code['id'] });
    assert.equal(next['status'], 'completed');
  });
});

test('max_tool_calls leaves further code unrun', async () => {
  await using gateway = await testGateway();
  const input = '```python\nprint("a")\n```\n```python\nprint("b")\n```';
  const response = await gateway.run(input, { max_tool_calls: 1 });
  assert.deepEqual(
    list(response, 'output').map((item) => item['code'] ?? item['type']),
    ['print("a")\n', 'message'],
  );
  assert.match(String(at(response, 'output', 1, 'content', 0, 'text')), /allows no more calls of tools/);
});

suite('the items of the input', () => {
  test('of a text are one message', async () => {
    await using gateway = await testGateway();
    const response = await gateway.run('hello');
    const [item, ...others] = await itemsOf(gateway, response);
    assert.deepEqual(others, []);
    assert.match(String(item?.['id']), /^msg_/);
    assert.deepEqual(item, {
      id: item?.['id'],
      type: 'message',
      status: 'completed',
      role: 'user',
      content: [{ type: 'input_text', text: 'hello' }],
    });
  });

  test('are those of the whole chain, newest first, page by page', async () => {
    await using gateway = await testGateway();
    const first = await gateway.run('print("1")');
    const second = await gateway.run('print("2")', { previous_response_id: first['id'] });
    const shown = (items: readonly Json[]) =>
      items.map((item) => at(item, 'content', 0, 'text') ?? item['code'] ?? item['type']);
    const all = await itemsOf(gateway, second, '?order=asc');
    assert.deepEqual(shown(all), ['print("1")', 'print("1")', 'The code ran to its end.', 'print("2")']);
    assert.equal(at(all[1], 'outputs'), null);
    assert.deepEqual(
      (await itemsOf(gateway, second)).map(({ id }) => id),
      all.map(({ id }) => id).toReversed(),
    );
    const { body } = await gateway.ask('GET', `/v1/responses/${second['id']}/input_items?limit=3`);
    assert.deepEqual(
      [list(body, 'data').length, body['has_more'], body['last_id']],
      [3, true, all[1]?.['id']],
    );
    const rest = await itemsOf(gateway, second, `?limit=3&after=${body['last_id']}`);
    assert.deepEqual(rest, [all[0]]);
    const refused = await gateway.ask('GET', `/v1/responses/${second['id']}/input_items?limit=0`);
    assert.equal(refused.status, 400);
  });

  test('show a picture only where it is asked for, and files never with their bytes', async () => {
    await using gateway = await testGateway();
    const file = { type: 'input_file', filename: 'a.csv', file_data: btoa('a\n1\n') };
    const input = [
      { type: 'message', id: 'msg_mine', ...user({ type: 'input_image', image_url: PICTURE }, file, LIST) },
    ];
    const response = await gateway.run('', { input });
    const [plain] = await itemsOf(gateway, response);
    assert.equal(plain?.['id'], 'msg_mine');
    assert.deepEqual(list(plain, 'content'), [
      { type: 'input_image', detail: 'auto', file_id: null, image_url: null },
      { type: 'input_file', file_id: null, filename: 'a.csv' },
      LIST,
    ]);
    const include = '?include[]=message.input_image.image_url';
    assert.equal(at((await itemsOf(gateway, response, include))[0], 'content', 0, 'image_url'), PICTURE);
    await gateway.ask('DELETE', `/v1/containers/${at(response, 'output', 0, 'container_id')}`);
    assert.equal(at((await itemsOf(gateway, response, include))[0], 'content', 0, 'image_url'), null);
  });

  test('are listed by the official client', async () => {
    await using gateway = await testGateway();
    const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: KEY, maxRetries: 0 });
    const response = await client.responses.create({ model: 'built-in', input: 'hello' });
    const texts = [];
    for await (const item of client.responses.inputItems.list(response.id, { limit: 1 })) {
      if (item.type === 'message' && item.content[0]?.type === 'input_text') texts.push(item.content[0].text);
    }
    assert.deepEqual(texts, ['hello']);
  });
});
