import type { IncomingMessage } from 'node:http';
import { isObject, type JsonObject, parseJson } from '../../core/json.ts';
import { ApiError } from './apiError.ts';

/** Bytes of a JSON body: a file sent as `file_data` is a third larger than its bytes. */
export const JSON_LIMIT = 32 * 1024 * 1024;

/** Bytes of an upload. Python keeps a container's files in its memory, so far below the hosted service's 512 MB. */
export const UPLOAD_LIMIT = 64 * 1024 * 1024;

/** The error for a body above `limit` bytes. */
export function tooLarge(limit: number): ApiError {
  return new ApiError(413, `Maximum content size limit (${limit} bytes) exceeded.`, {
    code: 'request_too_large',
  });
}

/**
 * The request's body, piece by piece.
 *
 * @throws ApiError 413 before the piece that exceeds `limit` bytes
 */
export async function* bodyChunks(request: IncomingMessage, limit: number): AsyncGenerator<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge(limit);
  let size = 0;
  // A request left unread stays open, so that the client gets the answer that says why (`server.ts`).
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw tooLarge(limit);
    yield chunk;
  }
}

/**
 * The request's body as a JSON object. Nothing at all counts as an empty one.
 *
 * @throws ApiError 400 where it is no JSON object or does not say that it is JSON, 413 above {@link JSON_LIMIT}
 */
export async function readJson(request: IncomingMessage): Promise<JsonObject> {
  const type = contentType(request);
  const chunks: Buffer[] = [];
  for await (const chunk of bodyChunks(request, JSON_LIMIT)) chunks.push(chunk);
  if (chunks.length === 0) return {};
  // A web page can send text/plain across origins without being asked; JSON it cannot.
  if (type !== 'application/json') {
    throw new ApiError(
      400,
      `Unsupported content type: '${type}'. This API method only accepts 'application/json' requests.`,
    );
  }
  const value = parseJson(Buffer.concat(chunks).toString('utf8'));
  if (isObject(value)) return value;
  throw new ApiError(
    400,
    value === undefined
      ? 'We could not parse the JSON body of your request. The API expects a JSON payload.'
      : 'The JSON body of your request must be an object.',
  );
}

/** The media type without its parameters, in lower case; empty where the request names none. */
export function contentType(request: IncomingMessage): string {
  return (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}
