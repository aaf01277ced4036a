import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { clientUnderTest } from '../support/clientUnderTest.ts';

const { server, client, answered } = clientUnderTest();

describe('the use of a container', () => {
  it('is told for each call that it answered, for that begins its life anew', async () => {
    server().always(200, { id: 'cfile_1', path: '/mnt/data/a.csv', object: 'list', data: [] });
    await client().listFiles('cntr_1');
    await client().retrieveFile('cntr_2', 'cfile_1');
    await client().uploadFile('cntr_3', { name: 'a.csv', bytes: new Uint8Array(1) });
    assert.deepEqual(answered(), [
      ['cntr_1', 'used'],
      ['cntr_2', 'used'],
      ['cntr_3', 'used'],
    ]);
  });

  it('is its end where it says that it has expired, in an error or of itself', async () => {
    server().always(400, { error: { message: 'Container is expired.', type: 'invalid_request_error' } });
    await assert.rejects(client().listFiles('cntr_1'));
    server().always(200, { id: 'cntr_2', status: 'expired' });
    await client().retrieveContainer('cntr_2');
    server().always(200, { id: 'cntr_3', status: 'running' });
    await client().retrieveContainer('cntr_3');
    assert.deepEqual(answered(), [
      ['cntr_1', 'expired'],
      ['cntr_2', 'expired'],
      ['cntr_3', 'used'],
    ]);
  });

  it('is nothing where it is only listed, deleted or refused for another reason', async () => {
    server().always(200, { object: 'list', data: [{ id: 'cntr_1', status: 'running' }] });
    await client().listContainers();
    await client().deleteContainer('cntr_1');
    server().always(404, { error: { message: 'Not found', type: 'invalid_request_error' } });
    await assert.rejects(client().listFiles('cntr_1'));
    assert.deepEqual(answered(), []);
  });
});

it('a container is asked for with its memory, and without where none is wished for', async () => {
  server().always(200, { id: 'cntr_1', name: 'n', status: 'running', memory_limit: '4g' });
  const made = await client().createContainer({ name: 'n', memoryLimit: '4g' });
  assert.equal(made.memoryLimit, '4g');
  await client().createContainer({ name: 'n' });
  const sent = server().received.map(({ body }) => JSON.parse(body) as unknown);
  assert.deepEqual(sent, [{ name: 'n', memory_limit: '4g' }, { name: 'n' }]);
});
