import { type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { newId } from '../ids.ts';
import { ApiError } from './apiError.ts';

/** ms that a client has to take the answer and close before its connection is cut. */
const CLOSE_WITHIN = 1_000;

/**
 * Answers what is no HTTP request, or does not come in time, in the API's error shape; without this Node answers
 * with a status line alone. The connection is closed after it: where the next request begins cannot be known.
 */
export function answerBrokenRequests(server: Server): void {
  const open = new WeakMap<Duplex, Set<ServerResponse>>();
  const told = new WeakSet<Duplex>();
  const remember = (_: unknown, response: ServerResponse) => {
    const { socket } = response;
    if (socket === null) return;
    const unfinished = open.get(socket) ?? new Set();
    open.set(socket, unfinished.add(response));
    response.once('close', () => unfinished.delete(response));
  };
  for (const event of ['request', 'checkContinue', 'checkExpectation'])
    server.prependListener(event, remember);
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    // The parser fails again at every piece that comes after.
    if (told.has(socket)) return;
    told.add(socket);
    const answerable = isAnswerable([...(open.get(socket) ?? [])]);
    if (answerable && socket.writable && error.code !== 'ECONNRESET') endWith(socket, errorFor(error.code));
    else socket.destroy();
  });
  server.on('connect', (_, socket) => {
    endWith(socket, new ApiError(405, 'This gateway is no proxy.', { code: 'method_not_allowed' }));
  });
}

/**
 * Whether an error can be written. In the middle of another answer, or where it would be taken for the answer to a
 * request that came whole and is still worked on, it cannot.
 */
function isAnswerable(unfinished: readonly ServerResponse[]): boolean {
  const [first] = unfinished;
  if (first === undefined) return true;
  return unfinished.length === 1 && !first.headersSent && !first.req.complete;
}

function errorFor(code: string | undefined): ApiError {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new ApiError(431, 'The headers of the request are too long.');
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return new ApiError(413, 'The chunk extensions of the request are too long.');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new ApiError(408, 'The request did not come in time.', { code: 'request_timeout' });
    default:
      return new ApiError(400, 'The request could not be read: it is not valid HTTP/1.1.');
  }
}

function endWith(socket: Duplex, error: ApiError): void {
  const body = JSON.stringify(error.toBody());
  const head = [
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status]}`,
    'Connection: close',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${newId('req_')}`,
  ];
  socket.on('error', () => socket.destroy());
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  setTimeout(() => socket.destroy(), CLOSE_WITHIN).unref();
}
