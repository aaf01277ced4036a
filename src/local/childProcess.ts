/**
 * Starts the locked child: with permission for nothing, an empty environment, and open descriptors for the few bytes
 * it needs. What each flag closes is in the comments of {@link lockFlags}.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { limits } from './sandbox/limits.ts';

export interface ChildOptions {
  /** The bundled child (dist/sandbox.js). */
  readonly sandboxFile: string;
  /** The Python pack (dist/python). */
  readonly packDir: string;
  /** The Node that runs the child; by default the one that runs this process. */
  readonly nodePath?: string;
}

export interface Child {
  readonly process: ChildProcess;
  /** Interrupts the run of this number; it reaches Python while it computes. 0 takes it back. */
  interrupt(run: number): void;
}

const setting = 'codeInterpreter.localGateway.nodePath';
const oldestNode = [22, 15] as const;
const beatEvery = 2000;

/** Node's and V8's own locks. */
export function lockFlags(): string[] {
  return [
    // No files, no processes, no threads, no native add-ons, no debugger.
    '--permission',
    '--no-addons',
    // No eval and no Function("…"), through which JavaScript objects otherwise give code.
    '--disallow-code-generation-from-strings',
    // Limits that the code cannot lift: Python's memory in pages of 64 KiB, JavaScript's in MiB.
    `--wasm-max-mem-pages=${limits.wasmPages}`,
    `--max-old-space-size=${limits.scriptHeap}`,
    '--no-warnings',
  ];
}

/** Runs the source at descriptor 4. A script made so cannot import, and its errors name no path of this machine. */
const bootstrap =
  "const { Script } = process.getBuiltinModule('node:vm');" +
  "const source = process.getBuiltinModule('node:fs').readFileSync(4, 'utf8');" +
  "new Script(source, { filename: 'sandbox.js' }).runInThisContext();";

function environment(): NodeJS.ProcessEnv {
  const kept: NodeJS.ProcessEnv = {};
  // Windows starts no process without SystemRoot; TZ is the user's clock.
  for (const name of ['SystemRoot', 'TZ']) {
    const value = process.env[name];
    if (value !== undefined) kept[name] = value;
  }
  if (process.versions['electron']) kept['ELECTRON_RUN_AS_NODE'] = '1';
  return kept;
}

/**
 * Starts one child.
 * @throws Error with one plain sentence where Node is too old, or a part is missing
 */
export async function spawnChild(options: ChildOptions): Promise<Child> {
  const nodePath = options.nodePath || process.execPath;
  await checkNode(nodePath);
  const opened: number[] = [];
  try {
    const control = openControlFile(opened);
    const source = openPart(options.sandboxFile, opened);
    const pack = openPart(path.join(options.packDir, 'python.pack'), opened);
    const child = spawn(nodePath, [...lockFlags(), '-e', bootstrap], {
      stdio: ['pipe', 'pipe', 'pipe', control.readOnly, source, pack],
      env: environment(),
      cwd: path.parse(process.execPath).root,
      windowsHide: true,
    });
    const stop = keepControlFile(control.writable);
    child.once('close', stop.close);
    child.once('error', stop.close);
    return { process: child, interrupt: stop.interrupt };
  } finally {
    for (const descriptor of opened) closeSync(descriptor);
  }
}

function openPart(file: string, opened: number[]): number {
  try {
    const descriptor = openSync(file, 'r');
    opened.push(descriptor);
    return descriptor;
  } catch (error) {
    throw new Error(
      `Python cannot start: the file ${path.basename(file)} of this extension is not readable.`,
      {
        cause: error,
      },
    );
  }
}

/**
 * A file without a name, open twice: writable here, read-only for the child, which reads it while Python holds its only
 * thread. A pipe would block there, and shared memory does not cross processes.
 */
function openControlFile(opened: number[]): { readonly writable: number; readonly readOnly: number } {
  const file = path.join(tmpdir(), `code-interpreter-${randomUUID()}`);
  const writable = openSync(file, 'wx+', 0o600);
  try {
    writeSync(writable, new Uint8Array(8), 0, 8, 0);
    const readOnly = openSync(file, 'r');
    opened.push(readOnly);
    return { writable, readOnly };
  } catch (error) {
    closeSync(writable);
    throw error;
  } finally {
    unlinkSync(file);
  }
}

function keepControlFile(descriptor: number): { interrupt(run: number): void; close(): void } {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  let open = true;
  const write = (): void => {
    if (open) writeSync(descriptor, bytes, 0, bytes.length, 0);
  };
  const beat = setInterval(() => {
    view.setUint32(0, view.getUint32(0, true) + 1, true);
    write();
  }, beatEvery);
  beat.unref();
  return {
    interrupt(run) {
      view.setUint32(4, run, true);
      write();
    },
    close() {
      if (!open) return;
      open = false;
      clearInterval(beat);
      closeSync(descriptor);
    },
  };
}

const checked = new Map<string, Promise<void>>();

function checkNode(nodePath: string): Promise<void> {
  const known = checked.get(nodePath) ?? readVersion(nodePath).then(refuseOldNode);
  checked.set(nodePath, known);
  known.catch(() => checked.delete(nodePath));
  return known;
}

async function readVersion(nodePath: string): Promise<string> {
  if (nodePath === process.execPath) return process.versions.node;
  try {
    const { stdout } = await promisify(execFile)(nodePath, ['--version'], {
      env: environment(),
      timeout: 10_000,
    });
    return stdout.trim().replace(/^v/, '');
  } catch (error) {
    throw new Error(`Python cannot start: the Node that the setting ${setting} names does not run.`, {
      cause: error,
    });
  }
}

function refuseOldNode(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return;
  throw new Error(
    `Python needs Node ${oldestNode.join('.')} or later to run locked in, and this is ${version}: name a newer Node in the setting ${setting}.`,
  );
}
