import type { RequestListener } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Identity } from './certificates.ts';

export interface TlsServerOptions {
  readonly identity: Identity;
  /** Asks clients for a certificate of this authority (PEM). */
  readonly clientAuthority?: string;
}

/** An https server on loopback that answers `{}`, or as a test says. */
export class TlsServer implements AsyncDisposable {
  readonly port: number;
  /** Names in the certificates of the clients that were let in, one for each request. */
  readonly clients: (string | undefined)[] = [];
  /** TCP connections so far. */
  connections = 0;
  answer: RequestListener = (_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end('{}');
  };
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
  }

  static async start({ identity, clientAuthority }: TlsServerOptions): Promise<TlsServer> {
    const server = createServer({
      ...identity,
      ...(clientAuthority && { ca: clientAuthority, requestCert: true, rejectUnauthorized: true }),
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const started = new TlsServer(server);
    server.on('connection', () => started.connections++);
    server.on('request', (request, response) => {
      started.clients.push((request.socket as TLSSocket).getPeerCertificate()?.subject?.CN?.toString());
      started.answer(request, response);
    });
    return started;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
