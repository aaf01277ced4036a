import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, it } from 'node:test';
import { runCitations } from '../../src/core/citations.ts';
import { GatewayError } from '../../src/core/errors.ts';
import type { ErrorKind } from '../../src/core/events.ts';
import { reduceRun } from '../../src/core/run.ts';
import { type CodeStep, initialRun, type RunState } from '../../src/core/runState.ts';
import { GatewayClient } from '../../src/gateway/client.ts';
import { saveContent } from '../../src/gateway/files/download.ts';
import { Transport } from '../../src/gateway/network/transport.ts';
import type { RunRequest } from '../../src/gateway/runs/runs.ts';

interface Address {
  readonly url: string;
  readonly key: string;
}

/** What the client must be able to do at any gateway that has real Python behind it: the same tests for each. */
export function clientJob(get: () => Address): void {
  let transport: Transport;
  let client: GatewayClient;
  let folder: string;
  let containerId: string;
  let responseId: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'client-'));
    transport = new Transport(() => ({ proxy: '', noProxy: [], strictTls: true, env: {} }));
    client = new GatewayClient({ baseUrl: get().url, key: get().key }, transport);
  });
  after(async () => {
    await transport.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function run(input: string, more: Partial<RunRequest> = {}, by = client): Promise<RunState> {
    const request = {
      model: 'built-in',
      input,
      containerId: undefined,
      previousResponseId: undefined,
      stream: true,
    };
    let state = initialRun;
    const signal = new AbortController().signal;
    for await (const batch of by.run({ ...request, ...more }, signal)) {
      for (const event of batch) state = reduceRun(state, event, Date.now());
    }
    return state;
  }
  const stepOf = (state: RunState): CodeStep => {
    const step = state.items.find((item) => item.kind === 'code');
    assert.ok(step?.kind === 'code', JSON.stringify(state));
    return step;
  };
  const logsOf = (state: RunState) =>
    (stepOf(state).outputs ?? [])
      .flatMap((output) => (output.type === 'logs' ? [output.logs] : []))
      .join('\n');
  const kindIs =
    (...kinds: readonly ErrorKind[]) =>
    (error: unknown) => {
      assert.ok(error instanceof GatewayError, String(error));
      assert.ok(kinds.includes(error.kind), `${error.kind}: ${error.detail}`);
      return true;
    };

  it('lists the models', async () => {
    assert.deepEqual(await client.models(), ['built-in']);
  });

  it('streams a run: code, a picture, the answer, a cited file', async () => {
    const state = await run('Generate a bar chart of sales by quarter and save as PNG');
    assert.equal(state.status, 'completed');
    const step = stepOf(state);
    assert.match(step.code, /matplotlib/);
    const image = step.outputs?.find((output) => output.type === 'image');
    const bytes = Buffer.from(
      image?.type === 'image' ? image.url.slice(image.url.indexOf(',') + 1) : '',
      'base64',
    );
    assert.equal(bytes.subarray(1, 4).toString(), 'PNG');
    const named = runCitations(state).find(({ endIndex }) => endIndex > 0);
    assert.match(named?.filename ?? '', /\.png$/);
    assert.ok(step.containerId && step.containerId.length <= 64, 'the native id');
    assert.equal(named?.containerId, step.containerId);
    containerId = step.containerId;
    responseId = state.responseId ?? '';
  });

  it('runs without streaming to the same kind of state', async () => {
    const state = await run('Create a CSV with sample sales data', { stream: false });
    assert.equal(state.status, 'completed');
    assert.ok(runCitations(state).some(({ filename }) => filename.endsWith('.csv')));
  });

  it('continues the chain in its container: variables and files are there', async () => {
    await run('```python\nkept = 41\nopen("/mnt/data/kept.txt", "w").write("kept")\n```', { containerId });
    const code = '```python\nprint(kept + 1, open("/mnt/data/kept.txt").read())\n```';
    const state = await run(code, { containerId, previousResponseId: responseId });
    assert.match(logsOf(state), /42 kept/);
    assert.equal(stepOf(state).containerId, containerId);
  });

  it('carries a prompt of 1 MB', async () => {
    const code = `text = """${'x'.repeat(1_000_000)}"""\nprint(len(text))`;
    assert.match(logsOf(await run(`\`\`\`python\n${code}\n\`\`\``, { containerId })), /1000000/);
  });

  it('uploads, lists, retrieves, reads, saves and deletes a file', async () => {
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7) % 256));
    const file = await client.uploadFile(containerId, { name: 'raw data.bin', bytes });
    assert.equal(file.containerId, containerId);
    assert.ok((await client.listFiles(containerId)).some(({ id }) => id === file.id));
    assert.equal((await client.retrieveFile(containerId, file.id)).path, file.path);
    const ref = { containerId, fileId: file.id, filename: 'raw data.bin' };
    const target = { folder, name: 'raw data.bin', replace: false };
    const saved = await saveContent(await client.fileContent(ref), target);
    assert.equal(saved.bytes, bytes.length);
    const hash = (data: Uint8Array) => createHash('sha256').update(data).digest('hex');
    assert.equal(hash(await readFile(saved.path)), hash(bytes));
    const state = await run(
      `\`\`\`python\nprint(len(open(${JSON.stringify(file.path)}, "rb").read()))\n\`\`\``,
      { containerId },
    );
    assert.match(logsOf(state), /300000/);
    await client.deleteFile(containerId, file.id);
    assert.ok(!(await client.listFiles(containerId)).some(({ id }) => id === file.id));
    await assert.rejects(client.fileContent(ref), kindIs('not_found', 'server'));
  });

  it('creates, lists, retrieves and deletes a container', async () => {
    const made = await client.createContainer({ name: 'by hand' });
    assert.equal(made.name, 'by hand');
    assert.equal(made.status, 'running');
    const listed = await client.listContainers();
    assert.ok(listed.some(({ id }) => id === made.id));
    assert.ok(
      listed.some(({ id }) => id === containerId),
      'the container of the runs, under its native id',
    );
    assert.equal((await client.retrieveContainer(made.id)).id, made.id);
    await client.deleteContainer(made.id);
    await assert.rejects(client.retrieveContainer(made.id), kindIs('not_found', 'server'));
  });

  it('a stopped run closes its request, and its container can be used at once', async () => {
    const request = {
      model: 'built-in',
      input: '```python\nwhile True:\n    pass\n```',
      containerId,
      previousResponseId: undefined,
    };
    // More than once: what comes at the very end of a run meets the next one only now and then.
    for (let round = 0; round < 5; round++) {
      const stop = new AbortController();
      const running = (async () => {
        for await (const batch of client.run({ ...request, stream: true }, stop.signal)) {
          if (batch.some((event) => event.type === 'response.code_interpreter_call.interpreting'))
            stop.abort();
        }
      })();
      await assert.rejects(running, { name: 'AbortError' });
      assert.match(logsOf(await run('```python\nprint(kept)\n```', { containerId })), /41/);
    }
  });

  it('a wrong key', async () => {
    const wrong = new GatewayClient({ baseUrl: get().url, key: 'sk-wrong-0123456789' }, transport);
    await assert.rejects(run('print(1)', {}, wrong), kindIs('key_rejected'));
    await assert.rejects(wrong.models(), kindIs('key_rejected'));
  });

  it('an unknown model', async () => {
    await assert.rejects(run('print(1)', { model: 'no-such-model' }), kindIs('model_unknown'));
  });
}
