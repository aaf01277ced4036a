import { randomBytes } from 'node:crypto';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cleanEnvironment } from './environment.ts';
import { freePort, type Server, startServer, waitFor } from './processes.ts';
import { litellmPython } from './tools.ts';

/** A gateway as the client sees it: `${url}/v1/responses` and so on. */
export interface Gateway {
  readonly url: string;
  readonly key: string;
}

export interface Litellm extends Gateway {
  readonly pid: number;
  readonly close: () => Promise<void>;
}

/** What a proxy is started with. */
export interface LitellmSetup {
  /** LiteLLM's `model_list`. */
  readonly models: readonly object[];
  /** Keys and addresses of providers, for what knows no model. */
  readonly env: Readonly<Record<string, string>>;
  /** LiteLLM's `general_settings`. */
  readonly general?: object;
  /** Files that the settings name, put beside them. */
  readonly files?: readonly string[];
  /** Where it listens and what it takes for the administrator's key: those of a proxy that has ended. */
  readonly at?: { readonly port: number; readonly key: string };
}

/**
 * Starts the real LiteLLM proxy in front of an upstream that speaks OpenAI's wire.
 * Runs are routed by the model's own entry; the container routes know no model, and go by the environment.
 *
 * @param models the names that it offers; each is the upstream's `built-in`
 */
export async function startLitellm(
  upstream: Gateway,
  models: readonly string[] = ['built-in'],
): Promise<Litellm> {
  const base = `${upstream.url.replace(/\/+$/, '').replace(/\/v1$/, '')}/v1`;
  return await startLitellmWith({
    models: models.map((name) => ({
      model_name: name,
      litellm_params: { model: 'openai/built-in', api_base: base, api_key: upstream.key },
    })),
    env: { OPENAI_API_KEY: upstream.key, OPENAI_BASE_URL: base, OPENAI_API_BASE: base },
  });
}

/** Starts the real LiteLLM proxy with settings of its own. */
export async function startLitellmWith({
  models,
  env,
  general = {},
  files = [],
  at,
}: LitellmSetup): Promise<Litellm> {
  const dir = await mkdtemp(path.join(tmpdir(), 'code-interpreter-litellm-'));
  const config = path.join(dir, 'config.yaml');
  // JSON is YAML too.
  await writeFile(
    config,
    JSON.stringify({
      model_list: models,
      general_settings: general,
      litellm_settings: { drop_params: false, telemetry: false, num_retries: 0 },
    }),
  );
  for (const file of files) await copyFile(file, path.join(dir, path.basename(file)));
  const port = at?.port ?? (await freePort());
  const key = at?.key ?? `sk-${randomBytes(24).toString('hex')}`;
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
    { log: `litellm-${port}`, cwd: dir, env: { ...environment(dir, key), ...env } },
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
  return { url, key, pid: server.pid, close };
}

function environment(home: string, key: string): NodeJS.ProcessEnv {
  return {
    ...cleanEnvironment(home),
    LITELLM_MASTER_KEY: key,
    LITELLM_LOCAL_MODEL_COST_MAP: 'True',
    LITELLM_TELEMETRY: 'False',
    PYTHONUNBUFFERED: '1',
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
