import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { ErrorKind } from '../../src/core/events.ts';
import { type FileContent, readStart, readWhole, START_OVER } from '../../src/gateway/files/content.ts';
import { saveContent } from '../../src/gateway/files/download.ts';
import { clientUnderTest } from '../support/clientUnderTest.ts';
import { type Answer, hangUp, json } from '../support/faultServer.ts';

const { server, client, clock, rejectsWith } = clientUnderTest();

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'content-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const file = { containerId: 'c', fileId: 'cfile_1', filename: 'a.bin' };
const BYTES = Buffer.from(Array.from({ length: 100_000 }, (_, place) => place % 251));

/** Breaks the connection once so many bytes of the file have been taken: what is only on its way may be lost with it. */
let breaking: { readonly at: number; readonly response: ServerResponse } | undefined;
function breakAt(at: number, response: ServerResponse): void {
  breaking = { at, response };
}

/** The chunks, while somebody looks at how many bytes there are. */
async function* watched(chunks: FileContent['chunks']): FileContent['chunks'] {
  let taken = 0;
  for await (const chunk of chunks) {
    taken = chunk === START_OVER ? 0 : taken + chunk.byteLength;
    yield chunk;
    if (breaking === undefined || taken < breaking.at) continue;
    breaking.response.destroy();
    breaking = undefined;
  }
}

/** The whole file, of which only the first bytes arrive. */
const broken =
  (arrive: number, headers: Record<string, string> = {}): Answer =>
  (_request, response) => {
    response.writeHead(200, { 'content-length': String(BYTES.length), ...headers });
    response.write(BYTES.subarray(0, arrive));
    breakAt(arrive, response);
  };
const whole =
  (bytes = BYTES): Answer =>
  (_request, response) => {
    response.writeHead(200, { 'content-length': String(bytes.length) });
    response.end(bytes);
  };
/** The rest, from where it was asked for, of which `arrive` bytes come. */
const rest =
  (arrive = Number.POSITIVE_INFINITY, headers: Record<string, string> = {}): Answer =>
  (request, response) => {
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1]);
    response.writeHead(206, {
      'content-range': `bytes ${from}-${BYTES.length - 1}/${BYTES.length}`,
      'content-length': String(BYTES.length - from),
      etag: '"v1"',
      ...headers,
    });
    const part = BYTES.subarray(from, from + arrive);
    if (from + arrive >= BYTES.length) {
      response.end(part);
      return;
    }
    response.write(part);
    breakAt(from + arrive, response);
  };

/** Of the rest, so few bytes that the parts make no whole, in an answer that is whole itself. */
const shortRest: Answer = (request, response) => {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1]);
  const range = `bytes ${from}-${BYTES.length - 1}/${BYTES.length}`;
  response.writeHead(206, { 'content-range': range, 'content-length': '100', etag: '"v1"' });
  response.end(BYTES.subarray(from, from + 100));
};

async function saveAs(name: string, signal?: AbortSignal) {
  const content = await client().fileContent(file, signal);
  return saveContent({ ...content, chunks: watched(content.chunks) }, { folder, name, replace: false });
}

/** Saves the file, and gives its bytes; nothing else is in the folder. */
async function save() {
  await rm(path.join(folder, 'a.bin'), { force: true });
  const { path: place, bytes } = await saveAs('a.bin');
  assert.deepEqual(await readdir(folder), ['a.bin']);
  const written = await readFile(place);
  assert.equal(bytes, written.length);
  return written;
}
const ranges = () => server().received.map(({ headers }) => headers.range);

describe('a download that breaks', () => {
  const tagged = { etag: '"v1"' };

  it('goes on where it broke, as long as it is the same file', async () => {
    server().inTurn(broken(40_000, tagged), rest(20_000), rest());
    assert.ok((await save()).equals(BYTES));
    assert.deepEqual(ranges(), [undefined, 'bytes=40000-', 'bytes=60000-']);
    assert.equal(server().received[1]?.headers['if-range'], '"v1"');
    assert.deepEqual(clock().waits, [500, 1_000]);
  });

  for (const [name, answers] of [
    ['tells of no version', [broken(40_000), whole()]],
    ['tells only of a weak version', [broken(40_000, { etag: 'W/"v1"' }), whole()]],
    ['does not know ranges', [broken(40_000, tagged), whole(), whole()]],
    [
      'has another range',
      [broken(40_000, tagged), rest(9e9, { 'content-range': 'bytes 7-9/100000' }), whole()],
    ],
    [
      'has a file of another size',
      [broken(40_000, tagged), rest(9e9, { 'content-range': 'bytes 40000-49999/50000' }), whole()],
    ],
    ['gives less of it than it says', [broken(40_000, tagged), shortRest, whole()]],
    ['refuses the range', [broken(40_000, tagged), json(416, {}), whole()]],
  ] as const) {
    it(`begins again where the server ${name}`, async () => {
      server().inTurn(...answers);
      assert.ok((await save()).equals(BYTES));
      assert.equal(server().received.length, answers.length);
      assert.equal(ranges().at(-1), undefined);
    });
  }

  it('takes nothing of the old file where there is another one now', async () => {
    const other = Buffer.from('a shorter file');
    server().inTurn(broken(40_000), whole(other));
    assert.ok((await save()).equals(other));
    server().inTurn(broken(40_000), whole(other));
    const content = await client().fileContent(file);
    const read = await readWhole({ ...content, chunks: watched(content.chunks) }, 200_000);
    assert.ok(other.equals(read));
  });

  it('takes nothing of the old file that is on the disk already', async () => {
    const other = Buffer.from('a shorter file');
    const size = 5 * 1024 * 1024;
    server().inTurn((_request, response) => {
      response.writeHead(200, { 'content-length': String(size) });
      response.write(Buffer.alloc(size - 1, 'old'));
      breakAt(size - 1, response);
    }, whole(other));
    assert.ok((await save()).equals(other));
  });

  it('is given up after five tries, and leaves nothing behind', async () => {
    server().answer = broken(40_000);
    await assert.rejects(saveAs('a.bin'), rejectsWith('connection_lost'));
    assert.equal(server().received.length, 5);
    assert.deepEqual(await readdir(folder), []);
  });

  for (const [status, error, kind] of [
    [404, { message: 'File not found' }, 'not_found'],
    [400, { message: 'Container is expired.' }, 'container_expired'],
  ] as readonly (readonly [number, object, ErrorKind])[]) {
    it(`is given up where the server says ${kind} then, and leaves nothing behind`, async () => {
      server().inTurn(broken(40_000, tagged), json(status, { error }));
      await assert.rejects(saveAs('a.bin'), rejectsWith(kind));
      assert.deepEqual(await readdir(folder), []);
    });
  }

  it('leaves nothing behind when it is stopped', async () => {
    const stop = new AbortController();
    server().answer = broken(40_000);
    clock().onSleep = () => stop.abort();
    await assert.rejects(saveAs('a.bin', stop.signal), { name: 'AbortError' });
    assert.equal(server().received.length, 1);
    assert.deepEqual(await readdir(folder), []);
  });

  it('also without an announced length', async () => {
    server().inTurn((_request, response) => {
      response.writeHead(200, { etag: '"v1"' });
      response.write(BYTES.subarray(0, 40_000));
      breakAt(40_000, response);
    }, rest());
    assert.ok((await save()).equals(BYTES));
    assert.equal(ranges().at(-1), 'bytes=40000-');
  });
});

describe('a download that does not begin', () => {
  it('is asked for again where it may come', async () => {
    server().inTurn(hangUp, json(503, { error: { message: 'no' } }), whole());
    assert.ok((await save()).equals(BYTES));
  });

  it('is no file where a page for people came in its place', async () => {
    server().answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
      response.end('<!doctype html><title>Sign in</title>');
    };
    await assert.rejects(client().fileContent(file), rejectsWith('not_an_api'));
    const page = await client().fileContent({ ...file, filename: 'report.html' });
    assert.match(Buffer.from(await readWhole(page, 1_000)).toString(), /Sign in/);
  });

  it('is no file where a part of one came that nobody asked for', async () => {
    server().answer = (_request, response) => {
      response.writeHead(206, { 'content-range': 'bytes 0-9/100' });
      response.end('0123456789');
    };
    await assert.rejects(client().fileContent(file), rejectsWith('not_understood'));
  });

  it('asks for the bytes as they are', async () => {
    server().inTurn(whole());
    await save();
    assert.equal(server().received[0]?.headers['accept-encoding'], 'identity');
  });
});

describe('the beginning of a file', () => {
  it('is read, and the rest is not waited for', async () => {
    // The rest never comes: only who closes the connection gets on.
    server().inTurn((_request, response) => {
      response.writeHead(200, { 'content-length': String(BYTES.length) });
      response.write(BYTES.subarray(0, 50_000));
    });
    const { bytes, whole } = await readStart(await client().fileContent(file), 40_000);
    assert.ok(BYTES.subarray(0, 40_000).equals(bytes));
    assert.equal(whole, false);
  });

  it('is all of a file that is not longer, also where it broke on the way', async () => {
    server().inTurn(whole(BYTES.subarray(0, 40_000)));
    const short = await readStart(await client().fileContent(file), 40_000);
    assert.ok(short.whole && short.bytes.byteLength === 40_000);
    server().inTurn(broken(40_000), whole());
    const content = await client().fileContent(file);
    const again = await readStart({ ...content, chunks: watched(content.chunks) }, BYTES.length);
    assert.ok(again.whole && BYTES.equals(again.bytes));
  });
});
