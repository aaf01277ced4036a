import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { PIXEL } from './fakePython.ts';
import { at, type Json, list, TOOL, testGateway } from './testGateway.ts';

const CHART = 'Generate a bar chart of sales by quarter and save as PNG';

function textOf(response: Json): string {
  const message = list(response, 'output').find((item) => at(item, 'type') === 'message');
  return String(at(message, 'content', 0, 'text'));
}

suite('chains and containers', () => {
  test('variables and files live on in a chain', async () => {
    await using gateway = await testGateway();
    const first = await gateway.run('kept = "still here"\nopen("/mnt/data/t.csv", "w")');
    const second = await gateway.run('print(kept)\nos.listdir("/mnt/data")', {
      previous_response_id: at(first, 'id'),
    });
    assert.equal(at(second, 'output', 0, 'outputs', 0, 'logs'), 'still here\n/mnt/data/t.csv\n');
    assert.equal(gateway.pythons.length, 1);
  });

  test('without a chain each auto run has its own container', async () => {
    await using gateway = await testGateway();
    const ids = [await gateway.run('print("1")'), await gateway.run('print("2")')].map((response) =>
      at(response, 'output', 0, 'container_id'),
    );
    assert.notEqual(ids[0], ids[1]);
  });

  test('the items of an earlier answer sent back go on in their container', async () => {
    await using gateway = await testGateway();
    const first = await gateway.run('kept = "here"');
    const input = [
      { role: 'user', content: 'kept = "here"' },
      ...list(first, 'output'),
      { role: 'user', content: 'print(kept)' },
    ];
    const second = await gateway.run('', { input });
    assert.equal(at(second, 'output', 0, 'outputs', 0, 'logs'), 'here\n');
  });

  test('plain talk makes no container and starts no Python', async () => {
    await using gateway = await testGateway();
    const response = await gateway.run('What is the capital of France?');
    assert.match(textOf(response), /No language model is set up/);
    assert.match(textOf(response), /Code Interpreter: Set Up Gateway/);
    assert.deepEqual(
      list(response, 'output').map((item) => at(item, 'type')),
      ['message'],
    );
    assert.equal(gateway.pythons.length, 0);
    assert.deepEqual(at((await gateway.ask('GET', '/v1/containers')).body, 'data'), []);
  });

  test('an explicit container, with a file uploaded to it', async () => {
    await using gateway = await testGateway();
    const { body: container } = await gateway.ask('POST', '/v1/containers', { name: 'mine' });
    await gateway.upload(
      `/v1/containers/${at(container, 'id')}/files`,
      'sales.csv',
      'region,units\nNorth,1\n',
    );
    const response = await gateway.run('Plot units by region from the CSV', {
      tools: [{ ...TOOL, container: at(container, 'id') }],
    });
    assert.equal(at(response, 'output', 0, 'container_id'), at(container, 'id'));
    assert.match(String(at(response, 'output', 0, 'code')), /groupby/);
    assert.match(textOf(response), /Bar chart of total units by region, from `sales.csv`/);
  });

  test('file_ids and input_file put files into the container, once', async () => {
    await using gateway = await testGateway();
    const file = await gateway.upload('/v1/files', 'first.csv', 'a,b\n1,2\n', { purpose: 'user_data' });
    const tools = [{ ...TOOL, container: { type: 'auto', file_ids: [at(file, 'id')] } }];
    const content = [
      { type: 'input_text', text: 'bar chart of planets' },
      { type: 'input_file', filename: 'second.csv', file_data: `data:text/csv;base64,${btoa('c,d\n1,2\n')}` },
      { type: 'input_image', image_url: `data:image/png;base64,${PIXEL.toString('base64')}` },
    ];
    const first = await gateway.run('', { tools, input: [{ role: 'user', content }] });
    assert.match(textOf(first), /`second.csv` has no column for "planets".*`c`, `d`/);
    assert.match(textOf(first), /picture was not looked at/);
    const second = await gateway.run('os.listdir("/mnt/data")', {
      tools,
      previous_response_id: at(first, 'id'),
    });
    assert.equal(
      at(second, 'output', 0, 'outputs', 0, 'logs'),
      '/mnt/data/first.csv /mnt/data/image.png /mnt/data/second.csv\n',
    );
  });

  test('tool_choice none and a request without tools run nothing', async () => {
    await using gateway = await testGateway();
    for (const more of [{ tool_choice: 'none' }, { tools: [] }]) {
      const response = await gateway.run(CHART, more);
      assert.match(textOf(response), /nothing was run/);
    }
    assert.equal(gateway.pythons.length, 0);
  });

  test('fenced blocks run one after the other, until one fails', async () => {
    await using gateway = await testGateway();
    const prompt =
      'What is this?\n```python\nprint("a")\n```\n```py\nraise SystemError\n```\n~~~python\nprint("c")\n~~~';
    const response = await gateway.run(prompt);
    assert.deepEqual(
      list(response, 'output').map((item) => at(item, 'code') ?? at(item, 'type')),
      ['print("a")\n', 'raise SystemError\n', 'message'],
    );
    assert.match(
      textOf(response),
      /The block after it did not run\.\s.*words beside the code were not answered/s,
    );
  });
});
