import assert from 'node:assert/strict';
import { at, type Json, testGateway } from './testGateway.ts';

/** What is different from a request that is right, and how it is refused. */
export type Case = readonly [
  name: string,
  change: object,
  status: number,
  param: string | null,
  message: RegExp,
];

/** Each is refused in the API's error shape, and nothing was made on the way. */
export async function assertRefused(path: string, cases: readonly Case[], right: object): Promise<void> {
  await using gateway = await testGateway();
  for (const [name, change, status, param, message] of cases) {
    const answer = await gateway.ask('POST', path, { ...right, ...change });
    const error = at(answer.body, 'error') as Json;
    assert.equal(answer.status, status, `${name}: ${JSON.stringify(answer.body)}`);
    assert.deepEqual(Object.keys(error), ['message', 'type', 'param', 'code'], name);
    assert.match(String(error['message']), message, name);
    assert.equal(error['param'], param, name);
  }
  assert.deepEqual(at((await gateway.ask('GET', '/v1/containers')).body, 'data'), [], 'nothing was made');
  assert.equal(gateway.pythons.length, 0);
}
