import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatewayError } from '../../src/core/errors.ts';
import { reduceRun } from '../../src/core/run.ts';
import { initialRun } from '../../src/core/runState.ts';
import { GatewayClient } from '../../src/gateway/client.ts';
import { clientUnderTest } from '../support/clientUnderTest.ts';

const { server, transport } = clientUnderTest();
const key = 'my-company-secret-1234';

/** How a run ends: its error as the panel and the log get it. */
async function failure(): Promise<string> {
  const client = new GatewayClient({ baseUrl: server().url, key }, transport());
  const request = {
    model: 'm',
    input: 'hi',
    containerId: undefined,
    previousResponseId: undefined,
    stream: true,
  };
  let state = initialRun;
  try {
    for await (const batch of client.run(request, new AbortController().signal)) {
      for (const event of batch) state = reduceRun(state, event, 1);
    }
  } catch (error) {
    assert.ok(error instanceof GatewayError);
    return JSON.stringify([error.message, error.toRunError()]);
  }
  return JSON.stringify(state);
}

describe('a key of any shape that a server repeats', () => {
  // Long enough that shortening would cut the key in two.
  const message = `${'x'.repeat(285)} ${key} refused`;
  const error = { message, code: 'weird' };
  const bodies: readonly (readonly [string, number, unknown])[] = [
    ['an error', 400, { error }],
    ['a FastAPI error', 422, { detail: [{ msg: message }] }],
    ['an error in a plain answer', 200, { error }],
    ['a failed response', 200, { status: 'failed', output: [], error }],
  ];
  for (const [name, status, body] of bodies) {
    it(`is not in ${name}`, async () => {
      server().always(status, body);
      const told = await failure();
      assert.match(told, /xxx/);
      assert.doesNotMatch(told, /my-comp/);
    });
  }

  it('is not in an error in mid-stream', async () => {
    server().answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(`data: ${JSON.stringify({ type: 'error', error })}\n\n`);
    };
    const told = await failure();
    assert.match(told, /xxx/);
    assert.doesNotMatch(told, /my-comp/);
  });
});

it('a plain answer with output and without a status is a completed one', async () => {
  server().always(200, { id: 'r', output: [] });
  assert.match(await failure(), /"status":"completed"/);
});
