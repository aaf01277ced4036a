import assert from 'node:assert/strict';
import { before, it } from 'node:test';
import type { GatewayClient } from '../../src/gateway/client.ts';
import { readWhole } from '../../src/gateway/files/content.ts';
import type { TestGateway } from '../local/testGateway.ts';
import {
  containerIn,
  logsIn,
  type Provider,
  python,
  ran,
  refused,
  runRequest,
  stateOf,
  stepIn,
} from './litellmUnderTest.ts';
import type { ProviderFront } from './providerFront.ts';

/** What the routes of one provider are tested with. */
export interface RoutesTarget {
  readonly client: GatewayClient;
  /** Asks more often how a run in the background goes. */
  readonly impatient: GatewayClient;
  readonly front: ProviderFront;
  readonly upstream: TestGateway;
}

const TOO_LARGE = 65 * 1024 * 1024;

/** Every route that the client has, through LiteLLM to a provider: what comes back, and what the provider is asked. */
export function litellmRoutesJob(get: () => RoutesTarget, provider: Provider): void {
  const { model, runs, containers } = provider;
  let client: GatewayClient;
  let front: ProviderFront;
  let container: string;
  let response: string;
  const asked = () => front.takeAsked();
  before(() => {
    ({ client, front } = get());
    asked();
  });

  it('lists the models of its configuration, without asking the provider', async () => {
    assert.ok((await client.models()).includes(model));
    assert.deepEqual(asked(), []);
  });

  it('streams a run, with native container ids in every event', async () => {
    const code = python('kept = 41', 'open("/mnt/data/made.csv", "w").write("a,b\\n1,2\\n")', 'print("ran")');
    const routed: string[] = [];
    const state = await stateOf(
      client.run(runRequest(code, { model }), new AbortController().signal),
      (event) => {
        if (/cntr_[\w+/=]{65}/.test(JSON.stringify(event))) routed.push(event.type);
      },
    );
    assert.deepEqual([state.status, logsIn(state)], ['completed', 'ran\n']);
    assert.equal(state.model, 'built-in', 'the provider’s own name of the model');
    assert.deepEqual(routed, []);
    container = containerIn(state);
    response = state.responseId ?? '';
    assert.deepEqual(asked(), [`POST ${runs}`]);
  });

  it('runs plainly, and continues the chain in its container', async () => {
    const code = python('print(kept + 1)');
    const state = await ran(client, runRequest(code, { model, previousResponseId: response, stream: false }));
    assert.deepEqual([state.status, logsIn(state), containerIn(state)], ['completed', '42\n', container]);
    assert.equal(state.model, model, 'LiteLLM’s name of the model, unlike in a stream');
    const inIt = await ran(client, runRequest(code, { model, containerId: container }));
    assert.deepEqual([logsIn(inIt), containerIn(inIt)], ['42\n', container]);
    assert.deepEqual(asked(), [`POST ${runs}`, `POST ${runs}`]);
  });

  it('lists, reads, takes and deletes files where the container is', async () => {
    const [made] = await client.listFiles(container);
    assert.deepEqual(
      [made?.path, made?.containerId, made?.source],
      ['/mnt/data/made.csv', container, 'assistant'],
    );
    const content = await client.fileContent({
      containerId: container,
      fileId: made?.id ?? '',
      filename: 'made.csv',
    });
    assert.equal(Buffer.from(await readWhole(content, 1_000)).toString(), 'a,b\n1,2\n');
    const sent = await client.uploadFile(container, { name: 'séance 1.csv', bytes: Buffer.from('x\n') });
    assert.match(sent.path, /séance 1\.csv$/);
    assert.deepEqual(await client.retrieveFile(container, sent.id), sent);
    await client.deleteFile(container, sent.id);
    const files = `/${container}/files`;
    assert.deepEqual(asked(), [
      `GET ${containers(files, '?limit=100')}`,
      `GET ${containers(`${files}/${made?.id}/content`)}`,
      `POST ${containers(files)}`,
      `GET ${containers(`${files}/${sent.id}`)}`,
      `DELETE ${containers(`${files}/${sent.id}`)}`,
    ]);
  });

  it('retrieves its container, by the id that a run told', async () => {
    assert.deepEqual([(await client.retrieveContainer(container)).status], ['running']);
    assert.deepEqual(asked(), [`GET ${containers(`/${container}`)}`]);
  });

  it('runs in the background, and tells of it when asked again, but not what the code printed', async () => {
    const { impatient } = get();
    const code = python('import time', 'time.sleep(0.5)', 'print("late")');
    const state = await ran(impatient, runRequest(code, { model, background: true, stream: false }));
    assert.equal(state.status, 'completed');
    assert.equal(asked().filter((line) => line.startsWith('POST')).length, 1);
    const again = await stateOf(impatient.resume(state.responseId ?? '', {}, new AbortController().signal));
    assert.deepEqual([again.status, stepIn(again).code], ['completed', stepIn(state).code]);
    assert.equal(stepIn(again).outputs, undefined);
    // The client asked for a stream with outputs: LiteLLM passes on neither wish, and answers with JSON.
    const [line] = asked().map((url) => url.replace(/resp_\w+/, 'resp_'));
    assert.equal(line, `GET ${runs.replace('/responses', '/responses/resp_')}`);
  });

  it('cancels a run in the background', async () => {
    const { impatient } = get();
    const stop = new AbortController();
    const request = runRequest(python('while True: pass'), { model, background: true });
    let id = '';
    const run = stateOf(impatient.run(request, stop.signal), (event, state) => {
      if (event.type !== 'response.code_interpreter_call.interpreting') return;
      id = state.responseId ?? '';
      stop.abort();
    });
    await assert.rejects(run, { name: 'AbortError' });
    await impatient.cancel(id);
    const state = await stateOf(impatient.resume(id, {}, new AbortController().signal));
    assert.equal(state.status, 'cancelled');
    asked();
  });

  it('tells an unknown model apart', async () => {
    await assert.rejects(
      ran(client, runRequest('hi', { model: 'no-such-model' })),
      refused('model_unknown', 400, /Invalid model name passed in model=no-such-model/),
    );
    assert.deepEqual(asked(), [], 'the provider was not asked');
  });

  it('tells files that are gone apart, in the provider’s words', async () => {
    const gone = refused('not_found', 404, /File cfile_gone not found/);
    await assert.rejects(client.retrieveFile(container, 'cfile_gone'), gone);
    await assert.rejects(client.deleteFile(container, 'cfile_gone'), gone);
    const ref = { containerId: container, fileId: 'cfile_gone', filename: 'a.csv' };
    await assert.rejects(client.fileContent(ref), gone);
  });

  it('tells an upload that is too large apart', async () => {
    const bytes = Buffer.alloc(TOO_LARGE);
    await assert.rejects(
      client.uploadFile(container, { name: 'big.bin', bytes }),
      refused('too_large', 413, /size limit/),
    );
  });

  it('tells responses apart that it did not make', async () => {
    await assert.rejects(
      stateOf(client.resume('resp_68f2c1', {}, new AbortController().signal)),
      refused('not_found', 400, /You passed in model=None/),
    );
  });

  it('tells an expired container apart in a run, in a chain and for files', async () => {
    get().upstream.skip(21 * 60_000);
    const expired = refused('container_expired', 400, /^Container is expired\.$/);
    await assert.rejects(ran(client, runRequest('hi', { model, containerId: container })), expired);
    await assert.rejects(ran(client, runRequest('hi', { model, previousResponseId: response })), expired);
    await assert.rejects(client.listFiles(container), expired);
    assert.equal((await client.retrieveContainer(container)).status, 'expired');
  });

  it('deletes a container, and tells it apart from then on', async () => {
    await client.deleteContainer(container);
    const gone = refused('not_found', 404, /Container with id '\w+' not found/);
    await assert.rejects(client.retrieveContainer(container), gone);
    await assert.rejects(client.listFiles(container), gone);
  });
}
