import { isObject, type JsonObject, parseJson } from '../../core/json.ts';
import { ApiError } from './apiError.ts';
import { JSON_LIMIT, type RequestBody } from './body.ts';

/** Nesting of a JSON body. Parsing is not recursive, but writing what was parsed is. */
const DEEPEST = 64;

/** Values in a JSON body: each takes far more memory than its two bytes of text. */
const MOST_VALUES = 200_000;

/**
 * A request's body as a JSON object. Nothing at all, or `null`, counts as an empty one, as with the hosted service.
 *
 * @throws ApiError 400 where it is no JSON object in UTF-8 or does not say that it is JSON, 413 above
 * {@link JSON_LIMIT}, 422 where it is nested too deeply, has too many values, or text that is none
 */
export async function readJson(body: RequestBody): Promise<JsonObject> {
  const chunks: Buffer[] = [];
  for await (const chunk of body.chunks(JSON_LIMIT)) chunks.push(chunk);
  if (chunks.length === 0) return {};
  // A web page can send text/plain across origins without being asked; JSON it cannot.
  if (body.mediaType !== 'application/json') {
    throw new ApiError(
      400,
      `Unsupported content type: '${body.mediaType.slice(0, 100)}'. This API method only accepts 'application/json' requests.`,
      { code: 'unsupported_content_type' },
    );
  }
  return parseJsonBody(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
}

/**
 * The JSON object that these bytes say.
 *
 * @throws ApiError as {@link readJson}
 */
export function parseJsonBody(bytes: Buffer): JsonObject {
  checkStructure(bytes);
  const text = decode(bytes);
  const value = text === undefined ? undefined : parseJson(text);
  if (value === null) return {};
  if (value === undefined) {
    throw new ApiError(
      400,
      'We could not parse the JSON body of your request. The API expects a JSON payload in UTF-8.',
    );
  }
  if (!isObject(value)) throw new ApiError(400, 'The JSON body of your request must be an object.');
  if (!isWellFormed(value)) {
    throw new ApiError(422, 'The JSON body of your request has half a surrogate pair, which is no text.');
  }
  return value;
}

function decode(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Counts brackets and commas outside of strings, before anything is made of them. */
function checkStructure(bytes: Buffer): void {
  let depth = 0;
  let values = 0;
  for (let at = 0; at < bytes.length; at++) {
    switch (bytes[at]) {
      case QUOTE:
        at = endOfString(bytes, at);
        break;
      case 0x5b: // [
      case 0x7b: // {
        depth++;
        values++;
        break;
      case 0x5d: // ]
      case 0x7d: // }
        depth--;
        break;
      case 0x2c: // ,
        values++;
        break;
    }
    if (depth > DEEPEST || values > MOST_VALUES) {
      throw new ApiError(
        422,
        `The JSON body of your request is too complex: it may be ${DEEPEST} levels deep and have ${MOST_VALUES} values.`,
      );
    }
  }
}

/** @returns where the string's closing quote stands; the end of the bytes where there is none */
function endOfString(bytes: Buffer, start: number): number {
  for (let end = bytes.indexOf(QUOTE, start + 1); end >= 0; end = bytes.indexOf(QUOTE, end + 1)) {
    let escapes = 0;
    while (bytes[end - 1 - escapes] === BACKSLASH) escapes++;
    if (escapes % 2 === 0) return end;
  }
  return bytes.length;
}

function isWellFormed(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, inner]) => key.isWellFormed() && isWellFormed(inner));
}
