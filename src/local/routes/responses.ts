import type { Container } from '../containers/container.ts';
import type { FileRecord } from '../containers/records.ts';
import { ApiError, invalidValue } from '../http/apiError.ts';
import { readJson } from '../http/body.ts';
import { type Exchange, type Route, sendJson } from '../http/exchange.ts';
import { sendEvents } from '../http/sse.ts';
import type { InputFile } from '../responses/input.ts';
import { ResponseRecord } from '../responses/record.ts';
import { OUTPUTS, parseRequest, type RunRequest } from '../responses/request.ts';
import { type ContainerSource, work } from '../responses/work.ts';
import type { Services } from '../services.ts';
import { LIFE_MINUTES } from './containers.ts';

/** /v1/responses (https://platform.openai.com/docs/api-reference/responses). */
export function responseRoutes(services: Services): readonly Route[] {
  const { responses } = services;
  const named = ({ params }: Exchange): ResponseRecord => responses.get(params['response'] ?? '');
  return [
    { method: 'POST', path: '/v1/responses', handle: (exchange) => create(services, exchange) },
    {
      method: 'GET',
      path: '/v1/responses/{response}',
      handle: async (exchange) => {
        const record = named(exchange);
        const { searchParams } = exchange.url;
        if (searchParams.get('stream') === 'true') await resume(record, exchange);
        else sendJson(exchange.response, 200, record.toWire(includesOutputs(searchParams)));
      },
    },
    {
      method: 'DELETE',
      path: '/v1/responses/{response}',
      handle: (exchange) => {
        const { id } = named(exchange);
        responses.delete(id);
        sendJson(exchange.response, 200, { id, object: 'response', deleted: true });
      },
    },
    {
      method: 'POST',
      path: '/v1/responses/{response}/cancel',
      handle: async (exchange) => {
        const record = named(exchange);
        if (!record.request.background) {
          throw new ApiError(400, 'Cannot cancel a synchronous response.');
        }
        record.stop.abort();
        await record.ended;
        sendJson(exchange.response, 200, record.toWire(false));
      },
    },
  ];
}

function includesOutputs(query: URLSearchParams): boolean {
  return [...query.getAll('include'), ...query.getAll('include[]')].includes(OUTPUTS);
}

async function resume(record: ResponseRecord, { response, url }: Exchange): Promise<void> {
  if (record.log === undefined) {
    throw new ApiError(
      400,
      'This response cannot be streamed because it was not created with background=true.',
      {
        param: 'stream',
      },
    );
  }
  const after = Number(url.searchParams.get('starting_after') ?? -1);
  if (!Number.isInteger(after)) {
    throw invalidValue('starting_after', url.searchParams.get('starting_after') ?? '', ['an integer']);
  }
  await sendEvents(response, record.log.read(Math.max(after, -1)));
}

async function create(services: Services, { request, response }: Exchange): Promise<void> {
  const { agents, containers, responses, clock, log } = services;
  const asked = parseRequest(
    await readJson(request),
    agents.map((agent) => agent.id),
  );
  const agent = agents.find((one) => one.id === asked.model);
  if (agent === undefined) return;
  const previous = await responses.previous(asked.previousId);
  const source = containerSource(services, asked, previous);
  if (asked.tool !== 'never') containers.checkRoom(source.current);
  const attached = await attach(services, asked, source);
  // The bytes are in the container now; kept with the response they would only take memory.
  const kept: RunRequest = { ...asked, input: { ...asked.input, files: [] } };
  const record = new ResponseRecord(kept, previous, clock());
  if (source.current) record.containerId = source.current.id;
  const events = record.log?.read();
  responses.begin(record);
  if (!asked.background) {
    if (response.destroyed) record.stop.abort();
    response.once('close', () => {
      if (!response.writableFinished) record.stop.abort();
    });
  }
  const done = work(record, { agent, containers: source, attached, clock, log });
  if (asked.stream && events) {
    await sendEvents(response, events);
    return;
  }
  if (!asked.background) await done;
  sendJson(response, 200, record.toWire(asked.withOutputs));
}

/** An explicit container; or in auto mode that of the chain or of the input's last code call, else a new one. */
function containerSource(
  { containers }: Services,
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
      current ??= containers.create({ name: 'auto', minutes: LIFE_MINUTES, memoryLimit });
      return current;
    },
  };
}

/** Puts the request's files into its container; a file that the chain has already got is not put twice. */
async function attach(
  { files }: Services,
  asked: RunRequest,
  source: ContainerSource,
): Promise<readonly FileRecord[]> {
  const fileIds = asked.container?.type === 'auto' ? asked.container.fileIds : [];
  const wanted: readonly InputFile[] = [...fileIds.map((fileId) => ({ fileId })), ...asked.input.files];
  // Each is looked up before the first is put, so that a wrong id leaves nothing half done.
  const found = wanted.map((file) => ('fileId' in file ? files.get(file.fileId) : file));
  const attached: FileRecord[] = [];
  for (const file of found) {
    const container = source.get();
    if ('bytes' in file) {
      attached.push(await container.upload(file.name, file.bytes));
      continue;
    }
    const there = container.files.list().find((record) => record.origin === file.id);
    attached.push(there ?? (await container.upload(file.name, await files.bytes(file), file.id)));
  }
  return attached;
}
