/** Containers whose Python is still starting, or never answers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { waitFor } from '../support/processes.ts';
import { FakePython } from './fakePython.ts';
import { at, testGateway } from './testGateway.ts';

test('a container that is deleted while its Python starts leaves no Python behind', async () => {
  const pythons: FakePython[] = [];
  const gate = Promise.withResolvers<void>();
  await using gateway = await testGateway({
    startPython: async () => {
      const python = new FakePython();
      pythons.push(python);
      await gate.promise;
      return python;
    },
  });
  const { body: container } = await gateway.ask('POST', '/v1/containers', { name: 'short' });
  const tools = [{ type: 'code_interpreter', container: container['id'] }];
  const run = gateway.run('print("x")', { tools });
  await waitFor(() => pythons.length === 1, { what: 'the start' });
  const deleted = gateway.ask('DELETE', `/v1/containers/${container['id']}`);
  const gone = async () => (await gateway.ask('GET', `/v1/containers/${container['id']}`)).status === 404;
  await waitFor(gone, { what: 'the deletion' });
  gate.resolve();
  assert.equal((await deleted).status, 200);
  assert.equal(at(await run, 'error', 'message'), 'Container is expired.');
  assert.deepEqual(
    pythons.map(({ alive }) => alive),
    [false],
  );
});

test('a Python that never answers is started twice and no more, and that is said', async () => {
  let starts = 0;
  await using gateway = await testGateway({
    startPython: async () => {
      starts += 1;
      const python = new FakePython();
      python.answers = async () => false;
      return python;
    },
  });
  const answer = await gateway.run('print("x")');
  assert.match(String(at(answer, 'error', 'message')), /could not start: it does not answer/);
  assert.equal(starts, 2);
});

test('a request whose file is refused leaves no container behind', async () => {
  await using gateway = await testGateway({ fileLimits: { fileBytes: 10, files: 10 } });
  const file = {
    type: 'input_file',
    filename: 'a.txt',
    file_data: Buffer.from('x'.repeat(20)).toString('base64'),
  };
  const input = [{ role: 'user', content: [file, { type: 'input_text', text: 'print("x")' }] }];
  const answer = await gateway.run('', { input });
  assert.equal(at(answer, 'error', 'code'), 'request_too_large');
  const { body } = await gateway.ask('GET', '/v1/containers');
  assert.deepEqual(body['data'], []);
});
