import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { ApiError } from './apiError.ts';

/**
 * Refuses whoever is not a program on this machine that was given the key: web pages (they send an Origin), names
 * that were made to point at 127.0.0.1 (DNS rebinding: the Host header tells), wrong keys.
 *
 * @throws ApiError 403 for the first two, 401 for the last
 */
export function guard(request: IncomingMessage, key: string, port: number): void {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`];
  if (!hosts.includes((request.headers.host ?? '').toLowerCase())) {
    throw new ApiError(
      403,
      'This gateway answers only requests that are addressed to 127.0.0.1 and its port.',
      {
        code: 'host_not_allowed',
      },
    );
  }
  if (request.headers.origin !== undefined || request.headers['sec-fetch-site'] !== undefined) {
    throw new ApiError(403, 'This gateway does not answer web pages.', { code: 'origin_not_allowed' });
  }
  const given = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1];
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

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
