import type { JsonObject } from '../../core/json.ts';
import type { Container } from '../containers/container.ts';
import type { FileRecord } from '../containers/records.ts';
import { ApiError, invalidType } from '../http/apiError.ts';
import { type Exchange, type Route, sendJson } from '../http/exchange.ts';
import { readJson } from '../http/json.ts';
import { sendEvents } from '../http/sse.ts';
import { listInputItems } from '../responses/inputItems.ts';
import type { InputFile } from '../responses/inputParts.ts';
import { type PicturePlace, ResponseRecord } from '../responses/record.ts';
import { INCLUDE_IMAGES, INCLUDE_OUTPUTS, parseRequest, type RunRequest } from '../responses/request.ts';
import { type ContainerSource, work } from '../responses/work.ts';
import type { Services } from '../services.ts';

/** /v1/responses (https://platform.openai.com/docs/api-reference/responses). */
export function responseRoutes(services: Services): readonly Route[] {
  const { responses, containers } = services;
  const named = ({ params }: Exchange): ResponseRecord => responses.get(params['response'] ?? '');
  return [
    { method: 'POST', path: '/v1/responses', handle: (exchange) => create(services, exchange) },
    {
      method: 'GET',
      path: '/v1/responses/{response}',
      handle: async (exchange) => {
        const record = named(exchange);
        const { response, query } = exchange;
        if (query.get('stream') === 'true') await resume(services, record, exchange);
        else sendJson(response, 200, record.toWire(includes(query, INCLUDE_OUTPUTS)));
      },
    },
    {
      method: 'GET',
      path: '/v1/responses/{response}/input_items',
      handle: async (exchange) => {
        const { response, query } = exchange;
        const withImages = includes(query, INCLUDE_IMAGES);
        sendJson(response, 200, await listInputItems(named(exchange), query, containers, withImages));
      },
    },
    {
      method: 'DELETE',
      path: '/v1/responses/{response}',
      handle: (exchange) => {
        const record = named(exchange);
        responses.delete(record);
        sendJson(exchange.response, 200, { id: record.id, object: 'response', deleted: true });
      },
    },
    {
      method: 'POST',
      path: '/v1/responses/{response}/cancel',
      handle: async (exchange) => {
        const record = named(exchange);
        await responses.cancel(record);
        sendJson(exchange.response, 200, record.toWire(false));
      },
    },
  ];
}

function includes(query: URLSearchParams, name: string): boolean {
  return [...query.getAll('include'), ...query.getAll('include[]')].includes(name);
}

async function resume(
  { responses, clock }: Services,
  record: ResponseRecord,
  { response, query }: Exchange,
): Promise<void> {
  const log = responses.log(record, clock());
  const after = query.get('starting_after') ?? '-1';
  if (!/^-?\d{1,15}$/.test(after)) throw invalidType('starting_after', 'an integer', after);
  await sendEvents(response, (signal) => log.read(Math.max(Number(after), -1), signal));
}

async function create(services: Services, { body, response }: Exchange): Promise<void> {
  const { agents, containers, responses, clock, log } = services;
  const asked = parseRequest(
    await readJson(body),
    agents.map((agent) => agent.id),
  );
  const agent = agents.find((one) => one.id === asked.model);
  if (agent === undefined) return;
  const previous = await responses.previous(asked.previousId);
  responses.checkRoom();
  const source = containerSource(services, asked, previous);
  const leave = asked.tool === 'never' ? () => {} : containers.takePlace(() => source.current);
  const given = source.current;
  const { attached, pictures } = await attach(services, asked, source).catch(async (error: unknown) => {
    leave();
    // Made for this request, and its id is told to nobody.
    if (given === undefined && source.current) await containers.delete(source.current.id);
    throw error;
  });
  // The bytes are in the container now; kept with the response they would only take memory.
  const kept: RunRequest = { ...asked, input: { ...asked.input, files: [] } };
  body.release();
  const record = new ResponseRecord(kept, previous, pictures, clock());
  if (source.current) record.containerId = source.current.id;
  const events = asked.stream ? record.log : undefined;
  responses.begin(record);
  if (!asked.background) {
    if (response.destroyed) record.stop.abort();
    response.once('close', () => {
      if (!response.writableFinished) record.stop.abort();
    });
  }
  // As it is before the work on it begins: in the background it is queued.
  const begun = record.toWire(asked.withOutputs);
  const done = work(record, { agent, containers: source, attached, clock, log }).finally(leave);
  if (events) {
    await sendEvents(response, (signal) => events.read(-1, signal));
    return;
  }
  if (asked.background) {
    sendJson(response, 200, begun);
    return;
  }
  await done;
  sendJson(response, 200, record.toWire(asked.withOutputs));
}

/** An explicit container; or in auto mode that of the chain or of the input's last code call, else a new one. */
function containerSource(
  { containers, lifeMinutes }: Services,
  asked: RunRequest,
  previous: ResponseRecord | undefined,
): ContainerSource {
  const wanted = asked.container;
  let current: Container | undefined;
  if (wanted?.type === 'explicit') {
    current = containers.get(wanted.id).use();
  } else if (wanted) {
    const chained = previous?.containerId ?? asked.input.containerId;
    current = chained === undefined ? undefined : containers.find(chained)?.use();
    // One that was deleted is gone as one that expired is: clients know what to do then.
    if (chained !== undefined && current === undefined) throw new ApiError(400, 'Container is expired.');
  }
  return {
    get current() {
      return current;
    },
    get() {
      const memoryLimit = wanted?.type === 'auto' ? wanted.memoryLimit : '1g';
      current ??= containers.create({ name: 'auto', minutes: lifeMinutes, memoryLimit });
      return current;
    },
  };
}

interface Attached {
  readonly attached: readonly FileRecord[];
  /** Where the pictures lie that came with their bytes, by the parts of the input that brought them. */
  readonly pictures: ReadonlyMap<JsonObject, PicturePlace>;
}

/**
 * Puts the request's files into its container, pictures too, so that code can open them; a file that the chain has
 * already got is not put twice. A request without the tool has no container, and needs none.
 */
async function attach({ files }: Services, asked: RunRequest, source: ContainerSource): Promise<Attached> {
  const fileIds = asked.container?.type === 'auto' ? asked.container.fileIds : [];
  const wanted: readonly InputFile[] = [
    ...fileIds.map((fileId) => ({ fileId, part: {} })),
    ...asked.input.files,
  ];
  // Each is looked up before the first is put, so that a wrong id leaves nothing half done.
  const found = wanted.map((file) => ('fileId' in file ? files.get(file.fileId) : file));
  const attached: FileRecord[] = [];
  const pictures = new Map<JsonObject, PicturePlace>();
  for (const file of asked.container === undefined ? [] : found) {
    const container = source.get();
    if ('bytes' in file) {
      const record = await container.upload(file.name, file.bytes);
      attached.push(record);
      pictures.set(file.part, { containerId: container.id, fileId: record.id });
      continue;
    }
    const there = container.files.list().find((record) => record.origin === file.id);
    attached.push(there ?? (await container.upload(file.name, await files.bytes(file), file.id)));
  }
  return { attached, pictures };
}
