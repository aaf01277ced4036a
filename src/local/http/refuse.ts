import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ApiError } from './apiError.ts';
import type { RequestBody } from './body.ts';
import { sendJson } from './exchange.ts';
import type { ServerLimits } from './serverLimits.ts';

/**
 * Answers with an error, in the middle of the request where need be: what the client still sends is read and dropped
 * for a while before the connection is closed. Closed at once it would be reset, and a client that writes first and
 * reads later would see that instead of the answer.
 */
export async function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  body: RequestBody,
  error: ApiError,
  limits: ServerLimits,
): Promise<void> {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  for (const [name, value] of Object.entries(error.headers)) response.setHeader(name, value);
  if (request.complete || !hasBody(request)) {
    sendJson(response, error.status, error.toBody());
    return;
  }
  response.setHeader('connection', 'close');
  if (body.waiting) {
    sendJson(response, error.status, error.toBody());
    return;
  }
  // All of the answer but its end, which closes the connection.
  const bytes = Buffer.from(JSON.stringify(error.toBody()));
  response.writeHead(error.status, { 'content-type': 'application/json', 'content-length': bytes.length });
  response.write(bytes);
  if (await drained(request, limits)) response.end();
  else response.destroy();
}

/** Seen from the headers: that the request is complete shows only a moment later. */
function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** @returns whether the whole request was read; false where it took too long, was too much, or the client is gone */
async function drained(request: IncomingMessage, limits: ServerLimits): Promise<boolean> {
  if (request.complete) return true;
  if (request.destroyed) return false;
  const { promise, resolve } = Promise.withResolvers<boolean>();
  let left = limits.drainBytes;
  const timer = setTimeout(() => resolve(false), limits.drainTimeout);
  const count = (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) resolve(false);
  };
  request.on('data', count);
  request.once('end', () => resolve(true));
  request.once('close', () => resolve(request.complete));
  request.on('error', () => resolve(false));
  request.resume();
  const whole = await promise;
  clearTimeout(timer);
  return whole;
}
