import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readWhole } from '../../src/gateway/files/content.ts';
import { clientUnderTest } from '../support/clientUnderTest.ts';
import { waitFor } from '../support/processes.ts';

const { server, client, key, rejectsWith } = clientUnderTest();

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

  it('also one served as octets, but no file that only begins alike', async () => {
    let body = '';
    server().answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/octet-stream' });
      response.end(body);
    };
    const read = async (filename: string) =>
      Buffer.from(await readWhole(await client().fileContent({ ...file, filename }), 1_000)).toString();
    body = JSON.stringify({ error: { message: `File not found for ${key}`, code: '404' } });
    await assert.rejects(read('a.csv'), rejectsWith('not_found'));
    assert.equal(await read('a.json'), body);
    for (body of ['{"error":{"message":"x"},"more":1}', '{"error":"x"}', '{x', 'a,b', '']) {
      assert.equal(await read('a.txt'), body);
    }
  });

  it('closes the connection of a file that is too large', async () => {
    server().answer = (_request, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('x');
    };
    const content = await client().fileContent(file);
    await assert.rejects(readWhole(content, 10), rejectsWith('too_large'));
    await waitFor(() => server().aborted === 1, { what: 'the end of the connection' });
  });

  it('sends nothing for ids that would lead to another path', async () => {
    for (const id of ['.', '..', '']) {
      await assert.rejects(client().deleteContainer(id), rejectsWith('not_found'));
      await assert.rejects(client().deleteFile('c', id), rejectsWith('not_found'));
    }
    assert.equal(server().received.length, 0);
  });

  for (const status of [401, 403, 504]) {
    it(`does not create a container twice after ${status}`, async () => {
      server().always(status, { error: { message: 'no' } });
      await assert.rejects(client().createContainer({ name: 'n', model: 'm' }));
      assert.equal(server().received.length, 1);
    });
  }

  it('tells the first refusal where the model was refused as a parameter', async () => {
    server().answer = ({ body }, response) => {
      response.statusCode = body.includes('model') ? 400 : 500;
      response.end(JSON.stringify({ error: { message: body.includes('model') ? 'unknown' : 'oops' } }));
    };
    await assert.rejects(client().createContainer({ name: 'n', model: 'm' }), rejectsWith('server'));
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
