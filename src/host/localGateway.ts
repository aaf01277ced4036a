import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { GatewayError } from '../core/errors.ts';
import { parseJson, stringField } from '../core/json.ts';
import type { GatewayAddress } from '../gateway/http.ts';
import type { Log } from './log.ts';

/** ms from spawning the program to its first line. */
const START_TIMEOUT = 30_000;

/** The local gateway as a child process of the extension host; started when first needed, and again when it died. */
export class LocalGateway {
  readonly #program: string;
  readonly #nodePath: () => string;
  readonly #log: Log;
  #child: ChildProcess | undefined;
  #address: Promise<GatewayAddress> | undefined;

  /**
   * @param program path of the bundled program
   * @param nodePath gives the Node.js to run it with; empty for the editor's own
   */
  constructor(program: string, nodePath: () => string, log: Log) {
    this.#program = program;
    this.#nodePath = nodePath;
    this.#log = log;
  }

  /** Address and key of the running gateway. @throws GatewayError `local_gateway` where it cannot run */
  address(): Promise<GatewayAddress> {
    this.#address ??= this.#start().catch((error: unknown) => {
      this.#address = undefined;
      throw error;
    });
    return this.#address;
  }

  /** Ends the program; the next {@link address} starts it afresh. */
  dispose(): void {
    const child = this.#child;
    this.#child = undefined;
    this.#address = undefined;
    // It ends by itself when its standard input closes; the signal is for one that hangs.
    child?.stdin?.end();
    child?.kill();
  }

  async #start(): Promise<GatewayAddress> {
    const node = this.#nodePath() || process.execPath;
    this.#log.info(`Starting the local gateway with ${path.basename(node)}.`);
    const child = spawnNode(node, this.#program);
    this.#child = child;
    const forget = () => {
      if (this.#child !== child) return;
      this.#child = undefined;
      this.#address = undefined;
    };
    createInterface({ input: child.stderr }).on('line', (line) => this.#log.info(`[local gateway] ${line}`));
    child.once('exit', (code, signal) => {
      this.#log.info(`The local gateway ended (${signal ?? code}).`);
      forget();
    });
    try {
      return await firstLine(child);
    } catch (error) {
      forget();
      child.kill();
      throw error;
    }
  }
}

function spawnNode(node: string, program: string): ChildProcessWithoutNullStreams {
  try {
    return spawn(node, [program, '--parent-pipe'], { env: childEnvironment(), windowsHide: true });
  } catch (error) {
    throw notFound(error);
  }
}

function notFound(cause: unknown): GatewayError {
  const detail =
    'the program to run it with was not found. Check the setting codeInterpreter.localGateway.nodePath.';
  return new GatewayError({ kind: 'local_gateway', detail }, { cause });
}

function firstLine(child: ChildProcess): Promise<GatewayAddress> {
  return new Promise((resolve, reject) => {
    const fail = (detail: string, cause?: unknown) =>
      reject(new GatewayError({ kind: 'local_gateway', detail }, { cause }));
    const timer = setTimeout(
      () => fail(`it gave no answer within ${START_TIMEOUT / 1000} seconds.`),
      START_TIMEOUT,
    );
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(notFound(error));
    });
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      fail(`it ended at once (${signal ?? code}).`);
    });
    if (!child.stdout) return;
    createInterface({ input: child.stdout }).once('line', (line) => {
      clearTimeout(timer);
      const value = parseJson(line);
      const baseUrl = stringField(value, 'url');
      const key = stringField(value, 'key');
      if (baseUrl && key) resolve({ baseUrl, key });
      else fail('its first line was not understood.');
    });
  });
}

/** As little as a program needs: what the user's environment holds is none of Python's business. */
function childEnvironment(): NodeJS.ProcessEnv {
  const kept = ['PATH', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR', 'HOME', 'LANG', 'LC_ALL'];
  const env: NodeJS.ProcessEnv = { ELECTRON_RUN_AS_NODE: '1' };
  for (const name of kept) {
    const value = process.env[name];
    if (value !== undefined) env[name] = value;
  }
  return env;
}
