import { GatewayError } from '../../core/errors.ts';
import type { Container } from '../../core/files.ts';
import { arrayField, field, numberField, stringField } from '../../core/json.ts';
import type { GatewayHttp } from '../http.ts';
import type { ContainerRoutes } from '../litellm.ts';

/** Entries asked for at a time; the API's maximum. */
export const PAGE = 100;

/** Statuses that a model in the request does not change; after a time-out the container may exist. */
const FINAL_REFUSALS: ReadonlySet<number> = new Set([401, 403, 429, 504]);

export interface NewContainer {
  readonly name: string;
  /** The model whose provider shall hold it; LiteLLM needs it where keys are only in its model list (wire.md, section 5). */
  readonly model?: string;
  /** Such as `4g`; without it the service's own choice. */
  readonly memoryLimit?: string;
}

/**
 * `POST /v1/containers`. Where that is refused it is sent once more with the model in it: a LiteLLM whose provider
 * keys are only in its model list cannot choose a provider otherwise (BerriAI/litellm#39220), and OpenAI knows no
 * such parameter.
 *
 * @throws GatewayError
 */
export async function createContainer(
  http: GatewayHttp,
  routes: ContainerRoutes,
  { name, model, memoryLimit }: NewContainer,
  signal?: AbortSignal,
): Promise<Container> {
  return withModelIfNeeded(model, async (needed) => {
    const json = {
      name,
      ...(memoryLimit === undefined ? {} : { memory_limit: memoryLimit }),
      ...(needed === undefined ? {} : { model: needed }),
    };
    return understood(
      parseContainer(await http.json({ method: 'POST', path: '/containers', json, signal }), routes),
    );
  });
}

/**
 * `GET /v1/containers`, all pages, newest first; expired ones stay listed.
 *
 * @param model named where the gateway does not list without, for the reason that {@link createContainer} has
 * @throws GatewayError
 */
export async function listContainers(
  http: GatewayHttp,
  routes: ContainerRoutes,
  model: string | undefined,
  signal?: AbortSignal,
): Promise<Container[]> {
  return withModelIfNeeded(model, (needed) => {
    const query = needed === undefined ? '' : `&model=${encodeURIComponent(needed)}`;
    const parse = (value: unknown) => parseContainer(value, routes);
    const get = (path: string) => http.json({ method: 'GET', path, signal });
    return allPages(listPages({ path: '/containers', parse, query }, get));
  });
}

/** The plain way first, then once with the model where the refusal may be for want of it. */
async function withModelIfNeeded<T>(
  model: string | undefined,
  send: (model: string | undefined) => Promise<T>,
): Promise<T> {
  try {
    return await send(undefined);
  } catch (error) {
    if (model === undefined || !mayNeedModel(error)) throw error;
    return await send(model).catch((second: unknown) => {
      // A service that knows no such parameter says only that: the first refusal tells what was wrong.
      throw second instanceof GatewayError && second.kind === 'bad_request' ? error : second;
    });
  }
}

function mayNeedModel(error: unknown): boolean {
  if (!(error instanceof GatewayError) || error.status === undefined) return false;
  // Without a key for the provider LiteLLM asks it all the same, with none (seen on 1.106).
  return error.kind === 'provider_key' || !FINAL_REFUSALS.has(error.status);
}

/** `GET /v1/containers/{id}`. @throws GatewayError */
export async function retrieveContainer(
  http: GatewayHttp,
  routes: ContainerRoutes,
  id: string,
  signal?: AbortSignal,
): Promise<Container> {
  return understood(
    parseContainer(await http.json({ method: 'GET', path: containerPath(routes, id), signal }), routes),
  );
}

/** `DELETE /v1/containers/{id}`. @throws GatewayError */
export async function deleteContainer(
  http: GatewayHttp,
  routes: ContainerRoutes,
  id: string,
  signal?: AbortSignal,
): Promise<void> {
  await http.remove(containerPath(routes, id), signal);
}

/** The path of a container; its id may hold `=` and must not reach the URL as it is. */
export function containerPath(routes: ContainerRoutes, id: string): string {
  return `/containers/${inPath(routes.inPath(id))}`;
}

/** An id as a segment of a path. @throws GatewayError `not_found` for what URLs take for a folder, not for a name */
export function inPath(id: string): string {
  if (id === '' || id === '.' || id === '..') throw new GatewayError({ kind: 'not_found' });
  return encodeURIComponent(id);
}

/** A list's path and query, and what its entries are. */
export interface ListRequest<T> {
  readonly path: string;
  readonly parse: (value: unknown) => T | undefined;
  /** Beyond the paging, beginning with `&`. */
  readonly query?: string;
}

/**
 * A list, page by page, each entry once. Gateways that ignore paging give the same page again (BerriAI/litellm#35429):
 * a last id that was seen before ends the list.
 *
 * @param get answers one request for a page, given its path
 * @throws GatewayError
 */
export async function* listPages<T extends { readonly id: string }>(
  { path, parse, query = '' }: ListRequest<T>,
  get: (path: string) => Promise<unknown>,
): AsyncGenerator<readonly T[]> {
  const given = new Set<string>();
  const ends = new Set<string>();
  let after = '';
  for (;;) {
    const page = await get(`${path}?limit=${PAGE}${query}${after}`);
    const data = arrayField(page, 'data');
    if (data === undefined) throw new GatewayError({ kind: 'not_understood' });
    const entries = data.flatMap((value) => parse(value) ?? []).filter(({ id }) => !given.has(id));
    for (const { id } of entries) given.add(id);
    const last = stringField(page, 'last_id') ?? stringField(data.at(-1), 'id');
    yield entries;
    if (field(page, 'has_more') !== true || !last || ends.has(last)) return;
    ends.add(last);
    after = `&after=${encodeURIComponent(last)}`;
  }
}

/** All of a list that comes in pages. */
export async function allPages<T>(pages: AsyncIterable<readonly T[]>): Promise<T[]> {
  const all: T[] = [];
  for await (const page of pages) all.push(...page);
  return all;
}

export function understood<T>(value: T | undefined): T {
  if (value === undefined) throw new GatewayError({ kind: 'not_understood' });
  return value;
}

function parseContainer(value: unknown, routes: ContainerRoutes): Container | undefined {
  const id = stringField(value, 'id');
  if (!id) return undefined;
  const status = stringField(value, 'status');
  return {
    id: routes.learn(id),
    name: stringField(value, 'name') ?? '',
    status:
      status === 'expired' ? 'expired' : status === 'running' || status === 'active' ? 'running' : 'unknown',
    createdAt: numberField(value, 'created_at'),
    expiresAfterMinutes: numberField(field(value, 'expires_after'), 'minutes'),
    memoryLimit: stringField(value, 'memory_limit'),
  };
}
