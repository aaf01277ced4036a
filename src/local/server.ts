import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApiError } from './http/apiError.ts';
import { type Exchange, type Route, sendJson } from './http/exchange.ts';
import { guard } from './http/guard.ts';
import { newId } from './ids.ts';

export interface ServerOptions {
  /** 0 for any free one. */
  readonly port: number;
  readonly key: string;
  readonly routes: readonly Route[];
  /** One line for the log; never holds the key or a body. */
  readonly log: (line: string) => void;
}

export interface RunningServer {
  /** Such as `http://127.0.0.1:41234`. */
  readonly url: string;
  /** Stops listening and cuts what is open. */
  close(): Promise<void>;
}

/**
 * Serves the routes on 127.0.0.1 until closed.
 *
 * @throws where the port cannot be had (the error of node:net)
 */
export async function serve(options: ServerOptions): Promise<RunningServer> {
  const server = createServer({ requestTimeout: 120_000, headersTimeout: 20_000 });
  server.on('request', (request, response) => void answer(server, options, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  server.on('error', (error) => options.log(`server: ${error.message}`));
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo | null)?.port ?? 0;
}

async function answer(
  server: Server,
  options: ServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.setHeader('x-request-id', newId('req_'));
  response.setHeader('cache-control', 'no-store');
  response.setHeader('x-content-type-options', 'nosniff');
  // A client that goes away in the middle of an answer is no failure of ours.
  response.on('error', () => response.destroy());
  try {
    guard(request, options.key, portOf(server));
    const { route, exchange } = find(options.routes, request, response);
    await route.handle(exchange);
  } catch (error) {
    fail(options, request, response, error);
  }
}

function fail(
  options: ServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
  error: unknown,
): void {
  const told =
    error instanceof ApiError ? error : new ApiError(500, 'The local gateway failed to answer this request.');
  if (!(error instanceof ApiError) && !request.destroyed)
    options.log(`${request.method}: ${describe(error)}`);
  if (response.headersSent) {
    response.destroy();
    return;
  }
  if (!request.complete) {
    // What the client still sends is read and dropped for a moment, so that it sees the answer and not a reset.
    response.setHeader('connection', 'close');
    request.resume();
    setTimeout(() => request.destroy(), 2_000).unref();
  }
  sendJson(response, told.status, told.toBody());
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function find(
  routes: readonly Route[],
  request: IncomingMessage,
  response: ServerResponse,
): { readonly route: Route; readonly exchange: Exchange } {
  const url = parseUrl(request.url ?? '/');
  const segments = url.pathname.split('/').slice(1).map(decodeSegment);
  const matching = routes.flatMap((route) => {
    const params = match(route.path.split('/').slice(1), segments);
    return params === undefined ? [] : [{ route, exchange: { request, response, url, params } }];
  });
  const found = matching.find(({ route }) => route.method === request.method);
  if (found) return found;
  const path = url.pathname.slice(0, 200);
  if (matching.length === 0) throw new ApiError(404, `Invalid URL (${request.method} ${path})`);
  response.setHeader('allow', matching.map(({ route }) => route.method).join(', '));
  throw new ApiError(
    405,
    `Not allowed to ${request.method} on ${path}. (HINT: Perhaps you meant to use a different HTTP method?)`,
    { code: 'method_not_allowed' },
  );
}

function match(
  pattern: readonly string[],
  segments: readonly (string | undefined)[],
): Readonly<Record<string, string>> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [at, expected] of pattern.entries()) {
    const segment = segments[at];
    if (segment === undefined || segment === '') return undefined;
    const name = /^\{(\w+)\}$/.exec(expected)?.[1];
    if (name !== undefined) params[name] = segment;
    else if (segment !== expected) return undefined;
  }
  return params;
}

function parseUrl(path: string): URL {
  try {
    return new URL(`http://127.0.0.1${path.startsWith('/') ? path : '/'}`);
  } catch {
    throw new ApiError(400, 'The URL of the request could not be read.');
  }
}

function decodeSegment(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
