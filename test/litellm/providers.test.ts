import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { reduceRun } from '../../src/core/run.ts';
import type { RunState } from '../../src/core/runState.ts';
import { type ClientOptions, GatewayClient } from '../../src/gateway/client.ts';
import { type Clock, systemClock } from '../../src/gateway/clock.ts';
import { Transport } from '../../src/gateway/network/transport.ts';
import { startPython } from '../../src/local/interpreter.ts';
import { KEY, type TestGateway, testGateway } from '../local/testGateway.ts';
import { type Litellm, startLitellmWith } from '../support/litellm.ts';
import { litellmKeysJob, ownKeys } from '../support/litellmKeysJob.ts';
import { litellmRoutesJob } from '../support/litellmRoutesJob.ts';
import {
  AZURE,
  AZURE_DATED,
  containerIn,
  logsIn,
  modelList,
  OPENAI,
  python,
  ran,
  refused,
  runRequest,
  stateOf,
  stepIn,
} from '../support/litellmUnderTest.ts';
import { ProviderFront } from '../support/providerFront.ts';
import { sandboxParts } from '../support/sandboxParts.ts';
import { litellmMissing } from '../support/tools.ts';

const missing = litellmMissing();
const MOST_PYTHONS = 6;
/** Waits a tenth of the time. */
const fastClock: Clock = { ...systemClock, sleep: (ms, signal) => systemClock.sleep(ms / 10, signal) };

/** One proxy for the first half, killed in the middle of a run; for the second half its successor at the same place. */
describe('the real LiteLLM proxy with two providers', { skip: missing }, () => {
  let upstream: TestGateway;
  let front: ProviderFront;
  let litellm: Litellm;
  let transport: Transport;
  let client: GatewayClient;
  let impatient: GatewayClient;
  const never = new AbortController().signal;
  const clientWith = (options: ClientOptions = {}): GatewayClient =>
    new GatewayClient({ baseUrl: litellm.url, key: litellm.key }, transport, options);

  before(async () => {
    const parts = await sandboxParts();
    upstream = await testGateway({ startPython: () => startPython(parts), mostAwake: MOST_PYTHONS });
    front = await ProviderFront.start({ url: upstream.url, key: KEY });
    litellm = await startLitellmWith({
      models: modelList(front),
      env: {
        OPENAI_API_KEY: KEY,
        OPENAI_BASE_URL: `${front.url}/v1`,
        OPENAI_API_BASE: `${front.url}/v1`,
        AZURE_API_KEY: KEY,
        AZURE_API_BASE: front.url,
      },
    });
    transport = new Transport(() => ({ proxy: '', noProxy: [], strictTls: true, env: {} }));
    client = clientWith();
    impatient = clientWith({ clock: fastClock });
  });
  after(async () => {
    await transport?.close();
    await litellm?.close();
    await front?.[Symbol.asyncDispose]();
    await upstream?.[Symbol.asyncDispose]();
  });

  for (const provider of [OPENAI, AZURE, AZURE_DATED]) {
    describe(`every route to ${provider.name}`, () => {
      litellmRoutesJob(() => ({ client, impatient, front, upstream }), provider);
    });
  }

  describe('containers that no run made', () => {
    it('are made at OpenAI where OpenAI can be asked, whatever model is named', async () => {
      front.takeAsked();
      const made = await client.createContainer({ name: 'by hand', model: AZURE.model });
      assert.deepEqual([made.name, made.status], ['by hand', 'running']);
      const listed = await client.listContainers(undefined, AZURE.model);
      assert.ok(listed.some(({ id }) => id === made.id));
      await client.deleteContainer(made.id);
      assert.deepEqual(front.takeAsked(), [
        'POST /v1/containers',
        'GET /v1/containers?limit=100',
        `DELETE /v1/containers/${made.id}`,
      ]);
    });

    it('of Azure are asked for at OpenAI by a client that has only their native id', async () => {
      const state = await ran(client, runRequest(python('print(1)'), { model: AZURE.model }));
      const id = containerIn(state);
      front.takeAsked();
      await clientWith().retrieveContainer(id);
      await client.retrieveContainer(id);
      assert.deepEqual(front.takeAsked(), [`GET /v1/containers/${id}`, `GET ${AZURE.containers(`/${id}`)}`]);
    });
  });

  describe('a run in a container that is not there', () => {
    for (const { name, aside } of [OPENAI, AZURE]) {
      it(`of ${name} is refused, and LiteLLM pauses the model for five seconds: the next run waits that out`, async () => {
        await assert.rejects(
          ran(client, runRequest('hi', { model: aside, containerId: 'cntr_gone' })),
          refused('not_found', 404, /Container with id 'cntr_gone' not found/),
        );
        const waits: string[] = [];
        const next = client.run(runRequest(python('print(2)'), { model: aside }), never);
        const state = await stateOf(next, (event) => {
          if (event.type === 'run.waiting') waits.push(`${event.error.kind} ${event.error.detail}`);
        });
        assert.deepEqual([state.status, logsIn(state)], ['completed', '2\n']);
        assert.match(waits[0] ?? '', /^rate_limited No deployments available .* Try again in 5 seconds/);
      });
    }
  });

  describe('a provider that dies', () => {
    for (const { name, model, runs } of [OPENAI, AZURE]) {
      it(`${name}, in the middle of a run: it is cut, what had come stays, it is not sent again`, async () => {
        const state = await diesIn(runRequest(python('while True: pass'), { model }));
        assert.deepEqual([state.status, state.error?.kind], ['cut', 'stream_cut']);
        assert.match(
          state.error?.detail ?? '',
          /Response payload is not completed/,
          'LiteLLM’s words for it',
        );
        assert.match(stepIn(state).code, /while True/);
        assert.deepEqual(front.takeAsked(), [`POST ${runs}`]);
        // What nobody listens to any longer, the provider has dropped.
        await assert.rejects(
          stateOf(client.resume(state.responseId ?? '', {}, never)),
          refused('not_found', 404, /Response with id 'resp_\w+' not found/),
        );
      });

      it(`${name}, in the middle of a run in the background: it is resumed to its end`, async () => {
        const code = python('import time', 'time.sleep(1)', 'print("went on")');
        const state = await diesIn(runRequest(code, { model, background: true }));
        assert.equal(state.status, 'cut');
        const resumed = await resume(state, impatient);
        assert.deepEqual([resumed.status, stepIn(resumed).status], ['completed', 'completed']);
        assert.equal(front.takeAsked().filter((line) => line.startsWith('POST')).length, 1);
      });

      it(`${name}, before it answers: LiteLLM says so and does not ask again, the client does`, async () => {
        front.takeAsked();
        front.hangUp(1);
        const waits: unknown[] = [];
        const run = impatient.run(runRequest(python('print(3)'), { model }), never);
        const state = await stateOf(run, (event) => {
          if (event.type === 'run.waiting') waits.push([event.error.kind, event.error.status]);
        });
        assert.deepEqual(waits, [['server', 500]]);
        assert.equal(state.status, 'completed');
        assert.deepEqual(front.takeAsked(), [`POST ${runs}`, `POST ${runs}`]);
      });
    }
  });

  /** A run whose provider dies as soon as the code runs. */
  function diesIn(request: Parameters<typeof ran>[1]): Promise<RunState> {
    front.takeAsked();
    return stateOf(client.run(request, never), (event) => {
      if (event.type === 'response.code_interpreter_call.interpreting') front.dieNow();
    });
  }

  /** What becomes of a run that was cut, as the panel goes on with it. */
  function resume(cut: RunState, by: GatewayClient): Promise<RunState> {
    const from = { startingAfter: cut.lastSequence ?? 0 };
    const open = reduceRun(cut, { type: 'run.resumed' }, Date.now());
    return stateOf(by.resume(cut.responseId ?? '', from, never), () => {}, open);
  }

  describe('a proxy that is killed in the middle of a run', () => {
    let cut: RunState;
    before(async () => {
      const code = python('import time', 'time.sleep(2)', 'print("went on")');
      const request = runRequest(code, { model: AZURE.model, background: true });
      cut = await stateOf(client.run(request, never), (event) => {
        if (event.type === 'response.code_interpreter_call.interpreting')
          process.kill(litellm.pid, 'SIGKILL');
      });
      const { port } = new URL(litellm.url);
      await litellm.close();
      const { env, ...keys } = ownKeys(litellm.key);
      litellm = await startLitellmWith({
        models: modelList(front),
        ...keys,
        // An address without a key: only the entries of models have one.
        env: {
          ...env,
          OPENAI_BASE_URL: `${front.url}/v1`,
          OPENAI_API_BASE: `${front.url}/v1`,
        },
        at: { port: Number(port), key: litellm.key },
      });
    });

    it('leaves a run that is cut, with what had come', () => {
      assert.deepEqual([cut.status, cut.error?.kind], ['cut', 'stream_cut']);
      assert.match(stepIn(cut).code, /went on/);
    });

    it('is resumed at the proxy that comes after it', async () => {
      const state = await resume(cut, impatient);
      assert.deepEqual([state.status, stepIn(state).status], ['completed', 'completed']);
    });
  });

  describe('keys that are not the administrator’s', () => {
    litellmKeysJob(() => ({ url: litellm.url, transport, admin: client, clock: fastClock, front, upstream }));
  });
});
