import type { IncomingMessage } from 'node:http';
import { ApiError, missingParameter } from './apiError.ts';
import { bodyChunks, UPLOAD_LIMIT } from './body.ts';
import { boundaryOf, type FormPart, parseMultipart } from './multipart.ts';

/** The rest of a form beside the file's own bytes. */
const FORM_ROOM = 256 * 1024;

export interface Upload {
  readonly file: FormPart;
  /** The plain fields by name. */
  readonly fields: ReadonlyMap<string, string>;
}

/**
 * Reads an upload: the multipart field `file`, and the plain fields beside it.
 *
 * @throws ApiError 400 where the body is no such form, 413 above {@link UPLOAD_LIMIT}
 */
export async function readUpload(request: IncomingMessage): Promise<Upload> {
  const boundary = boundaryOf(request.headers['content-type']);
  if (boundary === undefined) {
    throw new ApiError(400, 'Uploads are sent as multipart/form-data with a boundary.');
  }
  const parts = await parseMultipart(bodyChunks(request, UPLOAD_LIMIT + FORM_ROOM), boundary);
  const file = parts.find((part) => part.name === 'file');
  if (file === undefined) throw missingParameter('file');
  const plain = parts.filter((part) => part !== file && part.filename === undefined);
  return { file, fields: new Map(plain.map((part) => [part.name, part.bytes.toString('utf8')])) };
}
