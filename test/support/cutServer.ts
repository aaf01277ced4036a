import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';

/**
 * How a stream ends too early: the connection closed in the middle of a body whose length was announced, reset there,
 * closed within a chunk, closed between two chunks, or the body ended as if it were whole.
 */
export const CUTS = ['closed', 'reset', 'withinChunk', 'betweenChunks', 'clean'] as const;
export type Cut = (typeof CUTS)[number];

const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n';

/**
 * Answers each request for a run with the beginning of one stream. What it does is in the request's input, as JSON of
 * `[cut, bytes]`, so that many can be under way at once. A server of bare sockets: what breaks off here, no HTTP
 * library would send.
 */
export class CutServer implements AsyncDisposable {
  readonly url: string;
  /** How often each input was sent. */
  readonly requests = new Map<string, number>();
  readonly #stream: Buffer;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server, stream: Buffer) {
    this.#server = server;
    this.#stream = stream;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async start(stream: Buffer): Promise<CutServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const started = new CutServer(server, stream);
    server.on('connection', (socket) => started.#serve(socket));
    return started;
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => {});
    let received = '';
    socket.on('data', (bytes) => {
      received += bytes.toString('latin1');
      const end = received.indexOf('\r\n\r\n');
      const length = Number(/\r\ncontent-length: (\d+)/i.exec(received)?.[1]);
      if (end < 0 || received.length < end + 4 + length) return;
      const { input } = JSON.parse(received.slice(end + 4)) as { input: string };
      received = '';
      this.requests.set(input, (this.requests.get(input) ?? 0) + 1);
      const [cut, at] = JSON.parse(input) as [Cut | 'head', number];
      this.#answer(socket, cut, at);
    });
  }

  #answer(socket: Socket, cut: Cut | 'head', at: number): void {
    const whole = this.#stream.length;
    const part = this.#stream.subarray(0, at);
    const chunk = (size: number, ...rest: readonly (Buffer | string)[]) => [
      `${HEAD}transfer-encoding: chunked\r\n\r\n`,
      ...(size === 0 ? [] : [`${size.toString(16)}\r\n`, part]),
      ...rest,
    ];
    const plain = [`${HEAD}content-length: ${whole}\r\n\r\n`, part];
    switch (cut) {
      case 'head':
        socket.end(`${HEAD}content-length: ${whole}\r\n\r\n`.slice(0, at));
        return;
      case 'closed':
        socket.end(joined(plain));
        return;
      case 'reset':
        socket.write(joined(plain), () => socket.resetAndDestroy());
        return;
      case 'withinChunk':
        socket.end(joined(chunk(whole)));
        return;
      case 'betweenChunks':
        socket.end(joined(chunk(at, ...(at === 0 ? [] : ['\r\n']))));
        return;
      case 'clean':
        socket.end(joined(chunk(at, ...(at === 0 ? [] : ['\r\n']), '0\r\n\r\n')));
        return;
    }
  }

  /** Bytes of the head of a plain answer. */
  get headLength(): number {
    return `${HEAD}content-length: ${this.#stream.length}\r\n\r\n`.length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function joined(parts: readonly (Buffer | string)[]): Buffer {
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
}
