import { baseName, type ContainerFile } from '../../core/files.ts';
import { numberField, stringField } from '../../core/json.ts';
import type { GatewayHttp } from '../http.ts';
import type { ContainerRoutes } from '../litellm.ts';
import { containerPath, inPath, type ListRequest, understood } from './containers.ts';
import { multipartFile, type UploadFile } from './multipart.ts';

/** ms that the gateway may take to store an upload. */
const UPLOAD_SILENCE = 120_000;

/** The list `GET /v1/containers/{id}/files`, newest first. */
export function filesOf(routes: ContainerRoutes, containerId: string): ListRequest<ContainerFile> {
  const parse = (value: unknown) => parseFile(value, containerId);
  return { path: `${containerPath(routes, containerId)}/files`, parse };
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
  await http.remove(filePath(routes, containerId, fileId), signal);
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
    silence: UPLOAD_SILENCE,
  });
  return understood(parseFile(answer, containerId));
}

/** The path of a file; both ids are encoded. */
export function filePath(routes: ContainerRoutes, containerId: string, fileId: string): string {
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
