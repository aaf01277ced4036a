import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { closeOf, headers, openSocket, portOf, type RawAnswer, talk } from './rawSocket.ts';
import { at, KEY, testGateway } from './testGateway.ts';

const LIMITS = { headersTimeout: 300, requestTimeout: 600, stallTimeout: 200, drainTimeout: 300 };

type Gateway = Awaited<ReturnType<typeof testGateway>>;

/** After whatever was done to it, the gateway answers the next one. */
async function assertAlive(gateway: Gateway): Promise<void> {
  assert.equal((await gateway.ask('GET', '/v1/models')).status, 200);
}

function assertErrorShape(body: unknown, message?: RegExp): void {
  assert.deepEqual(Object.keys(at(body, 'error') ?? {}), ['message', 'type', 'param', 'code']);
  if (message) assert.match(String(at(body, 'error', 'message')), message);
}

const chunked = (gateway: Gateway, rest: string) =>
  `POST /v1/responses HTTP/1.1\r\n${headers(gateway)}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${rest}`;

suite('what is no HTTP request gets an error that can be read', () => {
  const cases: readonly (readonly [name: string, bytes: (gateway: Gateway) => string, status: number])[] = [
    ['words', () => 'hello there\r\n\r\n', 400],
    ['the start of TLS', () => '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
    ['HTTP/2', () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
    ['an unknown method', (gateway) => `BREW / HTTP/1.1\r\n${headers(gateway)}\r\n`, 400],
    ['a blank in the path', (gateway) => `GET /a b HTTP/1.1\r\n${headers(gateway)}\r\n`, 400],
    ['a NUL in the path', (gateway) => `GET /\0 HTTP/1.1\r\n${headers(gateway)}\r\n`, 400],
    ['raw bytes in the path', (gateway) => `GET /é HTTP/1.1\r\n${headers(gateway)}\r\n`, 400],
    ['a header without a colon', (gateway) => `GET / HTTP/1.1\r\n${headers(gateway)}nonsense\r\n\r\n`, 400],
    ['a header with a NUL', (gateway) => `GET / HTTP/1.1\r\n${headers(gateway)}X: \0\r\n\r\n`, 400],
    ['bare line feeds', (gateway) => `GET / HTTP/1.1\r\n${headers(gateway)}X: a\nY: b\r\n\r\n`, 400],
    [
      'a header of 100 KB',
      (gateway) => `GET / HTTP/1.1\r\n${headers(gateway)}X: ${'x'.repeat(100_000)}\r\n\r\n`,
      431,
    ],
    ['a path of 100 KB', (gateway) => `GET /${'x'.repeat(100_000)} HTTP/1.1\r\n${headers(gateway)}\r\n`, 431],
    [
      '10,000 headers',
      (gateway) => `GET /v1/models HTTP/1.1\r\n${headers(gateway)}${'a: b\r\n'.repeat(10_000)}\r\n`,
      431,
    ],
    [
      '10,000 empty headers',
      (gateway) => `GET /v1/models HTTP/1.1\r\n${headers(gateway)}${'a:\r\n'.repeat(10_000)}\r\n`,
      431,
    ],
    ['a chunk size that is none', (gateway) => chunked(gateway, 'xyz\r\n{}\r\n'), 400],
    ['a chunk size that overflows', (gateway) => chunked(gateway, 'fffffffffffffffff\r\n'), 400],
    ['a chunk longer than it says', (gateway) => chunked(gateway, '1\r\n{}{}{}\r\n0\r\n\r\n'), 400],
    ['chunk extensions without end', (gateway) => chunked(gateway, `1;${'x'.repeat(20_000)}`), 413],
    ['a tunnel', (gateway) => `CONNECT example.com:443 HTTP/1.1\r\n${headers(gateway)}\r\n`, 405],
  ];
  for (const [name, bytes, status] of cases) {
    test(name, async () => {
      await using gateway = await testGateway({ serverLimits: LIMITS });
      const answer = await talk(gateway, [Buffer.from(bytes(gateway), 'latin1')], 0);
      assert.deepEqual(answer.statuses, [status], answer.text);
      assertErrorShape(answer.body);
      assert.match(answer.text, /^x-request-id: req_\w+/im);
      assert.ok(answer.closed);
      await assertAlive(gateway);
    });
  }

  test('lengths that contradict each other smuggle nothing', async () => {
    await using gateway = await testGateway({ serverLimits: LIMITS });
    const smuggled = `GET /v1/models HTTP/1.1\r\n${headers(gateway)}\r\n`;
    const heads = [
      'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n',
      'Transfer-Encoding: chunked\r\nContent-Length: 4\r\n',
      'Content-Length: 4\r\nContent-Length: 5\r\n',
      'Content-Length: +4\r\n',
      'Content-Length: 4, 4\r\n',
      'Transfer-Encoding: chunked, identity\r\n',
      'Transfer-Encoding : chunked\r\n',
    ];
    for (const head of heads) {
      const request = `POST /v1/responses HTTP/1.1\r\n${headers(gateway)}Content-Type: application/json\r\n${head}\r\n`;
      const answer = await talk(gateway, [`${request}0\r\n\r\n${smuggled}`], 0);
      assert.deepEqual(answer.statuses, [400], `${head}: ${answer.text}`);
      assertErrorShape(answer.body);
    }
    await assertAlive(gateway);
  });

  test('an unknown transfer encoding is refused, not read as something else', async () => {
    await using gateway = await testGateway({ serverLimits: LIMITS });
    const request = `POST /v1/responses HTTP/1.1\r\n${headers(gateway)}Content-Type: application/json\r\nTransfer-Encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`;
    const answer = await talk(gateway, [request]);
    assert.deepEqual(answer.statuses, [400]);
    assertErrorShape(answer.body, /transfer encoding/);
  });

  test('an expectation that nobody knows gets 417', async () => {
    await using gateway = await testGateway({ serverLimits: LIMITS });
    const answer = await talk(gateway, [`GET /v1/models HTTP/1.1\r\n${headers(gateway)}Expect: tea\r\n\r\n`]);
    assert.deepEqual(answer.statuses, [417]);
    assertErrorShape(answer.body);
  });

  test('an answer that has begun is not interrupted by an error', async () => {
    await using gateway = await testGateway({ serverLimits: LIMITS });
    const body = JSON.stringify({ model: 'built-in', input: 'hello' });
    const run = `POST /v1/responses HTTP/1.1\r\n${headers(gateway)}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const answer = await talk(gateway, [`${run}\0garbage\r\n\r\n`], 0);
    assert.ok(answer.statuses.length === 0 || answer.statuses[0] === 200, answer.text);
    await assertAlive(gateway);
  });
});

suite('slow and idle clients', () => {
  test('a connection that says nothing is closed', async () => {
    await using gateway = await testGateway({ serverLimits: LIMITS });
    const answer = await talk(gateway, [], 0);
    assert.deepEqual(answer.statuses, [408]);
    assertErrorShape(answer.body, /did not come in time/);
  });

  test('headers that come byte by byte are given up', async () => {
    await using gateway = await testGateway({ serverLimits: LIMITS });
    const socket = openSocket(gateway);
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString();
    });
    const dripping = setInterval(() => socket.write('x'), 20);
    socket.write('GET /v1/models HTTP/1.1\r\nX: ');
    await closeOf(socket);
    clearInterval(dripping);
    assert.match(text, /^HTTP\/1\.1 408 /);
  });

  test('a body that comes byte by byte is given up, with an answer', async () => {
    await using gateway = await testGateway({ serverLimits: LIMITS });
    const socket = openSocket(gateway);
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString();
    });
    const dripping = setInterval(() => socket.write(' '), 20);
    socket.write(
      `POST /v1/responses HTTP/1.1\r\n${headers(gateway)}Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n`,
    );
    await closeOf(socket);
    clearInterval(dripping);
    assert.match(text, /^HTTP\/1\.1 408 .*"code":"request_timeout"/s);
    await assertAlive(gateway);
  });

  test('a chunked body without end is refused at the limit, and its client cut off', async () => {
    await using gateway = await testGateway({ serverLimits: { ...LIMITS, requestTimeout: 60_000 } });
    const socket = openSocket(gateway);
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString();
    });
    const chunk = Buffer.concat([
      Buffer.from('100000\r\n'),
      Buffer.alloc(0x100000, 0x20),
      Buffer.from('\r\n'),
    ]);
    let sent = 0;
    const send = () => {
      while (!socket.destroyed && socket.write(chunk)) sent++;
    };
    socket.on('drain', send);
    socket.write(chunked(gateway, ''));
    send();
    await closeOf(socket);
    assert.match(text, /^HTTP\/1\.1 413 .*"code":"request_too_large"/s);
    assert.ok(sent > 0);
    await assertAlive(gateway);
  });

  test('a client that does not read its answer is cut off', async () => {
    await using gateway = await testGateway({ serverLimits: LIMITS });
    const file = await gateway.upload('/v1/files', 'big.bin', 'x'.repeat(30_000_000), {
      purpose: 'user_data',
    });
    const socket = openSocket(gateway);
    socket.pause();
    socket.write(`GET /v1/files/${file['id']}/content HTTP/1.1\r\n${headers(gateway)}\r\n`);
    // Some of it is taken by the systems' buffers on the way.
    await wait(1_500);
    let bytes = 0;
    socket.on('data', (chunk) => {
      bytes += chunk.length;
    });
    socket.resume();
    await closeOf(socket);
    assert.ok(bytes < 30_000_000, `${bytes} bytes came`);
    await assertAlive(gateway);
  });

  test('connections beyond the limit are closed at once, and others are served again when there is room', async () => {
    await using gateway = await testGateway({ serverLimits: { connections: 20 } });
    const sockets = Array.from({ length: 500 }, () => openSocket(gateway));
    let closed = 0;
    const { promise, resolve } = Promise.withResolvers<void>();
    for (const socket of sockets) {
      socket.resume();
      socket.once('close', () => {
        closed++;
        if (closed === 480) resolve();
      });
    }
    await promise;
    assert.equal(sockets.filter((socket) => !socket.destroyed).length, 20);
    for (const socket of sockets) socket.destroy();
    // That they are gone is seen on the other side a moment later.
    let answer: RawAnswer | undefined;
    while (answer?.statuses[0] !== 200) {
      answer = await talk(gateway, [`GET /v1/models HTTP/1.1\r\n${headers(gateway)}\r\n`]);
    }
  });

  test('a thousand requests in one write are answered in their order', async () => {
    await using gateway = await testGateway();
    const one = `GET /v1/models HTTP/1.1\r\n${headers(gateway)}\r\n`;
    const other = `GET /v1/nothing HTTP/1.1\r\n${headers(gateway)}\r\n`;
    const answer = await talk(gateway, [(one + other).repeat(500)], 1_000);
    assert.deepEqual(answer.statuses, Array.from({ length: 500 }, () => [200, 404]).flat());
  });
});

suite('the target and the host of a request', () => {
  const hosts: readonly (readonly [name: string, host: (port: number) => string, status: number])[] = [
    ['capital letters', (port) => `Host: LocalHost:${port}\r\n`, 200],
    ['IPv6', (port) => `Host: [::1]:${port}\r\n`, 200],
    ['a trailing dot', (port) => `Host: localhost.:${port}\r\n`, 403],
    ['no port', () => 'Host: 127.0.0.1\r\n', 403],
    ['another way to write the address', (port) => `Host: 127.1:${port}\r\n`, 403],
    ['a name that points here', (port) => `Host: evil.example:${port}\r\n`, 403],
    ['a name that begins like ours', (port) => `Host: 127.0.0.1.evil.example:${port}\r\n`, 403],
    ['a user before it', (port) => `Host: 127.0.0.1:${port}@evil.example\r\n`, 403],
    ['nothing in it', () => 'Host: \r\n', 403],
    ['none', () => '', 400],
    ['two, ours first', (port) => `Host: 127.0.0.1:${port}\r\nHost: evil.example\r\n`, 400],
    ['two, ours last', (port) => `Host: evil.example\r\nHost: 127.0.0.1:${port}\r\n`, 400],
  ];
  for (const [name, host, status] of hosts) {
    test(`host: ${name}`, async () => {
      await using gateway = await testGateway();
      const request = `GET /v1/models HTTP/1.1\r\n${host(portOf(gateway))}Authorization: Bearer ${KEY}\r\n\r\n`;
      const answer = await talk(gateway, [request]);
      assert.deepEqual(answer.statuses, [status], answer.text);
      if (status !== 200) assertErrorShape(answer.body);
    });
  }

  const targets: readonly (readonly [target: (port: number) => string, status: number])[] = [
    [(port) => `http://127.0.0.1:${port}/v1/models`, 200],
    [(port) => `http://LOCALHOST:${port}/v1/models?x`, 200],
    [(port) => `http://evil.example:${port}/v1/models`, 403],
    [(port) => `http://127.0.0.1:${port}@evil.example/v1/models`, 403],
    [(port) => `https://127.0.0.1:${port}/v1/models`, 400],
    [() => '*', 400],
    [() => '/v1/../v1/models', 404],
    [() => '/v1/%2e%2e/v1/models', 404],
    [() => '/v1/containers/%2e%2e/models', 404],
    [() => '/v1/containers/..%2fmodels', 404],
    [() => '/v1/containers/%5c..%5c', 404],
    [() => '/v1/containers/%00', 404],
    [() => '/v1/containers/%c0%ae%c0%ae', 404],
    [() => '/v1/containers/%ff', 404],
    [() => '/v1/containers//files', 404],
    [() => '//v1/models', 404],
    [() => '/V1/models', 404],
    [() => '/v1/models/', 404],
    [() => '/v1/containers/__proto__', 404],
    [() => '/v1/responses/constructor', 404],
    [() => `/v1/files/${'x'.repeat(10_000)}`, 404],
  ];
  for (const [target, status] of targets) {
    test(`target: ${target(1).slice(0, 50)}`, async () => {
      await using gateway = await testGateway();
      const answer = await talk(gateway, [
        `GET ${target(portOf(gateway))} HTTP/1.1\r\n${headers(gateway)}\r\n`,
      ]);
      assert.deepEqual(answer.statuses, [status], answer.text);
      if (status !== 200) assertErrorShape(answer.body);
      assert.ok(answer.text.length < 2_000, 'what was sent does not come back at length');
    });
  }
});
