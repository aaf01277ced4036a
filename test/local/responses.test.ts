import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { PIXEL } from './fakePython.ts';
import { at, INCLUDE, type Json, KEY, list, TOOL, testGateway } from './testGateway.ts';

const CHART = 'Generate a bar chart of sales by quarter and save as PNG';

function textOf(response: Json): string {
  const message = list(response, 'output').find((item) => at(item, 'type') === 'message');
  return String(at(message, 'content', 0, 'text'));
}

suite('a streamed run', () => {
  test('sends the events in the recorded order, each with its number', async () => {
    await using gateway = await testGateway();
    const events = await gateway.stream(CHART);
    assert.deepEqual(
      events.map((event) => at(event, 'sequence_number')),
      events.map((_, at) => at),
    );
    const order = events
      .map((event) => String(at(event, 'type')))
      .filter((type, at, all) => type !== all[at - 1]);
    assert.deepEqual(order, [
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.code_interpreter_call.in_progress',
      'response.code_interpreter_call_code.delta',
      'response.code_interpreter_call_code.done',
      'response.code_interpreter_call.interpreting',
      'response.code_interpreter_call.completed',
      'response.output_item.done',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.annotation.added',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ]);
    const ofType = (type: string) => events.filter((event) => at(event, 'type') === type);
    const code = ofType('response.code_interpreter_call_code.done')[0]?.['code'];
    assert.equal(
      ofType('response.code_interpreter_call_code.delta')
        .map((event) => at(event, 'delta'))
        .join(''),
      code,
    );
    assert.ok(ofType('response.code_interpreter_call_code.delta').length > 40);
    const done = ofType('response.output_item.done').map((event) => at(event, 'item'));
    assert.deepEqual(done, at(events.at(-1), 'response', 'output'));
    const [figure, file] = list(events.at(-1), 'response', 'output', 1, 'content', 0, 'annotations');
    assert.match(String(at(figure, 'filename')), /^cfile_\w+\.png$/);
    assert.deepEqual([at(figure, 'start_index'), at(figure, 'end_index')], [0, 0]);
    const text = String(ofType('response.output_text.done')[0]?.['text']);
    assert.equal(
      text.slice(Number(at(file, 'start_index')), Number(at(file, 'end_index'))),
      'sandbox:/mnt/data/sales_by_quarter.png',
    );
    assert.match(text, /sample data/);
  });

  test('has pictures before logs, and keeps both as files', async () => {
    await using gateway = await testGateway();
    const response = await gateway.run('print("made")\nplt.plot([1])\nplt.savefig("/mnt/data/a.png")');
    const [call] = list(response, 'output');
    assert.deepEqual(at(call, 'outputs'), [
      { type: 'image', url: `data:image/png;base64,${PIXEL.toString('base64')}` },
      { type: 'logs', logs: 'made\n' },
    ]);
    const { body } = await gateway.ask('GET', `/v1/containers/${at(call, 'container_id')}/files?order=asc`);
    assert.deepEqual(
      list(body, 'data').map((file) => [
        String(at(file, 'path')).replace(/cfile_\w+/, 'cfile_…'),
        at(file, 'source'),
      ]),
      [
        ['/mnt/data/cfile_….png', 'assistant'],
        ['/mnt/data/a.png', 'assistant'],
      ],
    );
  });

  test('without include outputs are null, and the answer tells the logs', async () => {
    await using gateway = await testGateway();
    const events = await gateway.stream('print("42")', { include: [] });
    for (const event of events) {
      const items = [at(event, 'item'), ...list(event, 'response', 'output')];
      for (const item of items)
        if (at(item, 'type') === 'code_interpreter_call') assert.equal(at(item, 'outputs'), null);
    }
    assert.match(textOf(at(events.at(-1), 'response') as Json), /```text\n42\n```/);
  });

  test('a traceback is the log of a completed call, and nothing is invented', async () => {
    await using gateway = await testGateway();
    const response = await gateway.run('import sys\nraise ValueError("no")');
    assert.equal(at(response, 'status'), 'completed');
    assert.equal(at(response, 'output', 0, 'status'), 'completed');
    assert.match(String(at(response, 'output', 0, 'outputs', 0, 'logs')), /Traceback/);
    assert.match(textOf(response), /^The code raised an error/);
  });

  test('a Python that dies is said so, and the next run says that variables are gone', async () => {
    await using gateway = await testGateway();
    const first = await gateway.run('import os\nos._exit(1)');
    assert.equal(at(first, 'output', 0, 'status'), 'failed');
    assert.match(textOf(first), /Python ended in the middle/);
    const second = await gateway.run('print("again")', { previous_response_id: at(first, 'id') });
    assert.equal(at(second, 'output', 0, 'container_id'), at(first, 'output', 0, 'container_id'));
    assert.match(textOf(second), /variables of earlier runs are gone/);
    assert.equal(gateway.pythons.length, 2);
    const third = await gateway.run('print("once more")', { previous_response_id: at(second, 'id') });
    assert.doesNotMatch(textOf(third), /gone/);
  });

  test('ends when the client goes away', async () => {
    await using gateway = await testGateway();
    const leaving = new AbortController();
    const answer = await fetch(`${gateway.url}/v1/responses`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'built-in', input: 'while True: pass', tools: [TOOL], stream: true }),
      signal: leaving.signal,
    });
    let seen = '';
    let id = '';
    await assert.rejects(async () => {
      for await (const chunk of answer.body ?? []) {
        seen += Buffer.from(chunk).toString();
        id = /"id":"(resp_\w+)"/.exec(seen)?.[1] ?? '';
        if (seen.includes('call.interpreting')) leaving.abort();
      }
    });
    let response: Json | undefined;
    for (let tries = 0; tries < 50 && at(response, 'status') !== 'cancelled'; tries++) {
      await wait(10);
      response = (await gateway.ask('GET', `/v1/responses/${id}`)).body;
    }
    assert.equal(at(response, 'status'), 'cancelled');
    assert.deepEqual(at(response, 'output'), []);
  });

  test('a Python that cannot be had fails the response in plain words', async () => {
    await using gateway = await testGateway({
      startPython: () => Promise.reject(new Error('the Python pack is not there.')),
    });
    const events = await gateway.stream(CHART);
    assert.deepEqual(
      events.slice(-2).map((event) => at(event, 'type')),
      ['error', 'response.failed'],
    );
    const error = at(events.at(-1), 'response', 'error');
    assert.deepEqual(error, {
      code: 'local_python_unavailable',
      message: 'The local Python could not start: the Python pack is not there.',
    });
    assert.equal((await gateway.run(CHART))['status'], 'failed');
  });
});

suite('responses kept', () => {
  test('are retrieved with and without outputs, and deleted', async () => {
    await using gateway = await testGateway();
    const made = await gateway.run('print("x")');
    const path = `/v1/responses/${at(made, 'id')}`;
    assert.deepEqual((await gateway.ask('GET', `${path}?include[]=${INCLUDE[0]}`)).body, made);
    assert.equal(at((await gateway.ask('GET', path)).body, 'output', 0, 'outputs'), null);
    assert.equal(at((await gateway.ask('DELETE', path)).body, 'deleted'), true);
    assert.equal((await gateway.ask('GET', path)).status, 404);
    const unkept = await gateway.run('print("x")', { store: false });
    assert.equal((await gateway.ask('GET', `/v1/responses/${at(unkept, 'id')}`)).status, 404);
  });
});
