import type { ServerResponse } from 'node:http';
import { FaultServer, type Received } from './faultServer.ts';
import { isRecord } from './json.ts';

/** How a request for a run is answered: writes what it likes, ends the answer or leaves it open. */
export type OnRun = (response: ServerResponse, request: Received) => void;

export interface Upload {
  readonly containerId: string;
  readonly name: string;
  /** Latin-1. */
  readonly bytes: string;
}

export const sse = (...events: readonly object[]) =>
  events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('');

export const created = (id: string) => ({
  type: 'response.created',
  response: { id, status: 'in_progress', model: 'm' },
});

/** The end of a run that wrote one text. */
export const completed = (id: string, text: string) => ({
  type: 'response.completed',
  response: {
    id,
    status: 'completed',
    model: 'm',
    output: [{ type: 'message', id: 'msg', status: 'completed', content: [{ type: 'output_text', text }] }],
  },
});

/** Answers a run with these events and the end of the stream. */
export const stream =
  (...events: readonly object[]): OnRun =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(sse(...events));
  };

/** Answers with an error of the service's own form. */
export const refusal =
  (status: number, message: string, headers: Readonly<Record<string, string>> = {}): OnRun =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(
      JSON.stringify({ error: { message, type: 'invalid_request_error', param: null, code: null } }),
    );
  };

/** The container that a request for a run names. */
export function containerOf(body: Record<string, unknown> | undefined): unknown {
  const tools = body?.['tools'];
  const [tool] = Array.isArray(tools) ? tools : [];
  return isRecord(tool) ? tool['container'] : undefined;
}

export const EXPIRED = 'Container is expired.';

/**
 * A gateway that does as a test says, with containers that can be made to expire. Runs are answered from a list, in
 * its order; whatever comes beyond it is an error of the test.
 */
export class ScriptedGateway implements AsyncDisposable {
  readonly server: FaultServer;
  readonly uploads: Upload[] = [];
  /** Answers to `POST /v1/responses` to come. */
  readonly runs: OnRun[] = [];
  /** Answers to `GET /v1/responses/{id}` and its cancel; by default the response is not there. */
  onResponse: OnRun = refusal(404, 'Response not found.');
  /** Minutes that containers say they live. */
  life = 20;
  readonly #expired = new Set<string>();
  readonly #deleted = new Set<string>();
  readonly #forbidden = new Set<string>();
  /** Native ids by the ones that stand for them. */
  readonly #routes = new Map<string, string>();
  readonly #made: { readonly containerId: string; readonly name: string }[] = [];
  #containers = 0;

  private constructor(server: FaultServer) {
    this.server = server;
    server.answer = (request, response) => this.#answer(request, response);
  }

  static async start(): Promise<ScriptedGateway> {
    return new ScriptedGateway(await FaultServer.start());
  }

  /** From now on the container is not there for anything. */
  expire(containerId: string): void {
    this.#expired.add(containerId);
  }

  /** From now on the container's files are refused as LiteLLM refuses somebody else's, until it is allowed again. */
  forbid(containerId: string): void {
    this.#forbidden.add(containerId);
  }

  allow(containerId: string): void {
    this.#forbidden.delete(containerId);
  }

  /** What LiteLLM makes of a container's id in the answer to a run; it stands for the container from now on. */
  routed(containerId: string): string {
    const inside = `litellm:custom_llm_provider:azure;model_id:0a1b2c3d4e5f60718293a4b5c6d7e8f9;container_id:${containerId}`;
    const routed = `cntr_${Buffer.from(inside).toString('base64')}`;
    this.#routes.set(routed, containerId);
    return routed;
  }

  /** Code of a run has left a file in the container. */
  make(containerId: string, name: string): void {
    this.#made.push({ containerId, name });
  }

  /** What was sent to a route, by method and the beginning of the path below `/v1`. */
  sent(method: string, path: string): readonly Received[] {
    return this.server.received.filter(
      (request) => request.method === method && request.url.startsWith(`/v1${path}`),
    );
  }

  /** The bodies of all requests for runs. */
  asked(): readonly Record<string, unknown>[] {
    return this.sent('POST', '/responses')
      .filter(({ url }) => url === '/v1/responses')
      .map(({ body }) => JSON.parse(Buffer.from(body, 'latin1').toString('utf8')) as Record<string, unknown>);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.server[Symbol.asyncDispose]();
  }

  #answer(request: Received, response: ServerResponse): void {
    const { method, url } = request;
    const path = url.replace(/^\/v1|\?.*$/g, '');
    const [, id = ''] = /^\/containers\/([^/]+)/.exec(path) ?? [];
    const container = this.#routes.get(decodeURIComponent(id)) ?? id;
    if (path === '/responses') {
      const next =
        this.runs.shift() ?? refusal(500, 'The test has no answer to this.', { 'x-should-retry': 'false' });
      next(response, request);
    } else if (path.startsWith('/responses/')) this.onResponse(response, request);
    else if (path === '/containers' && method === 'GET') list(response, this.#listed());
    else if (path === `/containers/${id}` && method === 'GET') json(response, this.#container(container));
    else if (path === `/containers/${id}` && method === 'DELETE') {
      this.#deleted.add(container);
      json(response, { id: container, object: 'container.deleted', deleted: true });
    } else if (this.#expired.has(container)) refusal(400, EXPIRED)(response, request);
    else if (this.#forbidden.has(container)) json(response, { detail: 'Forbidden' }, 403);
    else if (method === 'POST' && path === '/containers') {
      json(response, this.#container(`cntr_${++this.#containers}`));
    } else if (method === 'POST') this.#upload(container, request, response);
    else if (path === '/models') list(response, [{ id: 'm' }]);
    else if (path.endsWith('/content')) response.end('quarter,sales\nQ1,12\nQ2,15\n');
    else if (container !== '') list(response, this.#filesIn(container));
    else list(response, []);
  }

  /** Those that were asked for, the newest first. Like LiteLLM, it has not heard of any wish for memory. */
  #listed(): readonly object[] {
    const ids = Array.from({ length: this.#containers }, (_, place) => `cntr_${place + 1}`).reverse();
    return ids.filter((id) => !this.#deleted.has(id)).map((id) => this.#container(id));
  }

  #container(id: string): object {
    return {
      id,
      object: 'container',
      name: 'n',
      created_at: Math.floor(Date.now() / 1000),
      status: this.#expired.has(id) ? 'expired' : 'running',
      expires_after: { anchor: 'last_active_at', minutes: this.life },
    };
  }

  #filesIn(container: string): readonly object[] {
    const inside = (one: { readonly containerId: string }) => one.containerId === container;
    const made = this.#made.filter(inside).map(({ containerId, name }) => ({
      ...fileOf({ containerId, name }),
      path: `/mnt/data/${name}`,
      source: 'assistant',
    }));
    return [...this.uploads.filter(inside).map(fileOf), ...made];
  }

  #upload(containerId: string, request: Received, response: ServerResponse): void {
    const [, name = ''] = /filename="([^"]*)"/.exec(request.body) ?? [];
    const [, bytes = ''] = /\r\n\r\n([\s\S]*)\r\n--/.exec(request.body) ?? [];
    const upload = { containerId, name, bytes };
    this.uploads.push(upload);
    json(response, fileOf(upload));
  }
}

function fileOf({ containerId, name }: Pick<Upload, 'containerId' | 'name'>) {
  const id = `cfile_${containerId}_${name.replace(/\W/g, '')}`;
  return {
    id,
    object: 'container.file',
    container_id: containerId,
    bytes: null,
    created_at: 1,
    path: `/mnt/data/${containerId}-${name}`,
    source: 'user',
  };
}

function list(response: ServerResponse, data: readonly object[]): void {
  json(response, { object: 'list', data, has_more: false, last_id: null });
}

function json(response: ServerResponse, value: object, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}
