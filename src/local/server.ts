import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApiError } from './http/apiError.ts';
import { RequestBody } from './http/body.ts';
import { BodyMemory } from './http/bodyMemory.ts';
import { answerBrokenRequests } from './http/brokenRequests.ts';
import type { Route } from './http/exchange.ts';
import { guard } from './http/guard.ts';
import { refuse } from './http/refuse.ts';
import { findRoute } from './http/router.ts';
import { HEADER_BYTES, MOST_HEADERS, type ServerLimits } from './http/serverLimits.ts';
import { watchStalls } from './http/stalls.ts';
import { readTarget } from './http/target.ts';
import { newId } from './ids.ts';

export interface ServerOptions {
  /** 0 for any free one. */
  readonly port: number;
  readonly key: string;
  readonly routes: readonly Route[];
  readonly limits: ServerLimits;
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
  const { limits, log } = options;
  const server = createServer({
    requestTimeout: limits.requestTimeout,
    headersTimeout: limits.headersTimeout,
    connectionsCheckingInterval: Math.min(5_000, limits.headersTimeout / 2),
    maxHeaderSize: HEADER_BYTES,
    // The guard says what is wrong with a request without a Host.
    requireHostHeader: false,
  });
  server.maxConnections = limits.connections;
  // One more than may be, so that too many are seen rather than quietly dropped.
  server.maxHeadersCount = MOST_HEADERS + 1;
  answerBrokenRequests(server);
  const endWatch = watchStalls(server, limits.stallTimeout);
  const memory = new BodyMemory(limits.bodyBytes, limits.bodyTimeout);
  const take =
    (waiting = false) =>
    (request: IncomingMessage, response: ServerResponse) => {
      const body = new RequestBody(request, response, memory, waiting);
      answer({ ...options, port: portOf(server) }, request, response, body).catch((error: unknown) => {
        log(`${request.method}: ${describe(error)}`);
        response.destroy();
      });
    };
  server.on('request', take());
  server.on('checkContinue', take(true));
  server.on('checkExpectation', take(true));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  server.on('error', (error) => log(`server: ${error.message}`));
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    close: () =>
      new Promise((resolve) => {
        endWatch();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo | null)?.port ?? 0;
}

async function answer(
  options: ServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
  body: RequestBody,
): Promise<void> {
  response.setHeader('x-request-id', newId('req_'));
  response.setHeader('cache-control', 'no-store');
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('cross-origin-resource-policy', 'same-origin');
  // A client that goes away in the middle of an answer is no failure of ours.
  response.on('error', () => response.destroy());
  try {
    const target = readTarget(request.url ?? '');
    guard(request, target.authority, options.key, options.port);
    if (!/^(?:100-continue)?$/i.test(request.headers.expect ?? '')) {
      throw new ApiError(417, 'The only expectation that is met is 100-continue.');
    }
    const { route, params } = findRoute(options.routes, request.method ?? '', target, response);
    await route.handle({ request, response, body, query: target.query, params });
  } catch (error) {
    const gone = request.destroyed && !request.complete;
    if (!(error instanceof ApiError) && !gone) options.log(`${request.method}: ${describe(error)}`);
    const told =
      error instanceof ApiError
        ? error
        : new ApiError(500, 'The local gateway failed to answer this request.');
    await refuse(request, response, body, told, options.limits);
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
