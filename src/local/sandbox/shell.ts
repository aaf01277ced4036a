/**
 * The bare JavaScript shell that Pyodide sees instead of Node. The build injects these names into its source in place
 * of the globals it asks for (`inject` in esbuild.js), so there Node does not exist: no `require`, no `process`, no
 * sockets, no host file system. What it gets is bytes that were read before, timers, a clock and random bytes.
 */
import { host } from './host.ts';
import { viewOf } from './realBytes.ts';
import { doStep } from './steps.ts';

const served = new Map<string, Uint8Array>();

/** Lets the shell serve these bytes under a name until {@link withdraw}. */
export function serve(name: string, bytes: Uint8Array): void {
  served.set(name, bytes);
}

export function withdraw(): void {
  served.clear();
}

export function readbuffer(name: string): Uint8Array {
  const bytes = served.get(name);
  if (!bytes) throw new Error(`There is no file ${name} here.`);
  return bytes;
}

export function read(): never {
  throw new Error('There are no files here.');
}

export function load(): never {
  throw new Error('There are no scripts here.');
}

/** Pyodide's only source of randomness in a shell is the output of `head -cN /dev/urandom | base64`. */
export const os = Object.freeze({
  system(_command: string, args: readonly string[]): string {
    const count = Number(/^head -c(\d+) \/dev\/urandom/.exec(args[1] ?? '')?.[1]);
    if (!(count <= 65_536)) throw new Error('There are no programs here.');
    return toBase64(host.fillRandom(new Uint8Array(count)));
  },
});

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b, c] = bytes.subarray(at, at + 3);
    const bits = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    text += alphabet.charAt(bits >> 18) + alphabet.charAt((bits >> 12) & 63);
    text += b === undefined ? '=' : alphabet.charAt((bits >> 6) & 63);
    text += c === undefined ? '=' : alphabet.charAt(bits & 63);
  }
  return text;
}

type Timer = ReturnType<typeof host.setTimeout> | ReturnType<typeof host.setImmediate>;
const timers = new Map<number, Timer>();
let lastTimer = 0;
let taking = true;

/** Numbers, as in a browser: Node's own timer objects lead to its internals. */
export function setTimeout(work: () => void, delay: unknown = 0): number {
  const id = ++lastTimer;
  // Python calls this too. What it schedules while nothing of it runs would be done behind the user's back.
  if (!taking || typeof work !== 'function') return id;
  const milliseconds = typeof delay === 'number' ? delay : 0;
  const due = () => {
    // Node does not take back a setImmediate by clearTimeout: one that was cleared is passed over here.
    if (timers.delete(id)) doStep(work);
  };
  // A timer of Node's takes 1 ms at least; asyncio asks for 0 at every step.
  timers.set(id, milliseconds >= 1 ? host.setTimeout(due, milliseconds) : host.setImmediate(due));
  return id;
}

export function clearTimeout(id: number): void {
  const timer = timers.get(id);
  timers.delete(id);
  if (timer !== undefined) host.clearTimeout(timer as ReturnType<typeof host.setTimeout>);
}

/** Lets code schedule something again, after {@link dropTimers}. */
export function takeTimers(): void {
  taking = true;
}

/** Forgets all that was still to be done, and takes nothing more. */
export function dropTimers(): void {
  taking = false;
  for (const id of [...timers.keys()]) clearTimeout(id);
}

const { FinalizationRegistry: ScriptRegistry } = globalThis;
const collected: (() => void)[] = [];
let lettingGo = false;

/**
 * Pyodide lets go of a Python object when the script's object for it is collected, which V8 does whenever it likes. That
 * runs code of the user's (`__del__`): here only while a run is on, where it can be stopped.
 */
class CollectedRegistry<Held> {
  readonly #registry: InstanceType<typeof ScriptRegistry<Held>>;

  constructor(work: (held: Held) => void) {
    this.#registry = new ScriptRegistry((held) => {
      collected.push(() => work(held));
      letGo();
    });
  }

  register(target: WeakKey, held: Held, token?: WeakKey): void {
    this.#registry.register(target, held, token);
  }

  unregister(token: WeakKey): boolean {
    return this.#registry.unregister(token);
  }
}

function letGo(): void {
  if (!taking || lettingGo) return;
  lettingGo = true;
  host.setImmediate(() => {
    lettingGo = false;
    if (taking) letGoOfCollected();
  });
}

/** Does what was put off while no run was on. */
export function letGoOfCollected(): void {
  if (collected.length === 0) return;
  doStep(() => {
    for (let work = collected.shift(); work; work = collected.shift()) work();
  });
}

const silent = (): void => {};

export const console = Object.freeze({
  log: silent,
  info: silent,
  warn: silent,
  error: silent,
  debug: silent,
  trace: silent,
});

export const performance = Object.freeze({ now: host.now, timeOrigin: Date.now() - host.now() });

// Taken before the global object loses them: text goes in and out of Python through these all the time.
const { TextDecoder: HostDecoder, TextEncoder: HostEncoder } = globalThis;

/** Node's own, out of reach: it would hand its error objects, and its `inspect`, to whoever passes it the wrong thing. */
export class TextDecoder {
  readonly #decoder: InstanceType<typeof HostDecoder>;

  /** @throws RangeError where there is no such encoding */
  constructor(label = 'utf-8', options: { readonly fatal?: boolean; readonly ignoreBOM?: boolean } = {}) {
    try {
      const { fatal = false, ignoreBOM = false } = options;
      this.#decoder = new HostDecoder(String(label), {
        fatal: fatal === true,
        ignoreBOM: ignoreBOM === true,
      });
    } catch {
      throw new RangeError('There is no such encoding.');
    }
  }

  /** @throws TypeError where these are no bytes, or not of this encoding */
  decode(bytes?: unknown): string {
    if (bytes === undefined) return '';
    const view = viewOf(bytes);
    try {
      if (view) return this.#decoder.decode(view);
    } catch {
      // Said below, by an error of this realm's own.
    }
    throw new TypeError('The bytes are not text of this encoding.');
  }
}

const hostEncoder = new HostEncoder();

/** As {@link TextDecoder}. */
export class TextEncoder {
  encode(text: unknown = ''): Uint8Array<ArrayBuffer> {
    return hostEncoder.encode(String(text));
  }

  encodeInto(text: unknown, into: unknown): { read: number; written: number } {
    const view = viewOf(into);
    if (!view) throw new TypeError('These are no bytes.');
    return hostEncoder.encodeInto(String(text), view);
  }
}

const absent = undefined;

export {
  absent as Bun,
  absent as Deno,
  absent as MessageChannel,
  absent as WebSocket,
  absent as XMLHttpRequest,
  absent as __dirname,
  absent as __filename,
  absent as crypto,
  absent as document,
  absent as exports,
  absent as fetch,
  absent as importScripts,
  absent as location,
  absent as module,
  absent as navigator,
  absent as print,
  absent as process,
  absent as prompt,
  absent as quit,
  absent as require,
  absent as setImmediate,
  absent as window,
  CollectedRegistry as FinalizationRegistry,
};
