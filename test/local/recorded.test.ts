import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'node:test';
import { at, type Json, list, parseEvents, testGateway } from './testGateway.ts';

const RECORDINGS = path.resolve(import.meta.dirname, '../../../shared/recordings');
const skip = existsSync(RECORDINGS) ? false : `no recordings at ${RECORDINGS}`;

function recordedEvents(name: string): readonly Json[] {
  return parseEvents(readFileSync(path.join(RECORDINGS, name), 'utf8'));
}

function recordedJson(name: string): Json {
  return JSON.parse(readFileSync(path.join(RECORDINGS, name), 'utf8')) as Json;
}

/** Where ours and the recorded ones differ on purpose; a path ends in the field's name. */
const JUSTIFIED: readonly (readonly [pattern: RegExp, why: string])[] = [
  [/\.obfuscation$/, 'pads answers against eavesdroppers on a network; there is none on 127.0.0.1'],
  [/\.phase$/, 'only newer models tell it; every answer here is the final one'],
  [
    /\.(?:completed_at|frequency_penalty|moderation|presence_penalty|prompt_cache_retention)$/,
    'in newer recordings only',
  ],
  [/\.(?:billing|tool_usage)$/, 'in some recordings only; nothing is billed here'],
  [/\.reasoning\.(?:context|mode|effort)$/, 'in newer recordings only, or set for reasoning models'],
  [/\.input_tokens_details\.cache_write_tokens$/, 'in newer recordings only'],
  [/\.(?:memory_limit|network_policy)/, 'absent in older recordings of lists'],
];

/** The shape of a value: its keys and types, lists by the shape of their first element. */
function differences(ours: unknown, theirs: unknown, where: string): readonly string[] {
  const kind = (value: unknown) => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);
  if (kind(ours) !== kind(theirs)) {
    // A value that is null on one side says that the field may be null.
    return ours === null || theirs === null ? [] : [`${where}: ${kind(ours)}, recorded ${kind(theirs)}`];
  }
  if (Array.isArray(ours) && Array.isArray(theirs)) {
    return ours.length === 0 || theirs.length === 0 ? [] : differences(ours[0], theirs[0], `${where}[]`);
  }
  if (kind(ours) !== 'object') return [];
  const [mine, recorded] = [ours as Json, theirs as Json];
  const keys = new Set([...Object.keys(mine), ...Object.keys(recorded)]);
  return [...keys].flatMap((key) => {
    const field = `${where}.${key}`;
    if (!(key in mine)) return [`${field}: missing here`];
    if (!(key in recorded)) return [`${field}: not recorded`];
    return differences(mine[key], recorded[key], field);
  });
}

const used = new Set<RegExp>();

function assertSameShape(ours: unknown, theirs: unknown, where: string): void {
  const left = differences(ours, theirs, where).filter((difference) => {
    const found = JUSTIFIED.filter(([pattern]) => pattern.test(difference.split(':', 1)[0] ?? ''));
    for (const [pattern] of found) used.add(pattern);
    return found.length === 0;
  });
  assert.deepEqual(left, []);
}

/** Like items of a response with like ones: reasoning has no counterpart here. */
function withoutReasoning(response: unknown): unknown {
  const output = list(response, 'output').filter((item) => item['type'] !== 'reasoning');
  return {
    ...(response as Json),
    output: [] as unknown[],
    items: Object.fromEntries(output.map((item) => [item['type'], item])),
  };
}

const RUNS: readonly (readonly [recording: string, prompt: string, more: object])[] = [
  ['stream-image-and-file.sse', 'print("x")\nplt.plot([1])\nplt.savefig("/mnt/data/a.png")', {}],
  ['stream-csv-file.sse', 'print("x")\nopen("/mnt/data/a.csv", "w")', {}],
  ['stream-text-before-code.sse', 'print("x")', { include: [] }],
  ['stream-background.sse', 'hello', { background: true }],
];

suite('streams have the shape of the recorded ones', { skip }, () => {
  for (const [recording, prompt, more] of RUNS) {
    test(recording, async () => {
      await using gateway = await testGateway();
      const ours = await gateway.stream(prompt, more);
      const theirs = recordedEvents(recording);
      for (const type of new Set(ours.map((event) => String(event['type'])))) {
        // Items of one kind with items of that kind.
        for (const item of [undefined, 'code_interpreter_call', 'message']) {
          const find = (events: readonly Json[]) =>
            events.find((event) => event['type'] === type && at(event, 'item', 'type') === item);
          const [mine, recorded] = [find(ours), find(theirs)];
          if (mine === undefined || recorded === undefined) continue;
          const [a, b] = mine['response']
            ? [withoutReasoning(mine['response']), withoutReasoning(recorded['response'])]
            : [mine, recorded];
          assertSameShape(a, b, type);
        }
      }
      const types = (events: readonly Json[]) => [...new Set(events.map((event) => String(event['type'])))];
      const unknown = types(ours).filter((type) => !types(theirs).includes(type));
      assert.deepEqual(unknown, []);
    });
  }
});

suite('objects have the shape of the recorded ones', { skip }, () => {
  test('responses', async () => {
    await using gateway = await testGateway();
    const image = await gateway.run('print("x")\nplt.plot([1])\nplt.savefig("/mnt/data/a.png")');
    assertSameShape(
      withoutReasoning(image),
      withoutReasoning(recordedJson('response-image.json')),
      'response',
    );
    const logs = await gateway.run('print("x")', { include: [] });
    assertSameShape(
      withoutReasoning(logs),
      withoutReasoning(recordedJson('response-logs-null-outputs.json')),
      'response',
    );
  });

  test('containers and their files', async () => {
    await using gateway = await testGateway();
    const { body: container } = await gateway.ask('POST', '/v1/containers', {
      name: 'shape',
      memory_limit: '4g',
    });
    assertSameShape(container, recordedJson('container-created.json'), 'container');
    const files = `/v1/containers/${container['id']}/files`;
    assertSameShape(
      (await gateway.ask('GET', files)).body,
      recordedJson('container-files-empty.json'),
      'files',
    );
    const file = await gateway.upload(files, 'test-file.txt', 'x');
    assertSameShape(file, recordedJson('container-file-uploaded.json'), 'file');
    const { body: listed } = await gateway.ask('GET', '/v1/containers');
    assertSameShape(listed, recordedJson('containers-page-with-expired.json'), 'containers');
    const { body: gone } = await gateway.ask('DELETE', `${files}/${file['id']}`);
    assert.deepEqual(gone, { ...recordedJson('container-file-deleted.json'), id: file['id'] });
    const { body: deleted } = await gateway.ask('DELETE', `/v1/containers/${container['id']}`);
    assert.deepEqual(deleted, { ...recordedJson('container-deleted.json'), id: container['id'] });
  });

  test('files that code made', async () => {
    await using gateway = await testGateway();
    const response = await gateway.run('open("/mnt/data/made.csv", "w")');
    const { body } = await gateway.ask(
      'GET',
      `/v1/containers/${at(response, 'output', 0, 'container_id')}/files`,
    );
    assertSameShape(list(body, 'data')[0], recordedJson('container-file.json'), 'file');
  });

  test('errors', async () => {
    await using gateway = await testGateway();
    const { body } = await gateway.ask('POST', '/v1/responses', {});
    assertSameShape(body, recordedJson('error-400.json'), 'error');
    const answer = await fetch(`${gateway.url}/v1/models`, {
      headers: { authorization: 'Bearer not-the-key' },
    });
    assert.equal(answer.status, 401);
    assertSameShape(await answer.json(), recordedJson('error-401.json'), 'error');
  });
});

test('every justified difference is still one', { skip }, () => {
  const stale = JUSTIFIED.filter(([pattern]) => !used.has(pattern)).map(([pattern]) => String(pattern));
  assert.deepEqual(stale, []);
});
