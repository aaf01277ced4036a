import { connect, type Socket } from 'node:net';
import { type Json, KEY } from './testGateway.ts';

/** What came back over a socket, once it was closed or had all that was waited for. */
export interface RawAnswer {
  readonly text: string;
  /** Of each answer in the text, in their order; 1xx ones left out. */
  readonly statuses: readonly number[];
  /** The last answer's body as JSON; an empty object where it is none. */
  readonly body: Json;
  /** Whether the other side has closed the connection. */
  readonly closed: boolean;
}

export function portOf(gateway: { readonly url: string }): number {
  return Number(new URL(gateway.url).port);
}

/** The headers that every proper request has. */
export function headers(gateway: { readonly url: string }): string {
  return `Host: 127.0.0.1:${portOf(gateway)}\r\nAuthorization: Bearer ${KEY}\r\n`;
}

/** A connection to the gateway; errors of it show as its end. */
export function openSocket(gateway: { readonly url: string }): Socket {
  const socket = connect(portOf(gateway), '127.0.0.1');
  socket.on('error', () => socket.destroy());
  return socket;
}

/** Fulfilled when the connection is closed, in whatever way. */
export function closeOf(socket: Socket): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  socket.once('close', () => resolve());
  return promise;
}

/**
 * Sends exactly these bytes, one piece after the other, and gathers what comes back.
 *
 * @param answers after so many answers it is enough; 0: until the connection is closed
 */
export async function talk(
  gateway: { readonly url: string },
  pieces: readonly (string | Buffer)[],
  answers = 1,
): Promise<RawAnswer> {
  const socket = openSocket(gateway);
  let text = '';
  let closed = false;
  const { promise, resolve } = Promise.withResolvers<void>();
  socket.setEncoding('latin1');
  socket.on('data', (chunk) => {
    text += chunk;
    if (answers > 0 && read(text).whole >= answers) resolve();
  });
  socket.on('close', () => {
    closed = true;
    resolve();
  });
  for (const piece of pieces) socket.write(piece);
  await promise;
  socket.destroy();
  const { statuses, body } = read(text);
  return { text, statuses, body, closed };
}

function read(text: string): { statuses: number[]; body: Json; whole: number } {
  const statuses: number[] = [];
  let body: Json = {};
  let whole = 0;
  for (let rest = text; rest !== ''; ) {
    const head = /^HTTP\/1\.1 (\d{3})[^\r]*\r\n(.*?)\r\n\r\n/s.exec(rest);
    if (head === null) break;
    rest = rest.slice(head[0].length);
    const status = Number(head[1]);
    if (status < 200) continue;
    statuses.push(status);
    const length = Number(/^content-length: (\d+)\r?$/im.exec(`${head[2]}\r`)?.[1] ?? 0);
    if (rest.length < length) break;
    whole++;
    body = parse(rest.slice(0, length));
    rest = rest.slice(length);
  }
  return { statuses, body, whole };
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return {};
  }
}
