import { ApiError } from './apiError.ts';
import { type RequestBody, UPLOAD_LIMIT } from './body.ts';
import { boundaryOf, type FormPart, parseMultipart } from './multipart.ts';

/** The rest of a form beside the file's own bytes. */
const FORM_ROOM = 256 * 1024;

export interface Form {
  /** The part named `file`, where there is one. */
  readonly file: FormPart | undefined;
  /** The plain fields by name. */
  readonly fields: ReadonlyMap<string, string>;
}

/**
 * Reads a multipart/form-data body.
 *
 * @throws ApiError 400 where the body is no such form, 413 above {@link UPLOAD_LIMIT}
 */
export async function readForm(body: RequestBody): Promise<Form> {
  const boundary = boundaryOf(body.contentType);
  if (boundary === undefined) {
    throw new ApiError(400, 'Uploads are sent as multipart/form-data with a boundary.');
  }
  const parts = await parseMultipart(body.chunks(UPLOAD_LIMIT + FORM_ROOM), boundary);
  const file = parts.find((part) => part.name === 'file');
  const plain = parts.filter((part) => part !== file && part.filename === undefined);
  return { file, fields: new Map(plain.map((part) => [part.name, part.bytes.toString('utf8')])) };
}
