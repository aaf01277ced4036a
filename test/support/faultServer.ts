import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as the server received it. */
export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** What a server does about one request. */
export type Answer = (request: Received, response: ServerResponse) => void;

/** An answer of JSON. */
export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };
}

/** An answer of events, and the end of the stream. */
export function events(...values: readonly unknown[]): Answer {
  return (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(values.map((value) => `data: ${JSON.stringify(value)}\n\n`).join(''));
  };
}

/** Closes the connection without a word. */
export const hangUp: Answer = (_request, response) => {
  response.socket?.destroy();
};

/**
 * An HTTP server on loopback that answers as a test says: it stands for gateways and providers that misbehave, which
 * cannot be had on demand.
 */
export class FaultServer implements AsyncDisposable {
  readonly received: Received[] = [];
  readonly url: string;
  readonly #server: Server;
  /** Called with each request once its body is there. */
  answer: Answer = (_request, response) => response.end();
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
    this.answer = json(status, body, headers);
  }

  /** Answers each request with the next of these; what comes beyond them with a status that nothing else has. */
  inTurn(...answers: readonly Answer[]): void {
    const left = answers.slice();
    this.answer = (request, response) => {
      const answer = left.shift() ?? json(418, { error: { message: 'one request too many' } });
      answer(request, response);
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
