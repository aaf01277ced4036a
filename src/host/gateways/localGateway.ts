import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { GatewayError } from '../../core/errors.ts';
import { parseJson, stringField } from '../../core/json.ts';
import type { GatewayAddress } from '../../gateway/address.ts';
import type { Log } from '../log.ts';
import type { LocalSettings } from '../settings.ts';

/** ms from spawning the program to its first line. */
const START_TIMEOUT = 30_000;

/** The local gateway as a child process of the extension host; started when first needed, and again when it died. */
export class LocalGateway {
  readonly #program: string;
  readonly #settings: () => LocalSettings;
  readonly #log: Log;
  #child: ChildProcess | undefined;
  #address: Promise<GatewayAddress> | undefined;

  /**
   * @param program path of the bundled program
   * @param settings asked at each start
   */
  constructor(program: string, settings: () => LocalSettings, log: Log) {
    this.#program = program;
    this.#settings = settings;
    this.#log = log;
  }

  /** Whether it runs or is being started. */
  get running(): boolean {
    return this.#address !== undefined;
  }

  /** Address and key of the running gateway. @throws GatewayError `local_gateway` where it cannot run, `no_local_python` */
  address(): Promise<GatewayAddress> {
    if (this.#address !== undefined) return this.#address;
    const address = this.#start().catch((error: unknown) => {
      // Ended in its start, it may have a successor by now.
      if (this.#address === address) this.#address = undefined;
      throw error;
    });
    this.#address = address;
    return address;
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
    // A slim build (`npm run package -- --slim`) leaves the Python pack out, and the program with it.
    if (!existsSync(path.join(path.dirname(this.#program), 'python'))) {
      throw new GatewayError({ kind: 'no_local_python' });
    }
    this.#log.info('Starting the local gateway.');
    const args = [this.#program, '--parent-pipe', ...optionsOf(this.#settings())];
    const child = spawn(process.execPath, args, { env: childEnvironment(), windowsHide: true });
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

/** The program's own options. Only Python runs with the Node.js that the user names; the program needs no special one. */
function optionsOf(settings: LocalSettings): string[] {
  return [
    ...(settings.nodePath === '' ? [] : [`--node=${settings.nodePath}`]),
    `--run-seconds=${settings.runTimeout}`,
    `--memory-mib=${settings.memoryLimit}`,
    `--files-mib=${settings.filesLimit}`,
    `--output-kib=${settings.outputLimit}`,
    `--max-pythons=${settings.maxPythons}`,
    `--container-minutes=${settings.containerLife}`,
  ];
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
      fail('its program could not be run.', error);
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
