import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, it } from 'node:test';
import { promisify } from 'node:util';
import { arrayField, field, stringField } from '../../src/core/json.ts';
import { assertDownloaded, type ClientsTarget, seenOf, type Way } from './clientsTarget.ts';
import { parseJson } from './json.ts';
import { CHART_EVENTS } from './openaiPythonJob.ts';

/** Why curl's examples cannot be run here; false where they can. */
export function curlMissing(): string | false {
  return spawnSync('curl', ['--version']).status === 0 ? false : 'there is no curl on PATH';
}

/** The curl examples of LiteLLM's pages, with the real program. */
export function curlJob(get: () => ClientsTarget, way: Way): void {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'code-interpreter-curl-'));
  });
  after(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  async function curl(route: string, ...args: readonly string[]): Promise<string> {
    const { url, key } = get().gateway;
    const { stdout } = await promisify(execFile)(
      'curl',
      [
        '--silent',
        '--show-error',
        '--fail',
        '--noproxy',
        '*',
        `${url}${route}`,
        '-H',
        `Authorization: Bearer ${key}`,
        ...args,
      ],
      { cwd: folder, maxBuffer: 16 * 1024 * 1024, timeout: 60_000 },
    );
    return stdout;
  }
  const json = async (route: string, ...args: readonly string[]) => parseJson(await curl(route, ...args));
  const body = (value: object) => ['-H', 'Content-Type: application/json', '-d', JSON.stringify(value)];
  const idsOf = (page: unknown) => arrayField(page, 'data')?.map((one) => stringField(one, 'id'));

  async function create(route = '/v1/containers', ...args: readonly string[]): Promise<string> {
    const expires = { anchor: 'last_active_at', minutes: 20 };
    const made = await json(
      route,
      '-X',
      'POST',
      ...args,
      ...body({ name: 'My Container', expires_after: expires }),
    );
    assert.equal(field(made, 'name'), 'My Container');
    assert.deepEqual(field(made, 'expires_after'), expires);
    return String(stringField(made, 'id'));
  }

  it('creates, lists, retrieves and deletes a container', async () => {
    const id = await create();
    assert.ok(idsOf(await json('/v1/containers?limit=20&order=desc'))?.includes(id));
    assert.equal(field(await json(`/v1/containers/${id}`), 'status'), 'running');
    const deleted = await json(`/v1/containers/${id}`, '-X', 'DELETE');
    assert.deepEqual(deleted, { id, object: 'container.deleted', deleted: true });
  });

  it('uploads, lists, retrieves, downloads and deletes a file', async () => {
    const files = `/v1/containers/${await create()}/files`;
    await writeFile(path.join(folder, 'data.csv'), 'a,b\n1,2\n');
    const file = await json(files, '-F', 'file=@data.csv');
    assert.deepEqual([field(file, 'path'), field(file, 'source')], ['/mnt/data/data.csv', 'user']);
    const id = String(stringField(file, 'id'));
    assert.deepEqual(idsOf(await json(files)), [id]);
    assert.equal(field(await json(`${files}/${id}`), 'bytes'), 8);
    await curl(`${files}/${id}/content`, '--output', 'downloaded_file.csv');
    assert.equal(await readFile(path.join(folder, 'downloaded_file.csv'), 'utf8'), 'a,b\n1,2\n');
    assert.equal(field(await json(`${files}/${id}`, '-X', 'DELETE'), 'deleted'), true);
    assert.deepEqual(idsOf(await json(files)), []);
  });

  it('streams a run, and downloads what it made', async () => {
    const run = {
      model: 'built-in',
      stream: true,
      tools: [{ type: 'code_interpreter', container: { type: 'auto' } }],
      input: 'Generate a bar chart of quarterly sales and save as PNG',
    };
    const streamed = await curl('/v1/responses', '--no-buffer', ...body(run));
    const events = [...streamed.matchAll(/^data: (\{.*)$/gm)].map((match) => parseJson(match[1] ?? ''));
    const types = events.map((event) => stringField(event, 'type'));
    assert.deepEqual(
      types.filter((type, at) => type !== types[at - 1]),
      CHART_EVENTS,
    );
    const [call] = arrayField(field(events.at(-1), 'response'), 'output') ?? [];
    const files = `/v1/containers/${encodeURIComponent(String(stringField(call, 'container_id')))}/files`;
    const downloaded: Record<string, object> = {};
    for (const file of arrayField(await json(files), 'data') ?? []) {
      const id = String(stringField(file, 'id'));
      await curl(`${files}/${id}/content`, '--output', 'output.png');
      const bytes = await readFile(path.join(folder, 'output.png'));
      const container = stringField(file, 'container_id');
      downloaded[String(stringField(file, 'path'))] = { id, container_id: container, ...seenOf(bytes) };
    }
    assert.deepEqual(await assertDownloaded(get().upstream, downloaded), [
      'figure.png',
      'sales_by_quarter.png',
    ]);
  });

  if (way === 'straight') return;
  it('names the provider by header, by query and in the body', async () => {
    await create('/v1/containers', '-H', 'custom-llm-provider: openai');
    await create('/v1/containers?custom_llm_provider=openai');
    const made = await json(
      '/v1/containers',
      '-X',
      'POST',
      ...body({ name: 'My Container', custom_llm_provider: 'openai' }),
    );
    assert.match(String(stringField(made, 'id')), /^cntr_/);
    const refused = create('/v1/containers', '-H', 'custom-llm-provider: anthropic');
    await assert.rejects(refused, /returned error: 500/);
  });
}
