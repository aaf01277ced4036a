import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { cleanEnvironment } from './environment.ts';
import { isRecord, parseJson } from './json.ts';
import type { Gateway } from './litellm.ts';
import { litellmPython, outDir, root } from './tools.ts';

/** ms; what hangs must not hang the suite. */
const LONGEST = 240_000;

/** What the scenarios of a client program saw. */
export class Seen {
  readonly #all: Record<string, unknown>;

  constructor(all: Record<string, unknown>) {
    this.#all = all;
  }

  /** What one scenario saw; fails with its traceback where it did not come to its end. */
  of(scenario: string): Record<string, unknown> {
    const seen = this.#all[scenario];
    assert.ok(isRecord(seen), `${scenario} saw nothing`);
    if (typeof seen['failed'] === 'string') assert.fail(`${scenario}: ${seen['failed']}`);
    return seen;
  }
}

/**
 * Runs a program of test/litellm/clients: official clients in the Python that has them, with nothing of the caller's
 * environment that they would heed.
 *
 * @param program its file name
 * @param gateway whom it talks to
 * @param given what its scenarios need to know, as JSON
 */
export async function runPythonClient(program: string, gateway: Gateway, given: object = {}): Promise<Seen> {
  const home = await mkdtemp(path.join(tmpdir(), 'code-interpreter-client-'));
  try {
    const { stdout, stderr } = await promisify(execFile)(
      litellmPython(),
      ['-B', path.join(root, 'test', 'litellm', 'clients', program)],
      {
        cwd: home,
        env: {
          ...cleanEnvironment(home),
          CLIENT_URL: `${gateway.url}/v1`,
          CLIENT_KEY: gateway.key,
          CLIENT_GIVEN: JSON.stringify(given),
          LITELLM_LOCAL_MODEL_COST_MAP: 'True',
          PYTHONUTF8: '1',
        },
        timeout: LONGEST,
        maxBuffer: 64 * 1024 * 1024,
      },
    );
    await writeFile(path.join(outDir('logs'), `${program}-${new URL(gateway.url).port}.log`), stderr);
    const seen = parseJson(stdout.trimEnd().split('\n').at(-1) ?? '');
    assert.ok(isRecord(seen), `${program} printed no JSON`);
    return new Seen(seen);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}
