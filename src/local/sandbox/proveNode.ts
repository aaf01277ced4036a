/**
 * Proves what Node itself has to refuse, by trying it: with handles of its own, taken before the lock and gone after.
 * Nothing here leaves a trace where it succeeds (the files and programs named do not exist), except a Node that is not
 * used any further.
 */
import { type Layer, Unlocked } from './layers.ts';
import type { MemoryShares } from './limits.ts';
import { noImports } from './rejectImports.ts';

// By its full name, because the build replaces the bare name inside Pyodide (see shell.ts).
const node = globalThis.process;
const { Function: MakeFunction, WebAssembly, eval: evaluate } = globalThis;
const MakeAsync = Object.getPrototypeOf(async () => {}).constructor as FunctionConstructor;
const MakeGenerator = Object.getPrototypeOf(function* () {}).constructor as FunctionConstructor;

const nowhere = '/no-such-folder/no-such-file';
/** MiB that V8 adds to the limit of its old generation, generously. */
const youngHeap = 384;

type Attempt = () => unknown;

/** @throws Unlocked where Node does not refuse something */
export async function proveNode(shares: MemoryShares): Promise<void> {
  refused('files', fileAttempts(), 'ERR_ACCESS_DENIED');
  refused('programs', programAttempts(), 'ERR_ACCESS_DENIED');
  refused('threads', threadAttempts(), 'ERR_ACCESS_DENIED');
  refused('debugger', debuggerAttempts(), 'ERR_ACCESS_DENIED');
  refused('addons', [() => node.dlopen({ exports: {} }, nowhere)], 'ERR_DLOPEN_DISABLED');
  // Without the flag the permission refuses them too.
  if (!node.execArgv.includes('--no-addons')) throw new Unlocked('addons');
  refused('addons', foreignAttempts(), 'ERR_ACCESS_DENIED');
  proveNetwork();
  proveEvaluation();
  proveMemory(shares);
  await proveImports();
}

function fileAttempts(): Attempt[] {
  const fs = node.getBuiltinModule('node:fs');
  return [
    () => fs.readdirSync('/'),
    () => fs.readFileSync(node.execPath),
    () => fs.statSync('/'),
    () => fs.writeFileSync(nowhere, ''),
    () => fs.mkdirSync(nowhere),
    () => fs.unlinkSync(nowhere),
  ];
}

function programAttempts(): Attempt[] {
  const { spawn, spawnSync } = node.getBuiltinModule('node:child_process');
  return [
    () => spawnSync(nowhere).error,
    // What is missing is told by an event.
    () => spawn(nowhere).on('error', () => {}),
  ];
}

function threadAttempts(): Attempt[] {
  const { Worker } = node.getBuiltinModule('node:worker_threads');
  return [() => new Worker('', { eval: true })];
}

function debuggerAttempts(): Attempt[] {
  if (!node.features.inspector) return [];
  const { Session } = node.getBuiltinModule('node:inspector');
  return [() => new Session().connect()];
}

/** Node 26 and later can call the functions of any library. */
function foreignAttempts(): Attempt[] {
  const ffi = node.getBuiltinModule('node:ffi') as
    | { dlopen(file: string, functions: object): unknown }
    | undefined;
  return ffi ? [() => ffi.dlopen(nowhere, {})] : [];
}

/** Throws unless each of them is refused with this code. */
function refused(layer: Layer, attempts: readonly Attempt[], code: string): void {
  for (const attempt of attempts) {
    const said = faultOf(attempt);
    if ((said as NodeJS.ErrnoException | undefined)?.code !== code) throw new Unlocked(layer, said);
  }
}

function faultOf(attempt: Attempt): unknown {
  try {
    attempt();
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Node 25 and later refuse the network too; before, nothing that could open it is within reach. */
function proveNetwork(): void {
  if (node.allowedNodeEnvironmentFlags.has('--allow-net') && node.permission.has('net')) {
    throw new Unlocked('network');
  }
}

function proveEvaluation(): void {
  const attempts: Attempt[] = [
    () => new MakeFunction('return 1'),
    () => new MakeAsync('return 1'),
    () => new MakeGenerator('return 1'),
    () => evaluate('1 + 1'),
  ];
  for (const attempt of attempts) {
    if (!(faultOf(attempt) instanceof EvalError)) throw new Unlocked('evaluation');
  }
}

function proveMemory({ wasmPages, scriptHeap }: MemoryShares): void {
  const large = faultOf(() => new WebAssembly.Memory({ initial: wasmPages + 1 }));
  if (!(large instanceof RangeError)) throw new Unlocked('pages');
  const heap = node.getBuiltinModule('node:v8').getHeapStatistics().heap_size_limit;
  if (heap > (scriptHeap + youngHeap) * 2 ** 20) throw new Unlocked('heap');
}

/** Two layers: this script may not import (the way it was started), and what asks for a module by other ways is refused. */
async function proveImports(): Promise<void> {
  const require = node.getBuiltinModule('node:module').createRequire(node.execPath);
  for (const name of ['node:fs', 'data:text/javascript,']) {
    const loaded = faultOf(() => require(name));
    if (!(loaded instanceof Error && loaded.message === noImports)) throw new Unlocked('imports', loaded);
    const imported: unknown = await import(name).catch((error: unknown) => error);
    if ((imported as NodeJS.ErrnoException).code !== 'ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING') {
      throw new Unlocked('imports', imported);
    }
  }
}
