import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { RequestBody } from './body.ts';

/** One request and the answer to it. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: RequestBody;
  readonly query: URLSearchParams;
  /** Values of the route's `{name}` segments, decoded. */
  readonly params: Readonly<Record<string, string>>;
}

/** What a path means for one method. `path` is made of plain segments and `{name}` ones. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly handle: (exchange: Exchange) => Promise<void> | void;
}

/** Answers with JSON. Does nothing where an answer has begun or the client is gone. */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  if (response.headersSent || response.destroyed) return;
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length });
  response.end(bytes);
}

/** A file on its way to a client: under which name, how many bytes, and these. */
export interface SentFile {
  readonly name: string;
  readonly size: number;
  readonly content: Readable;
}

/** Answers with a file under its own name, no faster than the client takes it. */
export async function sendFile(response: ServerResponse, file: SentFile): Promise<void> {
  response.writeHead(200, {
    'content-type': 'application/octet-stream',
    'content-length': file.size,
    'content-disposition': `attachment; filename*=UTF-8''${encodeName(file.name)}`,
  });
  try {
    await pipeline(file.content, response);
  } catch (error) {
    // The client went away in the middle.
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE'))
      throw error;
  }
}

/** RFC 5987 allows fewer characters than encodeURIComponent leaves alone. */
function encodeName(name: string): string {
  return encodeURIComponent(name.toWellFormed()).replace(
    /['()*!]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
