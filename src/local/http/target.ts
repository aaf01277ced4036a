import { ApiError } from './apiError.ts';

/** What a request line asks for. */
export interface Target {
  /** Of a target in absolute form (`GET http://host/path`), which clients send to proxies. */
  readonly authority: string | undefined;
  /** As sent, without the query. */
  readonly path: string;
  /** The path's segments, decoded; undefined for one that is broken or leads elsewhere. */
  readonly segments: readonly (string | undefined)[];
  readonly query: URLSearchParams;
}

/**
 * Reads the target of a request line. Nothing is resolved: `..` leads nowhere, encoded or not.
 *
 * @throws ApiError 400 where it is no path and no http URL
 */
export function readTarget(target: string): Target {
  const absolute = /^http:\/\/([^/?#]*)(.*)$/is.exec(target);
  const rest = absolute?.[2] ?? target;
  const [path = '', query = ''] = splitOnce(rest === '' ? '/' : rest, '?');
  if (!path.startsWith('/') || path.includes('#')) {
    throw new ApiError(400, 'The URL of the request could not be read.');
  }
  return {
    authority: absolute?.[1],
    path,
    segments: path.slice(1).split('/').map(decodeSegment),
    query: new URLSearchParams(query),
  };
}

function splitOnce(text: string, at: string): readonly string[] {
  const found = text.indexOf(at);
  return found < 0 ? [text] : [text.slice(0, found), text.slice(found + 1)];
}

function decodeSegment(segment: string): string | undefined {
  let decoded: string;
  try {
    decoded = decodeURIComponent(segment);
  } catch {
    return undefined;
  }
  // No id or name here has any of these.
  return /^\.{0,2}$|[/\\\p{Cc}]/u.test(decoded) ? undefined : decoded;
}
