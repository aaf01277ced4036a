import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { ApiError } from './apiError.ts';
import { MOST_HEADERS } from './serverLimits.ts';

/**
 * Refuses whoever is not a program on this machine that was given the key: web pages (they send an Origin), names
 * that were made to point at 127.0.0.1 (DNS rebinding: the Host header tells), wrong keys. Also requests that say
 * one of these things twice: which one counts must not depend on who reads them.
 *
 * @param authority of a request's target in absolute form, which counts instead of the Host header (RFC 9112, 3.2.2)
 * @throws ApiError 400 or 431 for requests that are no proper ones, 403 for pages and foreign names, 401 for keys
 */
export function guard(
  request: IncomingMessage,
  authority: string | undefined,
  key: string,
  port: number,
): void {
  if (request.rawHeaders.length > 2 * MOST_HEADERS) {
    throw new ApiError(431, `The request has more than ${MOST_HEADERS} headers.`);
  }
  const host = single(request, 'host');
  if (host === undefined) throw new ApiError(400, 'The request has no Host header.');
  const allowed = [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`];
  if (![host, authority ?? host].every((name) => allowed.includes(name.toLowerCase()))) {
    throw new ApiError(
      403,
      'This gateway answers only requests that are addressed to 127.0.0.1 and its port.',
      { code: 'host_not_allowed' },
    );
  }
  if (request.headers.origin !== undefined || request.headers['sec-fetch-site'] !== undefined) {
    throw new ApiError(403, 'This gateway does not answer web pages.', { code: 'origin_not_allowed' });
  }
  checkKey(single(request, 'authorization'), key);
}

function checkKey(authorization: string | undefined, key: string): void {
  const given = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
  if (given === undefined) {
    throw new ApiError(
      401,
      "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).",
    );
  }
  // Hashes are of one length, which the comparison in constant time needs, and tell nothing about the key's.
  if (!timingSafeEqual(digest(given), digest(key))) {
    throw new ApiError(401, 'Incorrect API key provided. This gateway makes a new key at each start.', {
      code: 'invalid_api_key',
    });
  }
}

/** The value of a header that may stand there once; Node would quietly take the first of several. */
function single(request: IncomingMessage, name: string): string | undefined {
  const values = request.headersDistinct[name];
  if (values !== undefined && values.length > 1) {
    throw new ApiError(400, `The request has more than one ${name} header.`);
  }
  return values?.[0];
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
