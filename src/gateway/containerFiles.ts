import { errorFromWire } from '../core/classify.ts';
import { GatewayError } from '../core/errors.ts';
import type { ContainerFile } from '../core/files.ts';
import { baseName } from '../core/files.ts';
import { field, isObject, numberField, parseJson, stringField } from '../core/json.ts';
import { parseWireError } from '../core/parse.ts';
import { containerPath, inPath, listAll, understood } from './containers.ts';
import type { GatewayHttp } from './http.ts';
import type { ContainerRoutes } from './litellm.ts';
import { multipartFile, type UploadFile } from './multipart.ts';

/** Bytes below which a "file" may be an error that some LiteLLM builds serve with status 200 (BerriAI/litellm#37737). */
const LARGEST_DISGUISED_ERROR = 16 * 1024;
const OPENING_BRACE = 0x7b;
/** ms that a download may be silent. */
const DOWNLOAD_SILENCE = 120_000;

/** `GET /v1/containers/{id}/files`, all pages. @throws GatewayError */
export async function listFiles(
  http: GatewayHttp,
  routes: ContainerRoutes,
  containerId: string,
  signal?: AbortSignal,
): Promise<ContainerFile[]> {
  const parse = (value: unknown) => parseFile(value, containerId);
  return listAll(`${containerPath(routes, containerId)}/files`, http, parse, signal);
}

/** `GET /v1/containers/{id}/files/{file_id}`. @throws GatewayError */
export async function retrieveFile(
  http: GatewayHttp,
  routes: ContainerRoutes,
  containerId: string,
  fileId: string,
  signal?: AbortSignal,
): Promise<ContainerFile> {
  const path = filePath(routes, containerId, fileId);
  return understood(parseFile(await http.json({ method: 'GET', path, signal }), containerId));
}

/** `DELETE /v1/containers/{id}/files/{file_id}`. @throws GatewayError */
export async function deleteFile(
  http: GatewayHttp,
  routes: ContainerRoutes,
  containerId: string,
  fileId: string,
  signal?: AbortSignal,
): Promise<void> {
  await http.json({ method: 'DELETE', path: filePath(routes, containerId, fileId), signal });
}

/** `POST /v1/containers/{id}/files`. @throws GatewayError */
export async function uploadFile(
  http: GatewayHttp,
  routes: ContainerRoutes,
  containerId: string,
  file: UploadFile,
  signal?: AbortSignal,
): Promise<ContainerFile> {
  const path = `${containerPath(routes, containerId)}/files`;
  const answer = await http.json({
    method: 'POST',
    path,
    body: multipartFile(file),
    signal,
    silence: DOWNLOAD_SILENCE,
  });
  return understood(parseFile(answer, containerId));
}

/** A file's bytes as they come. */
export interface FileContent {
  /** Announced length in bytes, where the server announced one. */
  readonly length: number | undefined;
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Closes the connection of bytes that nobody reads. */
  discard(): void;
}

/**
 * `GET /v1/containers/{id}/files/{file_id}/content`.
 *
 * @throws GatewayError here or while reading; `file_changed` where the bytes are not as many as announced
 */
export async function fileContent(
  http: GatewayHttp,
  routes: ContainerRoutes,
  file: { readonly containerId: string; readonly fileId: string; readonly filename: string },
  signal?: AbortSignal,
): Promise<FileContent> {
  const response = await http.send({
    method: 'GET',
    path: `${filePath(routes, file.containerId, file.fileId)}/content`,
    accept: '*/*',
    signal,
    silence: DOWNLOAD_SILENCE,
  });
  const announced = Number(response.headers['content-length'] ?? Number.NaN);
  const length =
    Number.isSafeInteger(announced) && !response.headers['content-encoding'] ? announced : undefined;
  const mayBeError =
    !file.filename.toLowerCase().endsWith('.json') && (length ?? 0) <= LARGEST_DISGUISED_ERROR;
  const chunks = checked(mayBeError ? refuseError(response.body, http) : response.body, length);
  return { length, chunks, discard: () => response.discard() };
}

/** A whole file in memory. @throws GatewayError; `too_large` beyond `limit` bytes */
export async function readWhole(content: FileContent, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  if ((content.length ?? 0) > limit) {
    content.discard();
    throw new GatewayError({ kind: 'too_large' });
  }
  for await (const chunk of content.chunks) {
    size += chunk.byteLength;
    if (size > limit) throw new GatewayError({ kind: 'too_large' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function* checked(
  chunks: AsyncIterable<Uint8Array>,
  length: number | undefined,
): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.byteLength;
    yield chunk;
  }
  if (length !== undefined && size !== length)
    throw new GatewayError({ kind: 'file_changed' }, { retryable: true });
}

/** The bytes, unless they are nothing but `{"error": {"message": …}}`: LiteLLM serves that as octets too. */
async function* refuseError(body: AsyncIterable<Uint8Array>, http: GatewayHttp): AsyncGenerator<Uint8Array> {
  const held: Uint8Array[] = [];
  let size = 0;
  let decided = false;
  for await (const chunk of body) {
    if (decided) {
      yield chunk;
      continue;
    }
    held.push(chunk);
    size += chunk.byteLength;
    const first = held.find((part) => part.byteLength > 0)?.[0];
    if (size > LARGEST_DISGUISED_ERROR || (first !== undefined && first !== OPENING_BRACE)) {
      decided = true;
      yield* held;
    }
  }
  if (decided) return;
  const value = parseJson(Buffer.concat(held).toString('utf8'));
  const error = isObject(value) && Object.keys(value).length === 1 ? field(value, 'error') : undefined;
  const wire = parseWireError(error);
  if (wire?.message !== undefined) throw new GatewayError(errorFromWire(http.withoutKey(wire)));
  yield* held;
}

function filePath(routes: ContainerRoutes, containerId: string, fileId: string): string {
  return `${containerPath(routes, containerId)}/files/${inPath(fileId)}`;
}

function parseFile(value: unknown, containerId: string): ContainerFile | undefined {
  const id = stringField(value, 'id');
  const path = stringField(value, 'path') ?? stringField(value, 'filename');
  if (!id || !path || baseName(path) === '') return undefined;
  const source = stringField(value, 'source');
  return {
    id,
    containerId,
    path,
    bytes: numberField(value, 'bytes'),
    createdAt: numberField(value, 'created_at'),
    source: source === 'user' || source === 'assistant' ? source : undefined,
  };
}
