import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatewayError } from '../../src/core/errors.ts';
import { describeError, type ErrorAction } from '../../src/core/errorText.ts';
import type { ErrorKind, RunError } from '../../src/core/events.ts';
import { reduceRun } from '../../src/core/run.ts';
import { initialRun } from '../../src/core/runState.ts';
import { clientUnderTest } from '../support/clientUnderTest.ts';
import type { ErrorShape } from '../support/errorShapes.ts';
import { SHAPES_OF_GATEWAYS } from '../support/errorShapesOfGateways.ts';
import { SHAPES_OF_KEYS } from '../support/errorShapesOfKeys.ts';
import { SHAPES_OF_REQUESTS } from '../support/errorShapesOfRequests.ts';
import { events } from '../support/faultServer.ts';

const { server, client } = clientUnderTest();

/**
 * Every form of an error that is known to come from OpenAI, Azure, LiteLLM and what stands before them, by the kind
 * that it must be told as. Sources: wire.md, sections 2 and 5, the recorded answers, LiteLLM 1.106.2 as it answered
 * before a provider of the tests' own, and the issues named. Kinds without any come about in another way.
 */
const ERROR_SHAPES = { ...SHAPES_OF_KEYS, ...SHAPES_OF_REQUESTS, ...SHAPES_OF_GATEWAYS };

/** The next step that each kind offers; a person can do nothing but read where there is none. */
const ACTIONS: Readonly<Partial<Record<ErrorKind, ErrorAction | undefined>>> = {
  key_rejected: 'setUpGateway',
  key_not_allowed: 'setUpGateway',
  admin_only: 'showLog',
  provider_key: 'showLog',
  not_yours: 'newSession',
  model_unknown: 'chooseModel',
  quota: 'setUpGateway',
  rate_limited: 'retry',
  container_expired: 'newSession',
  answers_gone: 'retry',
  not_found: 'refresh',
  too_large: undefined,
  route_missing: 'showLog',
  no_code_interpreter: 'chooseModel',
  content_refused: undefined,
  timeout: 'retry',
  redirected: 'setUpGateway',
  not_an_api: 'setUpGateway',
  wrong_scheme: 'setUpGateway',
  not_understood: 'showLog',
  bad_request: 'showLog',
  server: 'retry',
  stream_cut: 'retry',
};

const translate = (text: string, ...args: readonly string[]) =>
  text.replace(/\{(\d)\}/g, (_all, n) => args[Number(n)] ?? '');

async function runError(): Promise<RunError | undefined> {
  const request = {
    model: 'm',
    input: 'hi',
    containerId: undefined,
    previousResponseId: undefined,
    stream: true,
  };
  let state = initialRun;
  for await (const batch of client().run(request, new AbortController().signal)) {
    for (const event of batch) state = reduceRun(state, event, 1);
  }
  return state.error;
}

/** The error that a person would be told. */
async function told({ request }: ErrorShape): Promise<RunError | undefined> {
  const file = { containerId: 'cntr_1', fileId: 'cfile_1', filename: 'a.csv' };
  try {
    switch (request) {
      case 'files':
        await client().listFiles('cntr_1');
        return undefined;
      case 'containers':
        await client().listContainers();
        return undefined;
      case 'content':
        for await (const _chunk of (await client().fileContent(file)).chunks);
        return undefined;
      default:
        return await runError();
    }
  } catch (error) {
    assert.ok(error instanceof GatewayError, String(error));
    return error.toRunError();
  }
}

function answer({ status = 200, type, headers = {}, body = '', events: told }: ErrorShape): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const kind = type ?? (typeof body === 'string' ? 'text/plain' : 'application/json');
  if (told) server().answer = events(...told);
  else {
    server().answer = (_request, response) => {
      response.writeHead(status, { 'content-type': kind, ...headers });
      response.end(text);
    };
  }
}

describe('every form of an error', () => {
  for (const [kind, shapes] of Object.entries(ERROR_SHAPES)) {
    for (const shape of shapes) {
      it(`${kind}: ${shape.what}`, async () => {
        answer(shape);
        const error = await told(shape);
        assert.ok(error, 'it passed for a success');
        assert.equal(error.kind, kind, JSON.stringify(error));
        const { sentence, action } = describeError(error, translate);
        assert.match(sentence, /^[A-Z].*[.!?…]$/);
        assert.doesNotMatch(sentence, /litellm\.|OpenAIException|LiteLLM: |<|\{/);
        assert.equal(action, ACTIONS[error.kind]);
      });
    }
  }

  it('is in the list of next steps', () => {
    assert.deepEqual(Object.keys(ERROR_SHAPES).toSorted(), Object.keys(ACTIONS).toSorted());
  });
});
