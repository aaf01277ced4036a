import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ProxyBehaviour, ProxyOptions, ProxyReport } from './proxyProcess.ts';

/*
 * A network proxy as companies have it, in a process of its own: tunnels (CONNECT) and forwarded requests. It stands
 * for the company's name service too: every host name is this machine.
 */

const options = JSON.parse(process.argv[2] ?? '{}') as ProxyOptions;
let behaviour: ProxyBehaviour = {};
const open = new Set<Duplex>();

function report(message: ProxyReport): void {
  process.send?.(message);
}

/** The status to refuse a request with; undefined where it may go on. */
function refusal({ headers }: IncomingMessage): number | undefined {
  const { credentials } = options;
  const wanted = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`;
  if (wanted !== undefined && headers['proxy-authorization'] !== wanted) return 407;
  return behaviour.refuse;
}

const PAGE = '<!doctype html><title>Blocked</title><p>Your administrator has blocked this page.';

const server = options.identity === undefined ? createServer() : createTlsServer(options.identity);

server.on('connection', (socket: Socket) => {
  open.add(socket);
  socket.on('close', () => open.delete(socket));
});

server.on('connect', (incoming: IncomingMessage, client: Duplex, head: Buffer) => {
  report({ type: 'request', method: 'CONNECT', target: incoming.url ?? '', headers: incoming.headers });
  client.on('error', () => client.destroy());
  const status = refusal(incoming);
  if (behaviour.hangUp) client.destroy();
  else if (behaviour.garbage) client.end('SSH-2.0-nothing_of_http\r\n');
  else if (status === undefined) openTunnel(incoming, client, head);
  else {
    client.end(
      `HTTP/1.1 ${status} No\r\ncontent-type: text/html\r\ncontent-length: ${PAGE.length}\r\n\r\n${PAGE}`,
    );
  }
});

function openTunnel(incoming: IncomingMessage, client: Duplex, head: Buffer): void {
  const port = Number(/:(\d+)$/.exec(incoming.url ?? '')?.[1]);
  const upstream = connect(port, '127.0.0.1', () => {
    client.write('HTTP/1.1 200 Connection established\r\n\r\n');
    upstream.write(head);
    client.pipe(upstream);
    passOn(upstream, client);
  });
  upstream.on('error', () => client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
  client.on('close', () => upstream.destroy());
}

server.on('request', (incoming, answer) => {
  report({
    type: 'request',
    method: incoming.method ?? '',
    target: incoming.url ?? '',
    headers: incoming.headers,
  });
  const status = refusal(incoming);
  if (behaviour.hangUp) incoming.socket.destroy();
  else if (status === undefined) forward(incoming, answer);
  else answer.writeHead(status, { 'content-type': 'text/html' }).end(PAGE);
});

function forward(incoming: IncomingMessage, answer: ServerResponse): void {
  const target = new URL(incoming.url ?? '');
  const { 'proxy-authorization': _secret, ...headers } = incoming.headers;
  const upstream = request(
    {
      host: '127.0.0.1',
      port: target.port,
      method: incoming.method,
      path: target.pathname + target.search,
      headers,
    },
    (response) => {
      answer.writeHead(response.statusCode ?? 500, response.headers);
      passOn(response, answer);
    },
  );
  upstream.on('error', () => answer.writeHead(502).end());
  incoming.pipe(upstream);
  answer.on('close', () => upstream.destroy());
}

/** Passes an answer on, and breaks off after as many bytes as it was told to. */
function passOn(from: NodeJS.ReadableStream, to: NodeJS.WritableStream & { destroy(): unknown }): void {
  let bytes = 0;
  from.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    to.write(chunk);
    if (behaviour.dieAfter !== undefined && bytes > behaviour.dieAfter) process.kill(process.pid, 'SIGKILL');
  });
  from.on('end', () => to.end());
  from.on('error', () => to.destroy());
}

process.on('message', (message: ProxyBehaviour | 'count') => {
  if (message === 'count') report({ type: 'count', connections: open.size });
  else {
    behaviour = message;
    report({ type: 'behaving' });
  }
});
// It ends with the test that started it, however that ends.
process.on('disconnect', () => process.exit());

server.listen(0, '127.0.0.1', () => report({ type: 'ready', port: (server.address() as AddressInfo).port }));
