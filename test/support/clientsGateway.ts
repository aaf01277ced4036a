import assert from 'node:assert/strict';
import { field, stringField } from '../../src/core/json.ts';
import { startPython } from '../../src/local/interpreter.ts';
import { KEY, type TestGateway, TOOL, testGateway } from '../local/testGateway.ts';
import { type ClientsTarget, nativeId } from './clientsTarget.ts';
import { parseJson } from './json.ts';
import type { Gateway } from './litellm.ts';
import { sandboxParts } from './sandboxParts.ts';

/** Pythons that may be alive at once: enough for two runs at the same time, few enough to be all kept busy. */
const MOST_PYTHONS = 2;
/** Above what the gateway takes. */
const TOO_MANY_BYTES = 72 * 1024 * 1024;

/** The local gateway with real Python, in this process, so that its clock can be put ahead. */
export async function clientsGateway(): Promise<TestGateway> {
  const parts = await sandboxParts();
  return await testGateway({ startPython: () => startPython(parts), mostAwake: MOST_PYTHONS });
}

/**
 * Prepares what the clients' scenarios need: a container, and a chain, whose time has run out.
 *
 * @param gateway whom the clients will talk to: `upstream` itself, or what stands before it
 * @param models what that has
 */
export async function clientsTarget(
  upstream: TestGateway,
  gateway: Gateway = { url: upstream.url, key: KEY },
  models: readonly string[] = ['built-in'],
): Promise<ClientsTarget> {
  const answer = await fetch(`${gateway.url}/v1/responses`, {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'built-in', tools: [TOOL], input: '```python\nprint(1)\n```' }),
  });
  const response = parseJson(await answer.text());
  assert.equal(answer.status, 200, JSON.stringify(response));
  const [call] = field(response, 'output') as readonly unknown[];
  upstream.skip(21 * 60_000);
  return {
    gateway,
    upstream: { url: upstream.url, key: KEY },
    models,
    given: {
      expired_response: stringField(response, 'id') ?? '',
      expired_container: nativeId(stringField(call, 'container_id')),
      too_many_bytes: TOO_MANY_BYTES,
      most_pythons: MOST_PYTHONS,
    },
  };
}
