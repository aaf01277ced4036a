import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Gateway } from './litellm.ts';

/**
 * Stands where a provider stands, before the local gateway, whose answers it passes on as they are. A test double for
 * two things that the local gateway does not have: Azure's layout of URLs, and connections that die in the middle.
 *
 * Azure's layout is `/openai/v1/…`, and before that `/openai/…` with the query `api-version`; the key is in the header
 * `api-key` (https://learn.microsoft.com/azure/foundry/openai/latest). Every other path is OpenAI's.
 */
export class ProviderFront implements AsyncDisposable {
  /** Method and URL of each request. */
  readonly asked: string[] = [];
  readonly url: string;
  readonly key: string;
  readonly #upstream: URL;
  readonly #server: Server;
  readonly #open = new Set<ServerResponse>();
  #refused = 0;
  #response = '';

  private constructor(server: Server, upstream: Gateway) {
    this.#server = server;
    this.#upstream = new URL(upstream.url);
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    this.key = upstream.key;
  }

  static async start(upstream: Gateway): Promise<ProviderFront> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const front = new ProviderFront(server, upstream);
    server.on('request', (incoming, outgoing) => front.#pass(incoming, outgoing));
    return front;
  }

  /** What was asked since this was called last. */
  takeAsked(): readonly string[] {
    return this.asked.splice(0);
  }

  /** The response that was begun last, by the id that the provider gave it: LiteLLM tells it to nobody. */
  get lastResponse(): string {
    return this.#response;
  }

  /** Destroys the connections of all answers that are being given. */
  dieNow(): void {
    for (const answer of this.#open) answer.destroy();
  }

  /** Closes the connections of so many next requests without a word. */
  hangUp(requests: number): void {
    this.#refused = requests;
  }

  #pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { method = '', url = '', headers } = incoming;
    this.asked.push(`${method} ${url}`);
    if (this.#refused > 0) {
      this.#refused--;
      incoming.socket.destroy();
      return;
    }
    const { hostname, port, host } = this.#upstream;
    const onward = localRequest(url, { ...headers, host });
    if (onward === undefined) {
      incoming.resume();
      outgoing.writeHead(404, { 'content-type': 'application/json' });
      outgoing.end('{"error":{"code":"404","message":"Resource not found"}}');
      return;
    }
    this.#open.add(outgoing);
    let answered = false;
    const sent = request({ hostname, port, method, ...onward }, (answer) => {
      answered = true;
      const give = () => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.on('data', (bytes: Buffer) => this.#note(bytes));
        answer.pipe(outgoing);
      };
      if (incoming.complete) return give();
      // A refusal of a request that has not come whole: LiteLLM would send on, and lose the answer.
      incoming.unpipe(sent);
      incoming.resume().once('end', give);
    });
    sent.on('error', () => {
      if (!answered) outgoing.destroy();
    });
    outgoing.on('close', () => {
      this.#open.delete(outgoing);
      sent.destroy();
    });
    incoming.pipe(sent);
  }

  #note(bytes: Buffer): void {
    const [, id] = /^event: response\.created\n[^\n]*?"id":"(resp_\w+)"/.exec(bytes.toString('latin1')) ?? [];
    this.#response = id ?? this.#response;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** What to ask of the local gateway for a request; undefined where Azure has no such path. */
function localRequest(url: string, headers: IncomingMessage['headers']) {
  const [, v1, rest = ''] = /^\/openai(\/v1)?(\/.*)$/.exec(url) ?? [];
  if (rest === '') return { path: url, headers };
  const { pathname, searchParams } = new URL(rest, 'http://azure');
  if (v1 === undefined && !searchParams.has('api-version')) return undefined;
  searchParams.delete('api-version');
  const query = searchParams.size === 0 ? '' : `?${searchParams}`;
  const { 'api-key': key, ...others } = headers;
  return { path: `/v1${pathname}${query}`, headers: { ...others, authorization: `Bearer ${key}` } };
}
