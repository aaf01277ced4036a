import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readWhole } from '../../src/gateway/containerFiles.ts';
import { clientUnderTest } from '../support/clientUnderTest.ts';

const { server, client, rejectsWith } = clientUnderTest();

describe('containers and files', () => {
  const file = { containerId: 'c', fileId: 'cfile_1', filename: 'a.csv' };

  it('reads every page of a list, and stops where a gateway repeats itself', async () => {
    const page = (ids: readonly string[], more: boolean) => ({
      object: 'list',
      data: ids.map((id) => ({
        id,
        path: `/mnt/data/${id}.csv`,
        bytes: null,
        created_at: 1,
        source: 'assistant',
      })),
      has_more: more,
      last_id: ids.at(-1),
    });
    server().answer = ({ url }, response) => {
      response.end(JSON.stringify(url.includes('after=f2') ? page(['f3'], false) : page(['f1', 'f2'], true)));
    };
    assert.deepEqual(
      (await client().listFiles('c')).map(({ id }) => id),
      ['f1', 'f2', 'f3'],
    );
    server().always(200, page(['f1', 'f2'], true));
    server().received.length = 0;
    assert.equal((await client().listFiles('c')).length, 2);
    assert.equal(server().received.length, 2);
  });

  it('gives the bytes of a file as they are', async () => {
    const bytes = Buffer.from([0, 255, 13, 10, 128]);
    server().answer = (_request, response) => response.end(bytes);
    assert.deepEqual(Buffer.from(await readWhole(await client().fileContent(file), 100)), bytes);
  });

  it('takes an error that was served as a file for an error', async () => {
    server().always(200, { error: { message: 'File not found', code: '404' } });
    await assert.rejects(
      async () => readWhole(await client().fileContent(file), 1_000),
      rejectsWith('not_found'),
    );
  });

  it('refuses a download shorter than announced', async () => {
    server().answer = (_request, response) => {
      response.writeHead(200, { 'content-length': '10' });
      response.write('half', () => response.destroy());
    };
    await assert.rejects(
      async () => readWhole(await client().fileContent(file), 100),
      rejectsWith('connection_lost'),
    );
  });

  it('uploads a file as multipart, its odd name quoted', async () => {
    server().always(200, { id: 'cfile_9', path: '/mnt/data/x', bytes: 3, source: 'user' });
    const uploaded = await client().uploadFile('c', { name: 'a"b\r\nc.csv', bytes: Buffer.from('1,2') });
    assert.equal(uploaded.id, 'cfile_9');
    const [sent] = server().received;
    assert.match(sent?.body ?? '', /name="file"; filename="a%22b%0D%0Ac\.csv"\r\n[\s\S]*\r\n\r\n1,2\r\n--/);
    assert.equal(sent?.headers['content-length'], String(sent?.body.length));
  });

  it('creates a container with the model only after the plain way was refused', async () => {
    const bodies: unknown[] = [];
    server().answer = ({ body }, response) => {
      bodies.push(JSON.parse(body));
      response.statusCode = bodies.length === 1 ? 500 : 200;
      response.end(
        JSON.stringify(
          bodies.length === 1 ? { error: { message: 'no provider' } } : { id: 'cntr_1', status: 'running' },
        ),
      );
    };
    const container = await client().createContainer({ name: 'n', model: 'm' });
    assert.deepEqual([container.id, container.status], ['cntr_1', 'running']);
    assert.deepEqual(bodies, [{ name: 'n' }, { name: 'n', model: 'm' }]);
  });
});
