import { isObject, stringField } from '../../src/core/json.ts';
import { parseJson } from './json.ts';
import type { LocalGatewayProgram } from './localGateway.ts';

type Address = Pick<LocalGatewayProgram, 'url' | 'key'>;

/** What code came to that ran to its end. */
export interface CodeAnswer {
  readonly logs: string;
  /** PNGs. */
  readonly figures: readonly Buffer[];
}

/** Makes a container in the local gateway. @returns its id */
export async function makeContainer(gateway: Address): Promise<string> {
  const response = await post(gateway, 'containers', { name: 'bench' });
  const id = stringField(await response.json(), 'id');
  if (!response.ok || id === undefined) throw new Error(`no container was made: ${response.status}`);
  return id;
}

export async function deleteContainer({ url, key }: Address, id: string): Promise<void> {
  const headers = { authorization: `Bearer ${key}` };
  const response = await fetch(`${url}/v1/containers/${id}`, { method: 'DELETE', headers });
  await response.body?.cancel();
}

/** Runs code as the extension does, by a streamed response that is read to its end. */
export async function runCode(gateway: Address, container: string, code: string): Promise<CodeAnswer> {
  const response = await post(gateway, 'responses', requestFor(container, code));
  const text = await response.text();
  const last = text
    .split('\n')
    .filter((line) => line.startsWith('data: {'))
    .map((line) => parseJson(line.slice(6)))
    .at(-1);
  const found = isObject(last) && isObject(last['response']) ? last['response'] : undefined;
  if (!response.ok || found === undefined) throw new Error(`the code was not run: ${text.slice(0, 500)}`);
  if (found['status'] !== 'completed')
    throw new Error(`the code did not run to its end: ${text.slice(-500)}`);
  const items = Array.isArray(found['output']) ? found['output'] : [];
  const outputs = items.flatMap((item) =>
    isObject(item) && Array.isArray(item['outputs']) ? item['outputs'] : [],
  );
  return {
    logs: outputs.map((output) => stringField(output, 'logs') ?? '').join(''),
    figures: outputs
      .map((output) => stringField(output, 'url') ?? '')
      .filter((url) => url !== '')
      .map((url) => Buffer.from(url.slice(url.indexOf(',') + 1), 'base64')),
  };
}

/** Begins to run code and answers when it runs. @returns leaves it, as Stop does: the request is closed */
export async function beginCode(gateway: Address, container: string, code: string): Promise<() => void> {
  const leaving = new AbortController();
  const response = await post(gateway, 'responses', requestFor(container, code), leaving.signal);
  // Not `for await`: leaving such a loop closes the request.
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let seen = '';
  for (;;) {
    const { value } = (await reader?.read()) ?? {};
    if (value === undefined) throw new Error(`the code was not run: ${seen.slice(-500)}`);
    seen += decoder.decode(value, { stream: true });
    if (seen.includes('response.code_interpreter_call.interpreting')) return () => leaving.abort();
  }
}

function requestFor(container: string, code: string): object {
  return {
    model: 'built-in',
    input: `\`\`\`python\n${code}\n\`\`\``,
    stream: true,
    include: ['code_interpreter_call.outputs'],
    tools: [{ type: 'code_interpreter', container }],
  };
}

function post({ url, key }: Address, route: string, body: object, signal?: AbortSignal): Promise<Response> {
  return fetch(`${url}/v1/${route}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    ...(signal ? { signal } : {}),
  });
}
