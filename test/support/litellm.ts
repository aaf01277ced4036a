import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort, type Server, startServer, waitFor } from './processes.ts';
import { litellmPython } from './tools.ts';

/** A gateway as the client sees it: `${url}/v1/responses` and so on. */
export interface Gateway {
  readonly url: string;
  readonly key: string;
}

export interface Litellm extends Gateway {
  readonly close: () => Promise<void>;
}

/**
 * Starts the real LiteLLM proxy in front of an upstream that speaks OpenAI's wire.
 * Runs are routed by the model's own entry; the container routes know no model, and go by the environment.
 */
export async function startLitellm(
  upstream: Gateway,
  models: readonly string[] = ['built-in'],
): Promise<Litellm> {
  const dir = await mkdtemp(path.join(tmpdir(), 'code-interpreter-litellm-'));
  const base = `${upstream.url.replace(/\/+$/, '').replace(/\/v1$/, '')}/v1`;
  const config = path.join(dir, 'config.yaml');
  // JSON is YAML too.
  await writeFile(
    config,
    JSON.stringify({
      model_list: models.map((name) => ({
        model_name: name,
        litellm_params: { model: `openai/${name}`, api_base: base, api_key: upstream.key },
      })),
      litellm_settings: { drop_params: false, telemetry: false, num_retries: 0 },
    }),
  );
  const port = await freePort();
  const key = `sk-${randomBytes(24).toString('hex')}`;
  const server = startServer(
    litellmPython(),
    [
      '-c',
      'from litellm import run_server; run_server()',
      '--config',
      config,
      '--host',
      '127.0.0.1',
      '--port',
      `${port}`,
    ],
    { log: `litellm-${port}`, cwd: dir, env: environment(dir, { base, upstreamKey: upstream.key, key }) },
  );
  const url = `http://127.0.0.1:${port}`;
  const close = async (): Promise<void> => {
    await server.close();
    await rm(dir, { recursive: true, force: true });
  };
  try {
    await ready(server, `${url}/health/liveliness`);
  } catch (error) {
    await close();
    throw error;
  }
  return { url, key, close };
}

function environment(
  home: string,
  { base, upstreamKey, key }: { base: string; upstreamKey: string; key: string },
): NodeJS.ProcessEnv {
  const kept = ['PATH', 'SYSTEMROOT', 'TEMP', 'TMP', 'TMPDIR', 'LANG'];
  const env: NodeJS.ProcessEnv = {};
  // Any other provider's key or database address in the caller's environment would change what it does.
  for (const name of kept) if (process.env[name] !== undefined) env[name] = process.env[name];
  return {
    ...env,
    HOME: home,
    USERPROFILE: home,
    LITELLM_MASTER_KEY: key,
    OPENAI_API_KEY: upstreamKey,
    OPENAI_BASE_URL: base,
    OPENAI_API_BASE: base,
    LITELLM_LOCAL_MODEL_COST_MAP: 'True',
    LITELLM_TELEMETRY: 'False',
    PYTHONUNBUFFERED: '1',
    NO_PROXY: '127.0.0.1,localhost',
  };
}

async function ready(server: Server, url: string): Promise<void> {
  const ask = async (): Promise<boolean> => {
    if (server.ended() !== undefined) return true;
    return (await fetch(url)).ok;
  };
  await waitFor(ask, { timeout: 120_000, every: 200, what: 'LiteLLM' });
  const end = server.ended();
  if (end !== undefined) throw new Error(`LiteLLM did not start: ${end}`);
}
