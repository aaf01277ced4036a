import { baseName } from '../../core/files.ts';
import { field, type JsonObject, numberField, stringField } from '../../core/json.ts';
import type { Container } from '../containers/container.ts';
import { containerFileToWire, containerToWire } from '../containers/containers.ts';
import type { FileRecord } from '../containers/records.ts';
import { ApiError, invalidType, invalidValue, missingParameter, notFound } from '../http/apiError.ts';
import { contentType, readJson } from '../http/body.ts';
import { type Exchange, type Route, sendFile, sendJson } from '../http/exchange.ts';
import { page } from '../http/paging.ts';
import { readUpload } from '../http/upload.ts';
import { parseFileIds, parseMemoryLimit } from '../responses/request.ts';
import type { Services } from '../services.ts';

/** The hosted service's life of a container, in minutes after its last use. */
export const LIFE_MINUTES = 20;

/** /v1/containers and their files (https://platform.openai.com/docs/api-reference/containers). */
export function containerRoutes(services: Services): readonly Route[] {
  return [...ownRoutes(services), ...fileRoutes(services)];
}

function ownRoutes(services: Services): readonly Route[] {
  const { containers, files } = services;
  return [
    {
      method: 'POST',
      path: '/v1/containers',
      handle: async ({ request, response }) => {
        const body = await readJson(request);
        const name = stringField(body, 'name');
        if (name === undefined) throw missingParameter('name');
        const sent = parseFileIds(body).map((id) => files.get(id));
        const container = containers.create({
          name: name.slice(0, 256),
          minutes: parseLife(body),
          memoryLimit: parseMemoryLimit(body),
        });
        for (const file of sent) await container.upload(file.name, await files.bytes(file), file.id);
        sendJson(response, 200, containerToWire(container));
      },
    },
    {
      method: 'GET',
      path: '/v1/containers',
      handle: ({ response, url }) => {
        const listed = containers.list().map((container) => ({ id: container.id, container }));
        const { data, ...rest } = page(listed, url.searchParams);
        sendJson(response, 200, { ...rest, data: data.map(({ container }) => containerToWire(container)) });
      },
    },
    {
      method: 'GET',
      path: '/v1/containers/{container}',
      handle: ({ response, params }) => {
        const container = containers.get(params['container'] ?? '');
        sendJson(response, 200, containerToWire(container.expired ? container : container.use()));
      },
    },
    {
      method: 'DELETE',
      path: '/v1/containers/{container}',
      handle: async ({ response, params }) => {
        const { id } = containers.get(params['container'] ?? '');
        await containers.delete(id);
        sendJson(response, 200, { id, object: 'container.deleted', deleted: true });
      },
    },
  ];
}

function fileRoutes({ containers, files }: Services): readonly Route[] {
  const used = ({ params }: Exchange): Container => containers.get(params['container'] ?? '').use();
  const named = (exchange: Exchange): { readonly container: Container; readonly file: FileRecord } => {
    const container = used(exchange);
    const id = exchange.params['file'] ?? '';
    const file = container.files.find(id);
    if (file) return { container, file };
    throw notFound(`File with id '${id.slice(0, 100)}' not found in container '${container.id}'.`);
  };
  const path = '/v1/containers/{container}/files';
  return [
    {
      method: 'POST',
      path,
      handle: async (exchange) => {
        const { request, response } = exchange;
        const container = used(exchange);
        let record: FileRecord;
        if (contentType(request) === 'application/json') {
          const fileId = stringField(await readJson(request), 'file_id');
          if (fileId === undefined) throw missingParameter('file_id');
          const file = files.get(fileId);
          record = await container.upload(file.name, await files.bytes(file), file.id);
        } else {
          const { file } = await readUpload(request);
          record = await container.upload(file.filename ?? 'file', file.bytes);
        }
        sendJson(response, 200, containerFileToWire(container.id, record));
      },
    },
    {
      method: 'GET',
      path,
      handle: (exchange) => {
        const container = used(exchange);
        const listed = container.files.list().map((file) => containerFileToWire(container.id, file));
        sendJson(exchange.response, 200, page(listed, exchange.url.searchParams));
      },
    },
    {
      method: 'GET',
      path: `${path}/{file}`,
      handle: (exchange) => {
        const { container, file } = named(exchange);
        sendJson(exchange.response, 200, containerFileToWire(container.id, file));
      },
    },
    {
      method: 'DELETE',
      path: `${path}/{file}`,
      handle: async (exchange) => {
        const { container, file } = named(exchange);
        await container.remove(file);
        sendJson(exchange.response, 200, { id: file.id, object: 'container.file.deleted', deleted: true });
      },
    },
    {
      method: 'GET',
      path: `${path}/{file}/content`,
      handle: async (exchange) => {
        const { container, file } = named(exchange);
        sendFile(exchange.response, baseName(file.path), await container.files.bytes(file));
      },
    },
  ];
}

function parseLife(body: JsonObject): number {
  const life = field(body, 'expires_after');
  if (life === undefined || life === null) return LIFE_MINUTES;
  const anchor = stringField(life, 'anchor');
  if (anchor === undefined) throw missingParameter('expires_after.anchor');
  if (anchor !== 'last_active_at') throw invalidValue('expires_after.anchor', anchor, ['last_active_at']);
  const minutes = numberField(life, 'minutes');
  if (minutes === undefined) throw invalidType('expires_after.minutes', 'an integer', field(life, 'minutes'));
  if (minutes > 0 && minutes <= 24 * 60) return minutes;
  throw new ApiError(400, "Invalid 'expires_after.minutes': expected 1 to 1440.", {
    param: 'expires_after.minutes',
  });
}
