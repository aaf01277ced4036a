import assert from 'node:assert/strict';
import path from 'node:path';
import { before, it } from 'node:test';
import type { RunState } from '../../src/core/runState.ts';
import { GatewayClient } from '../../src/gateway/client.ts';
import type { Clock } from '../../src/gateway/clock.ts';
import type { Healed } from '../../src/gateway/files/ownership.ts';
import type { Transport } from '../../src/gateway/network/transport.ts';
import type { TestGateway } from '../local/testGateway.ts';
import type { LitellmSetup } from './litellm.ts';
import {
  AZURE,
  containerIn,
  logsIn,
  OPENAI,
  python,
  ran,
  refused,
  runRequest,
  stateOf,
} from './litellmUnderTest.ts';
import { waitFor } from './processes.ts';
import type { ProviderFront } from './providerFront.ts';
import { root } from './tools.ts';

const ALICE = 'sk-alice-0123456789';
const BOB = 'sk-bob-0123456789';

/** What a proxy is started with that knows these keys; `ownKeys.py` says what stands in for LiteLLM's database. */
export function ownKeys(adminKey: string): Required<Pick<LitellmSetup, 'env' | 'general' | 'files'>> {
  const keys = {
    [adminKey]: { user: 'default_user_id', role: 'proxy_admin', spend: 0 },
    [ALICE]: { user: 'alice', role: 'internal_user', spend: 0.25 },
    [BOB]: { user: 'bob', role: 'internal_user', spend: 0 },
  };
  return {
    env: { TEST_KEYS: JSON.stringify(keys) },
    general: { custom_auth: 'ownKeys.authenticate' },
    files: [path.join(root, 'test', 'litellm', 'ownKeys.py')],
  };
}

/** What such keys are tested with. */
export interface KeysTarget {
  readonly url: string;
  readonly transport: Transport;
  readonly clock: Clock;
  /** A client with the administrator's key. */
  readonly admin: GatewayClient;
  readonly front: ProviderFront;
  readonly upstream: TestGateway;
}

/** What keys may do that are not the administrator's, by LiteLLM's own rules. */
export function litellmKeysJob(get: () => KeysTarget): void {
  let admin: GatewayClient;
  let front: ProviderFront;
  const never = new AbortController().signal;
  let alice: GatewayClient;
  let bob: GatewayClient;
  const healed: Healed[] = [];
  const clientWith = (key: string): GatewayClient => {
    const { url, transport, clock } = get();
    const onHealed = (what: Healed) => healed.push(what);
    return new GatewayClient({ baseUrl: url, key }, transport, { clock, onHealed });
  };
  before(() => {
    ({ admin, front } = get());
    alice = clientWith(ALICE);
    bob = clientWith(BOB);
  });
  /** Alice's run in the background that she stopped listening to, and that has ended since. */
  async function leftRun(model: string): Promise<{ id: string; responseId: string }> {
    const code = python('import time', 'open("/mnt/data/kept.txt", "w").write("x")', 'time.sleep(0.5)');
    const leave = new AbortController();
    let left: RunState | undefined;
    const request = runRequest(code, { model, background: true });
    const run = stateOf(alice.run(request, leave.signal), (event, state) => {
      if (event.type !== 'response.code_interpreter_call.interpreting') return;
      left = state;
      leave.abort();
    });
    await assert.rejects(run, { name: 'AbortError' });
    assert.ok(left);
    const ended = async () => {
      const { body } = await get().upstream.ask('GET', `/v1/responses/${front.lastResponse}`);
      return body['status'] === 'completed';
    };
    await waitFor(ended, { timeout: 30_000, what: 'the end of the run' });
    return { id: containerIn(left), responseId: left.responseId ?? '' };
  }
  const forbidden = refused('not_yours', 403, /^Forbidden$/);
  const foreign = /response id is not associated with the user/;

  for (const { name, model } of [OPENAI, AZURE]) {
    it(`have the files of their own streamed run at ${name}, and nobody else has`, async () => {
      const state = await ran(
        alice,
        runRequest(python('open("/mnt/data/a.csv", "w").write("1")'), { model }),
      );
      const id = containerIn(state);
      assert.deepEqual(
        (await alice.listFiles(id)).map((file) => file.path),
        ['/mnt/data/a.csv'],
      );
      // Asking for the response tells the administrator's client the way to the container, too.
      await stateOf(admin.resume(state.responseId ?? '', {}, never));
      assert.equal((await admin.listFiles(id)).length, 1, 'the administrator has');
      await assert.rejects(bob.listFiles(id), forbidden);
      await assert.rejects(bob.deleteContainer(id), forbidden);
      const from = stateOf(bob.resume(state.responseId ?? '', {}, never));
      await assert.rejects(from, refused('key_not_allowed', 403, foreign));
      assert.deepEqual(healed, []);
    });
  }

  it('cannot go on in somebody else’s chain, but can in somebody else’s container', async () => {
    const { model } = OPENAI;
    const state = await ran(alice, runRequest(python('secret = 42'), { model }));
    const chained = runRequest('hi', { model, previousResponseId: state.responseId });
    await assert.rejects(ran(bob, chained), refused('key_not_allowed', 403, foreign));
    const inside = runRequest(python('print(secret)'), { model, containerId: containerIn(state) });
    assert.equal(logsIn(await ran(bob, inside)), '42\n');
  });

  it('see only their own containers in a list', async () => {
    assert.deepEqual(await bob.listContainers(undefined, OPENAI.model), []);
  });

  for (const { name, model } of [OPENAI, AZURE]) {
    it(`are refused the files of a run at ${name} that they left: asking for its response mends that`, async () => {
      const { id } = await leftRun(model);
      const files = await alice.listFiles(id);
      assert.deepEqual(
        files.map((file) => file.path),
        ['/mnt/data/kept.txt'],
      );
      assert.deepEqual(healed.splice(0), [{ type: 'ownership', containerId: id }]);
    });
  }

  it('are refused the files of a run that they stopped and that nobody keeps, until the next run there', async () => {
    const { model } = OPENAI;
    const code = python('while True: pass');
    const stop = new AbortController();
    let id = '';
    const run = stateOf(alice.run(runRequest(code, { model }), stop.signal), (event, state) => {
      if (event.type !== 'response.code_interpreter_call.interpreting') return;
      id = containerIn(state);
      stop.abort();
    });
    await assert.rejects(run, { name: 'AbortError' });
    await assert.rejects(alice.listFiles(id), forbidden);
    const next = python('open("/mnt/data/next.txt", "w").write("x")');
    await ran(alice, runRequest(next, { model, containerId: id }));
    const files = await alice.listFiles(id);
    assert.deepEqual(
      files.map((file) => file.path),
      ['/mnt/data/next.txt'],
    );
  });

  it('lose a container for good when the administrator asks first for the response', async () => {
    const { id, responseId } = await leftRun(OPENAI.model);
    await stateOf(admin.resume(responseId, {}, never));
    await assert.rejects(alice.listFiles(id), forbidden);
  });

  it('make containers at Azure by a model, where OpenAI has no key, but do not find them in a list', async () => {
    const { model } = AZURE;
    front.takeAsked();
    const { id } = await alice.createContainer({ name: 'by hand', model });
    assert.deepEqual(await alice.listFiles(id), []);
    const listed = await alice.listContainers(undefined, model);
    assert.ok(!listed.some((container) => container.id === id));
    assert.ok((await admin.listContainers(undefined, model)).some((container) => container.id === id));
    assert.deepEqual(front.takeAsked(), [
      'POST /v1/containers',
      `POST ${AZURE.containers('')}`,
      `GET ${AZURE.containers(`/${id}/files`, '?limit=100')}`,
      'GET /v1/containers?limit=100',
      `GET ${AZURE.containers('', '?limit=100')}`,
      'GET /v1/containers?limit=100',
      `GET ${AZURE.containers('', '?limit=100')}`,
    ]);
  });

  it('that LiteLLM does not know are rejected', async () => {
    const nobody = clientWith('sk-nobody-0123456789');
    await assert.rejects(nobody.models(), refused('key_rejected', 401, /Invalid proxy server token/));
  });

  it('are told what they have spent, in a header', async () => {
    const response = await fetch(`${get().url}/v1/responses`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ALICE}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: OPENAI.model, input: 'hi' }),
    });
    await response.body?.cancel();
    assert.equal(response.headers.get('x-litellm-key-spend'), '0.25');
  });
}
