/** Proves, by trying it, that the script side of the lock holds: what Python could reach through JavaScript objects. */
import { sitePackages } from './boot.ts';
import { chargedBytes } from './boundBuffers.ts';
import { reachableIntrinsics } from './intrinsics.ts';
import { type Layer, Unlocked } from './layers.ts';
import { isLibrary, type PackFile } from './pack.ts';
import type { Pyodide, PyodideFs } from './pyodideTypes.ts';
import { scriptNames } from './scriptNames.ts';
import * as shell from './shell.ts';

const RealModule = WebAssembly.Module;
/** A WebAssembly module with a memory of its own: one page, and it may grow. */
const withMemory = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 5, 3, 1, 0, 1]);

/** Where Node and browsers keep their ways out: nothing for Pyodide. */
const absentNames = [
  ...['require', 'module', 'process', 'Bun', 'Deno', 'importScripts', 'fetch', 'WebSocket', 'XMLHttpRequest'],
  ...['MessageChannel', 'crypto', 'document', 'window', 'location', 'navigator', 'setImmediate'],
];

/**
 * To be called when the lock is complete.
 * @throws Unlocked where a part of it is not there
 */
export function proveScript({ FS, _api }: Pyodide, files: readonly PackFile[]): void {
  for (const key of Reflect.ownKeys(globalThis)) demand('globals', scriptNames.has(key));
  for (const intrinsic of reachableIntrinsics()) {
    const maker = constructorOf(intrinsic);
    demand('constructors', typeof maker !== 'function' || maker === Promise);
    // Of Error only the number of lines may change; views cannot be frozen, and none is shared.
    const closed = intrinsic === Error ? !Object.isExtensible(intrinsic) : Object.isFrozen(intrinsic);
    demand('intrinsics', closed);
  }
  const pollute = (): unknown => Object.assign(Object.prototype, { toJSON: null });
  demand('intrinsics', !('prepareStackTrace' in Error) && fails(pollute));
  demand('buffers', countsCopies() && !('transfer' in ArrayBuffer.prototype));
  const compile = (): unknown => new WebAssembly.Module(withMemory);
  demand('modules', WebAssembly.Module !== RealModule && fails(compile) && !('Memory' in WebAssembly));
  const [library] = files.filter(isLibrary).sort((one, other) => one.bytes.length - other.bytes.length);
  demand('modules', library !== undefined && keepsBytes(FS, library));
  for (const name of absentNames) demand('shell', Reflect.get(shell, name) === undefined);
  demand('shell', _api.runtimeEnv.IN_NODE === false && fails(() => mountRoot(FS)));
}

function demand(layer: Layer, holds: boolean): void {
  if (!holds) throw new Unlocked(layer);
}

function fails(attempt: () => unknown): boolean {
  try {
    attempt();
    return false;
  } catch {
    return true;
  }
}

function constructorOf(intrinsic: object): unknown {
  const property = Reflect.getOwnPropertyDescriptor(intrinsic, 'constructor');
  return property?.get ? property.get.call(intrinsic) : property?.value;
}

function countsCopies(): boolean {
  const before = chargedBytes();
  new Uint32Array(8).slice(2);
  new ArrayBuffer(16).slice(4, -4);
  return chargedBytes() === before + 24 + 8;
}

/** Whether what Python writes into a package's library does not change the bytes by which it is known. */
function keepsBytes({ filesystems, lookupPath }: PyodideFs, { path, bytes }: PackFile): boolean {
  const node = lookupPath(`${sitePackages}/${path}`, {}).node;
  const [first] = bytes;
  if (!node || first === undefined) return false;
  filesystems.MEMFS.stream_ops.write({ node }, new Uint8Array([first ^ 1]), 0, 1, 0);
  const kept = bytes[0] === first && node.contents !== bytes;
  node.contents = bytes;
  return kept;
}

/** As `mountNodeFS` does: shows Python the root of the machine's own file system. */
function mountRoot(FS: PyodideFs): void {
  FS.mount(FS.filesystems.NODEFS, { root: '/' }, '/tmp');
  FS.readdir('/tmp');
}
