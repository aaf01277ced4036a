import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { GatewayError } from '../../core/errors.ts';
import type { GatewayAddress } from '../../gateway/address.ts';
import type { Log } from '../log.ts';
import type { LocalSettings } from '../settings.ts';

/** The local gateway as a child process of the extension host; started when first needed, and again when it died. */
export class LocalGateway {
  readonly #program: string;
  readonly #settings: () => LocalSettings;
  readonly #log: Log;
  #child: ChildProcess | undefined;
  #address: Promise<GatewayAddress> | undefined;
  /** How often it was ended. */
  #ended = 0;

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
    this.#ended += 1;
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
    const ended = this.#ended;
    const { firstLine, spawnProgram } = await import('./localProgram.ts');
    if (this.#ended !== ended)
      throw new GatewayError({ kind: 'local_gateway', detail: 'it was ended while it started.' });
    const child = spawnProgram(this.#program, this.#settings(), (line) =>
      this.#log.info(`[local gateway] ${line}`),
    );
    this.#child = child;
    const forget = () => {
      if (this.#child !== child) return;
      this.#child = undefined;
      this.#address = undefined;
    };
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
