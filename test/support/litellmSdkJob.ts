import assert from 'node:assert/strict';
import { before, it } from 'node:test';
import {
  ASIDE,
  assertDownloaded,
  assertRefused,
  type ClientsTarget,
  kinds,
  nativeId,
  type Refusal,
  type Way,
} from './clientsTarget.ts';
import { CHART_EVENTS, RUN_EVENTS } from './openaiPythonJob.ts';
import { runPythonClient, type Seen } from './pythonClient.ts';

/** What LiteLLM's SDK must see at the local gateway, and through a LiteLLM proxy before it. */
export function litellmSdkJob(get: () => ClientsTarget, way: Way): void {
  let seen: Seen;
  const proxy = way === 'through LiteLLM';
  before(async () => {
    const { gateway, given } = get();
    const more = proxy
      ? { aside: ASIDE.litellm, proxy: { api_base: gateway.url, api_key: gateway.key } }
      : { aside: 'built-in' };
    seen = await runPythonClient('litellmJob.py', gateway, { ...given, ...more });
  });

  it('has some documented functions in litellm.containers only', () => {
    const names = ['retrieve_container_file', 'retrieve_container_file_content', 'delete_container_file'];
    const absent = [...names, ...names.map((name) => `a${name}`)];
    assert.deepEqual(seen.of('names'), { absent, in_containers: absent });
  });

  it('runs the example of the page, and downloads what was made', async () => {
    const plain = seen.of('plain');
    const citation = 'AnnotationContainerFileCitation';
    assert.deepEqual(plain['classes'], [
      'ResponsesAPIResponse',
      'ResponseCodeInterpreterToolCall',
      'ResponseOutputMessage',
      citation,
      citation,
    ]);
    assert.equal(plain['outputs'], null, 'they were not asked for');
    assert.deepEqual(plain['list'], ['ContainerFileListResponse', 'ContainerFileObject', false]);
    const files = plain['files'] as Record<string, { id: string; container_id: string }>;
    assert.deepEqual(await assertDownloaded(get().upstream, files), ['figure.png', 'market_share.png']);
    const ids = Object.values(files).map((file) => file.id);
    assert.deepEqual([...(plain['cited'] as string[])].sort(), ids.sort());
    assert.equal(plain['filename'], 'AttributeError', 'the page prints it; the file has a path');
  });

  it('rewrites the id of the container, and cannot run in it by that', () => {
    const { container_id: id, id_as_container: refused, files } = seen.of('plain');
    const native = Object.values(files as Record<string, { container_id: string }>)[0]?.container_id;
    assert.notEqual(id, native);
    assert.equal(nativeId(id), native);
    assertRefused({ refused }, { refused: ['BadRequestError', 400, null, /string too long/] });
  });

  it('fakes the stream of a model that it does not know, without a word of the code', () => {
    const { faked } = seen.of('streams') as { faked: Record<string, unknown> };
    const calls = /code_interpreter_call/;
    assert.equal(faked['iterator'], 'MockResponsesAPIStreamingIterator');
    assert.deepEqual(
      kinds(faked['order']),
      RUN_EVENTS.filter((name) => !calls.test(name)),
    );
    assert.equal(faked['logs'], '0\n1\n4\n');
  });

  it('streams a model that is registered, the events of code as generic ones', () => {
    const { streamed } = seen.of('streams') as { streamed: Record<string, unknown> };
    assert.equal(streamed['iterator'], 'SyncResponsesAPIStreamingIterator');
    assert.deepEqual(kinds(streamed['order']), RUN_EVENTS);
    const { classes, code, text, final, logs } = streamed;
    const generic = (classes as string[]).filter((name) => name.endsWith(' GenericEvent'));
    assert.deepEqual(
      generic,
      (classes as string[]).filter((name) => name.includes('code_interpreter_call')),
    );
    assert.equal(generic.length, 5);
    assert.deepEqual(final, ['ResponsesAPIResponse', code, text]);
    assert.match(String(code), /print\(n \* n\)/);
    assert.equal(logs, '0\n1\n4\n');
  });

  it('continues, retrieves, deletes and cancels answers', () => {
    assert.deepEqual(seen.of('chained'), {
      logs: '42\n',
      same_container: true,
      retrieved: ['completed', 'print(kept + 1)\n'],
      deleted: true,
      cancelled: 'cancelled',
    });
  });

  it('streams and downloads asynchronously', async () => {
    const { iterator, order, files } = seen.of('asynchronous');
    assert.equal(iterator, 'ResponsesAPIStreamingIterator');
    assert.deepEqual(kinds(order), CHART_EVENTS);
    assert.deepEqual(await assertDownloaded(get().upstream, files), ['figure.png', 'sales_by_quarter.png']);
    for (const [name, file] of Object.entries(files as Record<string, { retrieved: string }>))
      assert.equal(file.retrieved, name);
  });

  const gone: Refusal = ['NotFoundError', 404, null, /not found/];
  const name = 'My Code Interpreter Container';
  const life = { anchor: 'last_active_at', minutes: 20 };

  it('creates, lists, retrieves and deletes a container', () => {
    const { gone: refused, ...rest } = seen.of('life_of_a_container');
    assert.deepEqual(rest, {
      class: [
        'ContainerObject',
        'ContainerListResponse',
        'ContainerObject',
        'ContainerObject',
        'DeleteContainerResult',
      ],
      name: [name, name, name],
      status: 'running',
      life,
      deleted: [true, true],
    });
    assertRefused({ refused }, { refused: gone });
  });

  it('does so asynchronously', () => {
    const { gone: refused, ...rest } = seen.of('life_of_a_container_async');
    assert.deepEqual(rest, { listed: true, name, life, deleted: [true, true] });
    assertRefused({ refused }, { refused: gone });
  });

  it('uploads, lists in pages, retrieves, reads and deletes files of a container', () => {
    const { gone: refused, ...rest } = seen.of('files_of_a_container');
    assert.deepEqual(rest, {
      logs: 'a,b\n1,2\n12\n',
      file: ['/mnt/data/data.csv', 'user', 8],
      pages: [
        [['/mnt/data/data.csv'], true],
        [['/mnt/data/out.txt'], false],
      ],
      retrieved: '/mnt/data/out.txt',
      content: ['bytes', 'made by code'],
      deleted: ['DeleteContainerFileResponse', true],
    });
    assertRefused({ refused }, { refused: gone });
  });

  it('does so asynchronously too', () => {
    const { gone: refused, ...rest } = seen.of('files_of_a_container_async');
    assert.deepEqual(rest, {
      file: ['/mnt/data/script.py', 'user'],
      content: "print('hello world')",
      deleted: true,
      left: 0,
    });
    assertRefused({ refused }, { refused: gone });
  });

  it('raises classes of the official client', () => {
    const { names, bases } = seen.of('classes');
    assert.deepEqual(bases, names);
  });

  it('raises for a wrong key', () => {
    const wrong: Refusal = proxy
      ? ['BadRequestError', 400, null, /No connected db/]
      : ['AuthenticationError', 401, null, /Incorrect API key/];
    assertRefused(seen.of('wrong_key'), { run: wrong, stream: wrong, containers: wrong, files: wrong });
  });

  it('raises for wrong requests', () => {
    assertRefused(seen.of('wrong_requests'), {
      model: proxy
        ? ['BadRequestError', 400, null, /Invalid model name passed in model=gpt-9/]
        : ['NotFoundError', 404, null, /`gpt-9` does not exist/],
      no_container: ['BadRequestError', 400, null, /Missing required parameter/],
      // Its class is that of a 400, its status says what it is.
      container: ['BadRequestError', 404, null, /cntr_none/],
      files: ['NotFoundError', 404, null, /cntr_none/],
    });
  });

  it('raises for an expired container, and for a chain that needs it', () => {
    const { status, ...rest } = seen.of('expired');
    assert.equal(status, 'expired');
    const expired: Refusal = ['BadRequestError', 400, null, /Container is expired\./];
    assertRefused(rest, { files: expired, run: expired, chain: expired });
  });

  it('raises for an upload that is too large', () => {
    // Its class is that of a 400, its status says what it is.
    assertRefused(
      { it: seen.of('too_large') },
      { it: ['BadRequestError', 413, null, /Maximum content size/] },
    );
  });

  if (!proxy) return;
  it('runs with its provider for proxies, which has no containers', () => {
    const { logs, containers } = seen.of('as_a_proxy');
    assert.equal(logs, '42\n');
    const why = /Container provider config not found for provider: litellm_proxy/;
    assertRefused({ containers }, { containers: ['APIConnectionError', 500, null, why] });
  });
}
