import assert from 'node:assert/strict';
import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent, type ClientRequest, request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import { promisify } from 'node:util';
import { deflateSync, gzipSync } from 'node:zlib';
import OpenAI, { APIError, toFile } from 'openai';
import { at, type Json, KEY, testGateway } from './testGateway.ts';

const MB = 1024 * 1024;
const BIG = Buffer.alloc(100 * MB, 0x20);
const JSON_TYPE = { 'content-type': 'application/json' };
const authorization = `Bearer ${KEY}`;

interface Told {
  readonly status: number;
  readonly body: Json;
}

async function byFetch(url: string, body: BodyInit, type: Record<string, string>): Promise<Told> {
  const answer = await fetch(url, { method: 'POST', headers: { authorization, ...type }, body });
  return { status: answer.status, body: (await answer.json()) as Json };
}

/** @param headers with `transfer-encoding` it is sent without a length */
async function byHttp(
  url: string,
  body: Buffer,
  headers: Record<string, string>,
  agent: Agent,
): Promise<Told> {
  const asking = request(url, { method: 'POST', headers: { authorization, ...headers }, agent });
  const answered = once(asking, 'response');
  asking.end(body);
  const [answer] = await answered;
  // Whatever becomes of the rest of the body, the answer is here.
  asking.on('error', () => {});
  let text = '';
  for await (const chunk of answer) text += chunk;
  return { status: answer.statusCode, body: JSON.parse(text) };
}

async function byCurl(url: string, args: readonly string[]): Promise<Told> {
  const given = ['-sS', '-H', `authorization: ${authorization}`, '-w', '\n%{http_code}', ...args, url];
  const { stdout } = await promisify(execFile)('curl', given);
  const [text = '', status] = stdout.split('\n');
  return { status: Number(status), body: JSON.parse(text) };
}

const hasCurl = await promisify(execFile)('curl', ['--version']).then(
  () => true,
  () => false,
);

function assertTooLarge({ status, body }: Told): void {
  assert.equal(status, 413);
  assert.equal(at(body, 'error', 'code'), 'request_too_large');
}

suite('a body of 100 MB is refused with an answer that every client reads', () => {
  let folder: string;
  let file: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'big-'));
    file = path.join(folder, 'big.bin');
    await writeFile(file, BIG);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  test('fetch', async () => {
    await using gateway = await testGateway();
    for (let round = 0; round < 5; round++) {
      assertTooLarge(await byFetch(`${gateway.url}/v1/responses`, BIG, JSON_TYPE));
    }
    const form = new FormData();
    form.append('file', new Blob([BIG]), 'big.bin');
    assertTooLarge(await byFetch(`${gateway.url}/v1/files`, form, {}));
  });

  for (const keepAlive of [false, true]) {
    test(`node:http, ${keepAlive ? 'keeping' : 'closing'} its connection`, async () => {
      await using gateway = await testGateway();
      const agent = new Agent({ keepAlive });
      for (let round = 0; round < 5; round++) {
        assertTooLarge(await byHttp(`${gateway.url}/v1/responses`, BIG, JSON_TYPE, agent));
        const chunked = { ...JSON_TYPE, 'transfer-encoding': 'chunked' };
        assertTooLarge(await byHttp(`${gateway.url}/v1/responses`, BIG, chunked, agent));
      }
      agent.destroy();
    });
  }

  test('the official client', async () => {
    await using gateway = await testGateway();
    const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: KEY, maxRetries: 0 });
    await assert.rejects(
      client.files.create({ file: await toFile(BIG, 'big.bin'), purpose: 'user_data' }),
      (error) => error instanceof APIError && error.status === 413 && error.code === 'request_too_large',
    );
  });

  test('curl, with and without asking first', { skip: hasCurl ? false : 'there is no curl' }, async () => {
    await using gateway = await testGateway();
    for (const expect of ['Expect: 100-continue', 'Expect:']) {
      assertTooLarge(await byCurl(`${gateway.url}/v1/files`, ['-H', expect, '-F', `file=@${file}`]));
      const json = ['-H', expect, '-H', 'content-type: application/json', '--data-binary', `@${file}`];
      assertTooLarge(await byCurl(`${gateway.url}/v1/responses`, json));
    }
  });

  test('a client that asks first is told to go on where its body is welcome', async () => {
    await using gateway = await testGateway();
    const asking = request(`${gateway.url}/v1/containers`, {
      method: 'POST',
      headers: { authorization, ...JSON_TYPE, expect: '100-continue' },
    });
    asking.flushHeaders();
    await once(asking, 'continue');
    const answered = once(asking, 'response');
    asking.end(JSON.stringify({ name: 'asked first' }));
    const [answer] = await answered;
    assert.equal(answer.statusCode, 200);
    answer.resume();
  });

  test('a wrong key is told so at once, whatever else is sent', async () => {
    await using gateway = await testGateway();
    const told = await byHttp(`${gateway.url}/v1/files`, BIG, { authorization: 'Bearer no' }, new Agent());
    assert.equal(told.status, 401);
  });
});

test('50 refused bodies of 100 MB leave no memory behind', async () => {
  const program = path.join(import.meta.dirname, 'gatewayProgram.ts');
  const child = fork(program, {
    execArgv: ['--expose-gc', '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON'],
  });
  try {
    const [url] = await once(child, 'message');
    const memory = async (): Promise<number> => {
      child.send('memory');
      return Number((await once(child, 'message'))[0]);
    };
    const refuse = async (times: number) => {
      for (let round = 0; round < times; round++) {
        const chunked = round % 2 === 0 ? {} : { 'transfer-encoding': 'chunked' };
        const agent = new Agent();
        assertTooLarge(await byHttp(`${url}/v1/responses`, BIG, { ...JSON_TYPE, ...chunked }, agent));
      }
    };
    // What is compiled and kept at the first ones is no leak.
    await refuse(20);
    const first = await memory();
    await refuse(50);
    const grown = (await memory()) - first;
    assert.ok(grown < 64 * MB, `${Math.round(grown / MB)} MB more`);
  } finally {
    child.kill('SIGKILL');
  }
});

suite('bodies that are not read as they are', () => {
  const text = Buffer.from(JSON.stringify({ name: 'packed' }));
  const packed: readonly (readonly [encoding: string, body: Buffer])[] = [
    ['gzip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['br', text],
    ['GZIP, identity', text],
  ];
  for (const [encoding, body] of packed) {
    test(`content-encoding: ${encoding}`, async () => {
      await using gateway = await testGateway();
      const type = { ...JSON_TYPE, 'content-encoding': encoding };
      const told = await byHttp(`${gateway.url}/v1/containers`, body, type, new Agent());
      assert.equal(told.status, 415);
      assert.equal(at(told.body, 'error', 'code'), 'unsupported_content_encoding');
    });
  }

  test('content-encoding: identity is none', async () => {
    await using gateway = await testGateway();
    const type = { ...JSON_TYPE, 'content-encoding': 'identity' };
    assert.equal((await byHttp(`${gateway.url}/v1/containers`, text, type, new Agent())).status, 200);
  });
});

suite('the memory for all bodies together', () => {
  const form = { authorization, 'content-type': 'multipart/form-data; boundary=b' };

  /** A request that announces so many bytes and never sends them. */
  function announce(url: string, bytes: number): ClientRequest {
    const asking = request(url, { method: 'POST', headers: { ...form, 'content-length': bytes } });
    asking.on('error', () => {});
    asking.flushHeaders();
    return asking;
  }

  test('is shared out: one that finds no room waits, and is refused with 429 when that takes too long', async () => {
    await using gateway = await testGateway({ serverLimits: { bodyBytes: 4 * MB, bodyTimeout: 200 } });
    const url = `${gateway.url}/v1/files`;
    const upload = async () =>
      await gateway.upload('/v1/files', 'b', 'x'.repeat(2 * MB), { purpose: 'user_data' });
    const hog = announce(url, 3 * MB);
    await once(hog, 'socket');
    let refused: Json = {};
    // The announcement is on its way.
    for (let tries = 0; tries < 50 && refused['error'] === undefined; tries++) refused = await upload();
    assert.match(String(at(refused, 'error', 'message')), /Too many large requests at once/);
    const small = await gateway.upload('/v1/files', 's', 'x', { purpose: 'user_data' });
    assert.match(String(small['id']), /^file-/, 'small ones do not wait');
    const waiting = upload();
    hog.destroy();
    assert.match(String((await waiting)['id']), /^file-/, 'there is room again');
  });

  test('is enough for many uploads, one after the other', async () => {
    await using gateway = await testGateway({ serverLimits: { bodyBytes: 20 * MB } });
    const files = await Promise.all(
      Array.from({ length: 12 }, () =>
        gateway.upload('/v1/files', 'b', 'x'.repeat(9 * MB), { purpose: 'user_data' }),
      ),
    );
    assert.deepEqual(
      files.map((file) => file['bytes']),
      files.map(() => 9 * MB),
    );
  });
});
