import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as the server received it. */
export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/**
 * An HTTP server on loopback that answers as a test says: it stands for gateways and providers that misbehave, which
 * cannot be had on demand.
 */
export class FaultServer implements AsyncDisposable {
  readonly received: Received[] = [];
  readonly url: string;
  readonly #server: Server;
  /** Called with each request once its body is there. */
  answer: (request: Received, response: ServerResponse) => void = (_request, response) => response.end();
  /** Requests whose connection the client closed before the answer was complete. */
  aborted = 0;

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async start(): Promise<FaultServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const fault = new FaultServer(server);
    server.on('request', async (request: IncomingMessage, response: ServerResponse) => {
      response.on('close', () => {
        if (!response.writableFinished) fault.aborted++;
      });
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const received: Received = {
        method: request.method ?? '',
        url: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString('latin1'),
      };
      fault.received.push(received);
      fault.answer(received, response);
    });
    return fault;
  }

  /** Answers every request with this JSON. */
  always(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void {
    this.answer = (_request, response) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify(body));
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
