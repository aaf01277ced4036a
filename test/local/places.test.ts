import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TOOL, testGateway } from './testGateway.ts';

test('a run that was accepted has its place, also while idle containers are awake and Pythons start', async () => {
  await using gateway = await testGateway({ mostAwake: 2 });
  for (let round = 0; round < 4; round++) {
    const asked = { model: 'built-in', input: 'while True: pass', tools: [TOOL], background: true };
    const answers = await Promise.all([1, 2, 3].map(() => gateway.ask('POST', '/v1/responses', asked)));
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 200, 429]);
    for (const { body } of answers.filter(({ status }) => status === 200)) {
      const { body: ended } = await gateway.ask('POST', `/v1/responses/${body['id']}/cancel`);
      assert.equal(ended['status'], 'cancelled');
    }
  }
});
