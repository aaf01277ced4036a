import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RunEvent } from '../../src/core/events.ts';
import { readWhole } from '../../src/gateway/files/content.ts';
import { clientUnderTest } from '../support/clientUnderTest.ts';
import { type Answer, events, json } from '../support/faultServer.ts';

const { server, client, healed, rejectsWith } = clientUnderTest();

const NATIVE = 'cntr_6a3c1c1024a8819892cfe6b854387cea0bb1797a3699251c';
const ROUTED = `cntr_${Buffer.from(`litellm:custom_llm_provider:openai;model_id:${'a'.repeat(64)};container_id:${NATIVE}`).toString('base64')}`;
const call = { type: 'code_interpreter_call', id: 'ci', status: 'completed', container_id: ROUTED };
const run = events(
  { type: 'response.created', response: { id: 'resp_1', status: 'in_progress' } },
  { type: 'response.output_item.added', output_index: 0, item: { ...call, status: 'in_progress' } },
  { type: 'response.completed', response: { id: 'resp_1', status: 'completed', output: [call] } },
);
const files = json(200, {
  object: 'list',
  data: [{ id: 'cfile_1', path: '/mnt/data/a.csv', bytes: 1 }],
  has_more: false,
});
// FastAPI's own form: LiteLLM refuses before it asks anyone (seen in 1.106's sources).
const forbidden = json(403, { detail: 'Forbidden' });
const response = json(200, { id: 'resp_other', status: 'completed', output: [] });

async function begin(...answers: readonly Answer[]): Promise<void> {
  server().inTurn(run, ...answers);
  const request = {
    model: 'm',
    input: 'hi',
    containerId: undefined,
    previousResponseId: undefined,
    stream: true,
  };
  for await (const _batch of client().run(request, new AbortController().signal));
  server().received.length = 0;
}
const asked = () => server().received.map(({ method, url }) => `${method} ${url}`);
const CONTAINER = `/v1/containers/${encodeURIComponent(ROUTED)}`;
const RESPONSE = 'GET /v1/responses/resp_1?include%5B%5D=code_interpreter_call.outputs';

describe('a container that is refused after a streamed run', () => {
  it('is had after the response was asked for, once, and it is said', async () => {
    await begin(forbidden, response, files);
    assert.equal((await client().listFiles(NATIVE)).length, 1);
    assert.deepEqual(asked(), [
      `GET ${CONTAINER}/files?limit=100`,
      RESPONSE,
      `GET ${CONTAINER}/files?limit=100`,
    ]);
    assert.deepEqual(healed(), [{ type: 'ownership', containerId: NATIVE }]);
  });

  it('the same for the content of a file, and for an upload with its bytes', async () => {
    const bytes: Answer = (_request, answer) => answer.end('1,2');
    await begin(forbidden, response, bytes);
    const content = await client().fileContent({
      containerId: NATIVE,
      fileId: 'cfile_1',
      filename: 'a.csv',
    });
    assert.equal(Buffer.from(await readWhole(content, 100)).toString(), '1,2');
    await begin(forbidden, response, json(200, { id: 'cfile_2', path: '/mnt/data/b.csv' }));
    await client().uploadFile(NATIVE, { name: 'b.csv', bytes: Buffer.from('3,4') });
    assert.match(server().received.at(-1)?.body ?? '', /3,4/);
    assert.equal(healed().length, 2);
  });

  it('is somebody else’s where that does not help, and nobody is asked a third time', async () => {
    await begin(forbidden, response, forbidden, forbidden);
    await assert.rejects(client().listFiles(NATIVE), rejectsWith('not_yours'));
    await assert.rejects(client().listFiles(NATIVE), rejectsWith('not_yours'));
    assert.equal(asked().filter((line) => line === RESPONSE).length, 1);
    assert.deepEqual(healed(), []);
  });

  it('is somebody else’s where no run of ours used it, or its response is gone', async () => {
    server().inTurn(forbidden);
    await assert.rejects(client().listFiles('cntr_other'), rejectsWith('not_yours'));
    assert.equal(server().received.length, 1);
    await begin(forbidden, json(404, { error: { message: 'gone' } }));
    await assert.rejects(client().listFiles(NATIVE), rejectsWith('not_yours'));
  });
});

describe('native ids', () => {
  it('are in every event that names a container, and paths take the id that routes', async () => {
    const citation = {
      type: 'container_file_citation',
      container_id: ROUTED,
      file_id: 'cfile_1',
      filename: 'a.csv',
    };
    const part = { type: 'output_text', text: 'x', annotations: [citation] };
    const at = { output_index: 1, content_index: 0 };
    const message = { type: 'message', id: 'm', content: [part] };
    server().inTurn(
      events(
        { type: 'response.output_item.added', output_index: 0, item: call },
        { type: 'response.output_text.annotation.added', ...at, annotation: citation },
        { type: 'response.content_part.added', ...at, part },
        { type: 'response.content_part.done', ...at, part },
        { type: 'response.output_item.done', output_index: 1, item: message },
        { type: 'response.completed', response: { id: 'r', status: 'completed', output: [call, message] } },
      ),
      files,
    );
    const told: RunEvent[] = [];
    const request = {
      model: 'm',
      input: 'hi',
      containerId: undefined,
      previousResponseId: undefined,
      stream: true,
    };
    for await (const batch of client().run(request, new AbortController().signal)) told.push(...batch);
    assert.equal(JSON.stringify(told).includes(ROUTED), false);
    assert.equal(JSON.stringify(told).split(NATIVE).length - 1, 7);
    await client().listFiles(NATIVE);
    assert.equal(server().received.at(-1)?.url, `${CONTAINER}/files?limit=100`);
  });
});

describe('a gateway with provider keys only in its list of models', () => {
  // As LiteLLM 1.106.2 answered (BerriAI/litellm#39220).
  const noKey = json(401, {
    error: {
      message:
        'litellm.AuthenticationError: AuthenticationError: OpenAIException - Incorrect API key provided: sk-xx. You can find your API key at https://platform.openai.com/account/api-keys.',
      type: 'authentication_error',
      param: null,
      code: '401',
    },
  });
  const list = json(200, { object: 'list', data: [{ id: NATIVE, status: 'running' }], has_more: false });

  it('lists and creates containers when it is told a model', async () => {
    server().inTurn(noKey, list);
    assert.equal((await client().listContainers(undefined, 'a model')).length, 1);
    server().inTurn(noKey, json(200, { id: ROUTED, status: 'running' }));
    const { id } = await client().createContainer({ name: 'n', model: 'a model' });
    assert.equal(id, NATIVE);
    assert.deepEqual(asked(), [
      'GET /v1/containers?limit=100',
      'GET /v1/containers?limit=100&model=a%20model',
      'POST /v1/containers',
      'POST /v1/containers',
    ]);
  });

  it('is said to have the wrong key where there is no model to tell, or it does not help', async () => {
    server().inTurn(noKey);
    await assert.rejects(client().listContainers(), rejectsWith('provider_key'));
    server().inTurn(noKey, noKey);
    await assert.rejects(client().listContainers(undefined, 'm'), rejectsWith('provider_key'));
  });

  it('is not asked again for what a model does not change', async () => {
    for (const status of [401, 403, 429]) {
      server().inTurn(json(status, { error: { message: 'no' } }, { 'x-should-retry': 'false' }));
      await assert.rejects(client().listContainers(undefined, 'm'));
    }
    assert.equal(server().received.length, 3);
  });
});
