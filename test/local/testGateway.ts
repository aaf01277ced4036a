import { builtInAgent } from '../../src/local/builtIn/builtIn.ts';
import { type GatewayOptions, startGateway } from '../../src/local/gateway.ts';
import { type FakePython, fakePythons } from './fakePython.ts';

export const KEY = 'key-of-the-tests';

/** A gateway with stand-ins for Python, and short ways to ask it. */
export interface TestGateway extends AsyncDisposable {
  readonly url: string;
  readonly pythons: readonly FakePython[];
  /** Puts the gateway's clock ahead, by ms. */
  skip(ms: number): void;
  ask(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ readonly status: number; readonly body: Json }>;
  run(prompt: string, more?: object): Promise<Json>;
  stream(prompt: string, more?: object): Promise<readonly Json[]>;
  upload(path: string, name: string, text: string, fields?: Readonly<Record<string, string>>): Promise<Json>;
}

/** A JSON object that tests look into, with {@link at} and {@link list}. */
export type Json = Readonly<Record<string, unknown>>;

/** The value at a path of keys and positions; undefined where there is none. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined),
    value,
  );
}

/** The list at a path; empty where there is none. */
export function list(value: unknown, ...path: readonly (string | number)[]): readonly Json[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? (found as readonly Json[]) : [];
}

export const TOOL = { type: 'code_interpreter', container: { type: 'auto' } };
export const INCLUDE = ['code_interpreter_call.outputs'];

export async function testGateway(options: Partial<GatewayOptions> = {}): Promise<TestGateway> {
  const pythons = fakePythons();
  let ahead = 0;
  const gateway = await startGateway({
    port: 0,
    key: KEY,
    agents: [builtInAgent(0)],
    startPython: pythons.start,
    log: () => {},
    clock: () => Date.now() + ahead,
    ...options,
  });
  const headers = { authorization: `Bearer ${KEY}` };
  const request = (prompt: string, more: object) =>
    JSON.stringify({ model: 'built-in', input: prompt, tools: [TOOL], include: INCLUDE, ...more });
  const self: TestGateway = {
    url: gateway.url,
    pythons: pythons.started,
    skip: (ms) => {
      ahead += ms;
    },
    ask: async (method, path, body) => {
      const answer = await fetch(gateway.url + path, {
        method,
        headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      return { status: answer.status, body: (await answer.json()) as Json };
    },
    run: async (prompt, more = {}) => (await self.ask('POST', '/v1/responses', request(prompt, more))).body,
    stream: async (prompt, more = {}) => {
      const answer = await fetch(`${gateway.url}/v1/responses`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: request(prompt, { stream: true, ...more }),
      });
      return parseEvents(await answer.text());
    },
    upload: async (path, name, text, fields = {}) => {
      const form = new FormData();
      for (const [field, value] of Object.entries(fields)) form.append(field, value);
      form.append('file', new Blob([text]), name);
      const answer = await fetch(gateway.url + path, { method: 'POST', headers, body: form });
      return (await answer.json()) as Json;
    },
    [Symbol.asyncDispose]: () => gateway.close(),
  };
  return self;
}

/** The events of a stream; each `event:` line must say what the data says. */
export function parseEvents(text: string): readonly Json[] {
  return text
    .split(/\r?\n\r?\n/)
    .filter((frame) => frame.trim() !== '')
    .map((frame) => {
      const event = /^event: (.*)$/m.exec(frame)?.[1];
      const data = JSON.parse(/^data: (.*)$/m.exec(frame)?.[1] ?? 'null') as Json;
      if (data['type'] !== event) throw new Error(`event: ${event} but type ${data['type']}`);
      return data;
    });
}
