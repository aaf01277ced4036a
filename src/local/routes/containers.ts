import { baseName } from '../../core/files.ts';
import { stringField } from '../../core/json.ts';
import type { Container } from '../containers/container.ts';
import { containerFileToWire, containerToWire } from '../containers/containers.ts';
import { checkNetworkPolicy, parseFileIds, parseLife, parseMemoryLimit } from '../containers/parameters.ts';
import type { FileRecord } from '../containers/records.ts';
import { missingParameter, notFound, notHere } from '../http/apiError.ts';
import { type Exchange, type Route, sendFile, sendJson } from '../http/exchange.ts';
import { onlyKeys, optionalString } from '../http/fields.ts';
import { readForm } from '../http/form.ts';
import { readJson } from '../http/json.ts';
import { page } from '../http/paging.ts';
import type { Services } from '../services.ts';

/** The hosted service's life of a container, in minutes after its last use, which is also the longest there. */
const HOSTED_LIFE = 20;
const LONGEST_NAME = 256;

const PARAMETERS = new Set(['name', 'expires_after', 'file_ids', 'memory_limit', 'network_policy', 'skills']);

/** /v1/containers and their files (https://platform.openai.com/docs/api-reference/containers). */
export function containerRoutes(services: Services): readonly Route[] {
  return [...ownRoutes(services), ...fileRoutes(services)];
}

function ownRoutes(services: Services): readonly Route[] {
  const { containers } = services;
  return [
    {
      method: 'POST',
      path: '/v1/containers',
      handle: (exchange) => create(services, exchange),
    },
    {
      method: 'GET',
      path: '/v1/containers',
      handle: ({ response, query }) => {
        const name = query.get('name');
        const listed = containers
          .list()
          .filter(({ settings }) => name === null || settings.name === name)
          .map((container) => ({ id: container.id, container }));
        const { data, ...rest } = page(listed, query);
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

async function create(
  { containers, files, lifeMinutes }: Services,
  { body, response }: Exchange,
): Promise<void> {
  const asked = await readJson(body);
  onlyKeys(asked, PARAMETERS, '');
  const name = optionalString(asked, 'name', '', LONGEST_NAME);
  if (name === undefined) throw missingParameter('name');
  const minutes = parseLife(asked, lifeMinutes, Math.max(lifeMinutes, HOSTED_LIFE));
  const memoryLimit = parseMemoryLimit(asked);
  checkNetworkPolicy(asked);
  if (asked['skills']) throw notHere('skills', 'The local gateway has no skills. Leave out skills.');
  // Each is looked up before there is a container, so that a wrong id leaves nothing behind.
  const sent = parseFileIds(asked).map((id) => files.get(id));
  const container = containers.create({ name, minutes, memoryLimit });
  try {
    for (const file of sent) await container.upload(file.name, await files.bytes(file), file.id);
  } catch (error) {
    await containers.delete(container.id);
    throw error;
  }
  sendJson(response, 200, containerToWire(container));
}

function fileRoutes(services: Services): readonly Route[] {
  const { containers } = services;
  const used = ({ params }: Exchange): Container => containers.get(params['container'] ?? '').use();
  const named = (exchange: Exchange): { readonly container: Container; readonly file: FileRecord } => {
    const container = used(exchange);
    const id = exchange.params['file'] ?? '';
    const file = container.files.find(id);
    if (file) return { container, file };
    throw notFound(`File ${id.slice(0, 100)} not found on container ${container.id}.`);
  };
  const path = '/v1/containers/{container}/files';
  return [
    {
      method: 'POST',
      path,
      handle: async (exchange) => {
        const container = used(exchange);
        const record = await addFile(services, container, exchange);
        sendJson(exchange.response, 200, containerFileToWire(container.id, record));
      },
    },
    {
      method: 'GET',
      path,
      handle: (exchange) => {
        const container = used(exchange);
        const listed = container.files.list().map((file) => containerFileToWire(container.id, file));
        sendJson(exchange.response, 200, page(listed, exchange.query));
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
        await sendFile(exchange.response, {
          name: baseName(file.path),
          size: file.size,
          content: await container.files.stream(file),
        });
      },
    },
  ];
}

/** A file sent as a form, or named by its id: in JSON, or in a form as the official clients do it. */
async function addFile({ files }: Services, container: Container, { body }: Exchange): Promise<FileRecord> {
  let fileId: string | undefined;
  if (body.mediaType === 'application/json') {
    fileId = stringField(await readJson(body), 'file_id');
    if (fileId === undefined) throw missingParameter('file_id');
  } else {
    const { file, fields } = await readForm(body);
    if (file) return await container.upload(file.filename ?? 'file', file.bytes);
    fileId = fields.get('file_id');
    if (fileId === undefined) throw missingParameter('file');
  }
  const file = files.get(fileId);
  return await container.upload(file.name, await files.bytes(file), file.id);
}
