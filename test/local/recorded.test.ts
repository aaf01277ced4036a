import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'node:test';
import { scriptedAgent } from './scriptedAgent.ts';
import { differences, stepsOf, withoutReasoning } from './shapes.ts';
import { at, type Json, KEY, list, parseEvents, TOOL, testGateway } from './testGateway.ts';

const RECORDINGS = path.resolve(import.meta.dirname, '../../../shared/recordings');
const skip = existsSync(RECORDINGS) ? false : `no recordings at ${RECORDINGS}`;

type Gateway = Awaited<ReturnType<typeof testGateway>>;

/** Every way in which an answer of ours differs from a recorded one, and why it may. */
const JUSTIFIED: readonly (readonly [difference: RegExp, why: string])[] = [
  [
    /\.obfuscation: missing here$/,
    'pads answers against eavesdroppers on a network; there is none on 127.0.0.1',
  ],
  [/\.phase: missing here$/, 'only newer models tell it; every answer here is the final one'],
  [
    /\.(?:completed_at|frequency_penalty|moderation|presence_penalty|prompt_cache_retention): not recorded$/,
    'in newer recordings only',
  ],
  [/\.prompt_cache_retention: null, recorded string$/, 'nothing is cached here; null in other recordings'],
  [/\.billing: missing here$/, 'in one recording only; nothing is billed here'],
  [
    /\.tool_usage: missing here$/,
    'in one recording only: of the image and search tools, which there are none of here',
  ],
  [/\.reasoning\.(?:context|mode): missing here$/, 'of newer reasoning models only'],
  [
    /\.reasoning\.effort: null, recorded string$/,
    'the built-in model does not reason; null in other recordings',
  ],
  [
    /\.input_tokens_details\.cache_write_tokens: not recorded$/,
    'in one newer recording only, and the official clients require it',
  ],
  [
    /^container\[\]\.(?:memory_limit|network_policy): not recorded$/,
    'newer than that list; in the recording of a made one',
  ],
  [/^made file\.bytes: number, recorded null$/, 'here the size of a file that code made is known'],
  [
    /^error(?: 429)?\.error\.type: \w+, recorded insufficient_quota$/,
    'there is no quota here: what else the hosted service says with 429, or where it fails',
  ],
];

const used = new Set<RegExp>();

function assertSameShape(ours: unknown, theirs: unknown, where: string): void {
  const left = differences(ours, theirs, where).filter((difference) => {
    const found = JUSTIFIED.filter(([pattern]) => pattern.test(difference));
    for (const [pattern] of found) used.add(pattern);
    return found.length === 0;
  });
  assert.deepEqual(left, []);
}

function text(name: string): string {
  return readFileSync(path.join(RECORDINGS, name), 'utf8');
}

const json = (name: string) => withoutReasoning(JSON.parse(text(name)) as Json);

/** The same steps in the same order, each event with the fields of the recorded ones, numbered without a gap. */
function assertSameStream(ours: readonly Json[], name: string): void {
  const [mine, recorded] = [stepsOf(ours), stepsOf(parseEvents(text(name)))];
  assert.deepEqual(
    mine.map(({ type }) => type),
    recorded.map(({ type }) => type),
  );
  for (const [i, { type, events }] of mine.entries()) {
    const theirs = recorded[i]?.events ?? [];
    // Of a step that comes several times, every one of ours is like the first recorded.
    for (const [n, event] of events.entries()) assertSameShape(event, theirs[n] ?? theirs[0], type);
  }
  const first = Number(at(parseEvents(text(name)), 0, 'sequence_number'));
  assert.deepEqual(
    ours.map((event) => event['sequence_number']),
    ours.map((_, i) => first + i),
  );
}

const CHART = 'print("x")\nplt.plot([1])\nplt.savefig("/mnt/data/a.png")';
const NO_TOOLS = { tools: [], include: [] };

async function content(gateway: Gateway, containerId: unknown, fileId: unknown): Promise<Response> {
  return await fetch(`${gateway.url}/v1/containers/${containerId}/files/${fileId}/content`, {
    headers: { authorization: `Bearer ${KEY}` },
  });
}

/** For each recording what is held against it. One without an entry fails the last test but one. */
const COMPARED: Readonly<Record<string, () => Promise<void>>> = {
  'stream-image-and-file.sse': async () => {
    await using gateway = await testGateway();
    assertSameStream(await gateway.stream(CHART), 'stream-image-and-file.sse');
  },
  'stream-csv-file.sse': async () => {
    await using gateway = await testGateway();
    assertSameStream(await gateway.stream('print("x")\nopen("/mnt/data/a.csv", "w")'), 'stream-csv-file.sse');
  },
  'stream-text-before-code.sse': async () => {
    const agent = scriptedAgent(
      { type: 'text', delta: 'Let me see.' },
      { type: 'code', delta: 'print("x")' },
      { type: 'run' },
      { type: 'text', delta: 'There it is.' },
    );
    await using gateway = await testGateway({ agents: [agent] });
    assertSameStream(await gateway.stream('go', { include: [] }), 'stream-text-before-code.sse');
  },
  'stream-background.sse': async () => {
    await using gateway = await testGateway();
    const events = await gateway.stream('hello', { ...NO_TOOLS, background: true });
    assertSameStream(events, 'stream-background.sse');
  },
  'stream-background-resumed-after-1.sse': async () => {
    await using gateway = await testGateway();
    const events = await gateway.stream('hello', { ...NO_TOOLS, background: true });
    const resumed = await fetch(
      `${gateway.url}/v1/responses/${at(events, 0, 'response', 'id')}?stream=true&starting_after=1`,
      { headers: { authorization: `Bearer ${KEY}` } },
    );
    assertSameStream(parseEvents(await resumed.text()), 'stream-background-resumed-after-1.sse');
  },
  'stream-error-then-failed.sse': async () => {
    await using gateway = await testGateway({ agents: [scriptedAgent(new Error('inside'))] });
    assertSameStream(await gateway.stream('go', NO_TOOLS), 'stream-error-then-failed.sse');
  },
  'response-image.json': async () => {
    await using gateway = await testGateway();
    assertSameShape(await gateway.run(CHART), json('response-image.json'), 'response');
  },
  'response-logs-null-outputs.json': async () => {
    await using gateway = await testGateway();
    const response = await gateway.run('print("x")', { include: [] });
    assertSameShape(response, json('response-logs-null-outputs.json'), 'response');
  },
  'response-incomplete.json': async () => {
    await using gateway = await testGateway();
    const response = await gateway.run('hello', { ...NO_TOOLS, max_output_tokens: 20 });
    assertSameShape(response, json('response-incomplete.json'), 'response');
    assert.equal(response['max_output_tokens'], 20);
  },
  'container-created.json': async () => {
    await using gateway = await testGateway();
    const asked = { name: 'shape', memory_limit: '4g' };
    const { body } = await gateway.ask('POST', '/v1/containers', asked);
    assertSameShape(body, json('container-created.json'), 'container');
    assertSameShape((await gateway.ask('GET', `/v1/containers/${body['id']}`)).body, body, 'container');
  },
  'containers-page-with-expired.json': async () => {
    await using gateway = await testGateway();
    for (let i = 0; i < 12; i++) {
      // Of the recorded page the five newest run and the five others are expired.
      if (i === 7) gateway.skip(21 * 60_000);
      await gateway.ask('POST', '/v1/containers', { name: `shape ${i}` });
    }
    const { body } = await gateway.ask('GET', '/v1/containers?limit=10');
    const recorded = json('containers-page-with-expired.json');
    assertSameShape({ ...body, data: [] }, { ...recorded, data: [] }, 'containers');
    assertSameShape(body['data'], recorded['data'], 'container');
    assert.equal(body['has_more'], recorded['has_more']);
  },
  'container-deleted.json': async () => {
    await using gateway = await testGateway();
    const { body } = await gateway.ask('POST', '/v1/containers', { name: 'shape' });
    const { body: deleted } = await gateway.ask('DELETE', `/v1/containers/${body['id']}`);
    assert.deepEqual(deleted, { ...json('container-deleted.json'), id: body['id'] });
  },
  'container-files-empty.json': async () => {
    await using gateway = await testGateway();
    const { body } = await gateway.ask('POST', '/v1/containers', { name: 'shape' });
    const { body: files } = await gateway.ask('GET', `/v1/containers/${body['id']}/files`);
    assert.deepEqual(files, json('container-files-empty.json'));
  },
  'container-file-uploaded.json': async () => {
    await using gateway = await testGateway();
    const { body } = await gateway.ask('POST', '/v1/containers', { name: 'shape' });
    const file = await gateway.upload(`/v1/containers/${body['id']}/files`, 'test-file.txt', 'x');
    const recorded = json('container-file-uploaded.json');
    assertSameShape(file, recorded, 'uploaded file');
    // The hosted service puts a prefix before every name; here only where the name is taken (`records.ts`).
    assert.match(String(recorded['path']), /^\/mnt\/data\/[0-9a-f]{32}-test-file\.txt$/);
    assert.equal(file['path'], '/mnt/data/test-file.txt');
  },
  'container-file.json': async () => {
    await using gateway = await testGateway();
    const response = await gateway.run('open("/mnt/data/made.csv", "w")');
    const files = `/v1/containers/${at(response, 'output', 0, 'container_id')}/files`;
    const listed = list((await gateway.ask('GET', files)).body, 'data')[0];
    assertSameShape(listed, json('container-file.json'), 'made file');
    assert.deepEqual((await gateway.ask('GET', `${files}/${listed?.['id']}`)).body, listed);
  },
  'container-file-deleted.json': async () => {
    await using gateway = await testGateway();
    const { body } = await gateway.ask('POST', '/v1/containers', { name: 'shape' });
    const files = `/v1/containers/${body['id']}/files`;
    const { id } = await gateway.upload(files, 'a.txt', 'x');
    const { body: deleted } = await gateway.ask('DELETE', `${files}/${id}`);
    assert.deepEqual(deleted, { ...json('container-file-deleted.json'), id });
  },
  'file-content.bin': async () => {
    await using gateway = await testGateway();
    const sent = text('file-content.bin');
    const { body } = await gateway.ask('POST', '/v1/containers', { name: 'shape' });
    const { id } = await gateway.upload(`/v1/containers/${body['id']}/files`, 'a.csv', sent);
    const answer = await content(gateway, body['id'], id);
    assert.equal(answer.headers.get('content-type'), 'application/octet-stream');
    assert.equal(await answer.text(), sent);
  },
  'error-400.json': async () => {
    await using gateway = await testGateway();
    const { status, body } = await gateway.ask('POST', '/v1/responses', {});
    assert.equal(status, 400);
    assertSameShape(body, json('error-400.json'), 'error 400');
    assert.equal(at(body, 'error', 'code'), at(json('error-400.json'), 'error', 'code'));
  },
  'error-401.json': async () => {
    await using gateway = await testGateway();
    const answer = await fetch(`${gateway.url}/v1/models`, {
      headers: { authorization: 'Bearer not-the-key' },
    });
    assert.equal(answer.status, 401);
    const body = (await answer.json()) as Json;
    assertSameShape(body, json('error-401.json'), 'error 401');
    assert.equal(at(body, 'error', 'code'), at(json('error-401.json'), 'error', 'code'));
  },
  'error-429-insufficient-quota.json': async () => {
    await using gateway = await testGateway({ mostAwake: 1 });
    const busy = await gateway.run('while True: pass', { background: true });
    const run = { model: 'built-in', input: 'print("x")', tools: [TOOL] };
    const { status, body } = await gateway.ask('POST', '/v1/responses', run);
    assert.equal(status, 429);
    assertSameShape(body, json('error-429-insufficient-quota.json'), 'error 429');
    await gateway.ask('POST', `/v1/responses/${busy['id']}/cancel`);
  },
};

suite('answers have the shape of the recorded ones', { skip }, () => {
  for (const [name, compare] of Object.entries(COMPARED)) test(name, compare);

  test('every recording is compared', () => {
    const all = readdirSync(RECORDINGS).filter((name) => name !== 'README.md');
    assert.deepEqual(all.toSorted(), Object.keys(COMPARED).toSorted());
  });

  test('every justified difference is still one', () => {
    const stale = JUSTIFIED.filter(([pattern]) => !used.has(pattern)).map(([pattern]) => String(pattern));
    assert.deepEqual(stale, []);
  });
});
