/**
 * Starts the locked child: with permission for nothing, an empty environment, and open descriptors for the few bytes
 * it needs. What each flag closes is in the comments of {@link lockFlags}.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import path from 'node:path';
import { Writable } from 'node:stream';
import { processInside } from './bubblewrap.ts';
import { openControlFile } from './controlFile.ts';
import { boundCommand, hasKernelBounds, lifeline, lifelineEnd } from './kernelBounds.ts';
import { bareEnvironment, checkNode } from './nodeProgram.ts';
import { findOsSandbox, noOsSandbox } from './osSandbox.ts';
import { type Limits, memoryShares } from './sandbox/limits.ts';

export interface ChildOptions {
  /** The bundled child (dist/sandbox.js). */
  readonly sandboxFile: string;
  /** The Python pack (dist/python). */
  readonly packDir: string;
  /** The Node that runs the child; by default the one that runs this process. */
  readonly nodePath?: string;
  /** What the child may use; `defaultLimits` for what is not told. */
  readonly limits?: Partial<Limits>;
  /** Whether the operating system's own sandbox goes underneath where it works; it does unless told. */
  readonly osSandbox?: boolean;
  /** Gets a line for the log; once for each Node which sandbox of the operating system it runs in. */
  readonly log?: (line: string) => void;
}

export interface Child {
  readonly process: ChildProcess;
  /** The process that runs Python: not the one started, where that is a sandbox around it. Undefined where it is gone. */
  readonly pid: () => number | undefined;
  /** Interrupts the run of this number; it reaches Python while it computes. 0 takes it back. */
  interrupt(run: number): void;
  /** Has it leave, once it looks. */
  breakOff(): void;
}

/** Node's and V8's own locks. */
export function lockFlags(limits: Limits): string[] {
  const { wasmPages, scriptHeap } = memoryShares(limits);
  return [
    // No files, no processes, no threads, no native add-ons, no debugger.
    '--permission',
    '--no-addons',
    // No eval and no Function("…"), through which JavaScript objects otherwise give code.
    '--disallow-code-generation-from-strings',
    // Limits that the code cannot lift: Python's memory in pages of 64 KiB, JavaScript's in MiB.
    `--wasm-max-mem-pages=${wasmPages}`,
    `--max-old-space-size=${scriptHeap}`,
    '--no-warnings',
  ];
}

/** Runs the source at descriptor 4. A script made so cannot import, and its errors name no path of this machine. */
const bootstrap =
  "const { Script } = process.getBuiltinModule('node:vm');" +
  "const source = process.getBuiltinModule('node:fs').readFileSync(4, 'utf8');" +
  "new Script(source, { filename: 'sandbox.js' }).runInThisContext();";

const logged = new Set<string>();

/**
 * Starts one child.
 * @throws Error with one plain sentence where Node is too old, or a part is missing
 */
export async function spawnChild(options: ChildOptions, limits: Limits): Promise<Child> {
  const nodePath = options.nodePath || process.execPath;
  const [sandbox] = await Promise.all([
    options.osSandbox === false ? noOsSandbox('it is turned off') : findOsSandbox(nodePath),
    checkNode(nodePath),
  ]);
  const line = `sandbox of the operating system: ${sandbox.said}`;
  if (!logged.has(`${nodePath} ${line}`)) options.log?.(line);
  logged.add(`${nodePath} ${line}`);

  const control = openControlFile();
  const opened = [control.readOnly];
  try {
    const source = openPart(options.sandboxFile, opened);
    const pack = openPart(path.join(options.packDir, 'python.pack'), opened);
    const inside = [
      ...sandbox.command,
      nodePath,
      ...lockFlags(limits),
      '-e',
      bootstrap,
      '--',
      JSON.stringify(limits),
    ];
    const [program = nodePath, ...args] = hasKernelBounds ? boundCommand(inside, limits) : inside;
    const child = spawn(program, args, {
      stdio: [
        'pipe',
        'pipe',
        'pipe',
        control.readOnly,
        source,
        pack,
        ...(hasKernelBounds ? ['pipe' as const] : []),
      ],
      env: bareEnvironment(),
      cwd: path.parse(process.execPath).root,
      windowsHide: true,
    });
    endWith(child, control.close);
    return {
      process: child,
      pid: () => (sandbox.staysOutside && child.pid !== undefined ? processInside(child.pid) : child.pid),
      interrupt: control.interrupt,
      breakOff: control.breakOff,
    };
  } catch (error) {
    control.close();
    throw error;
  } finally {
    for (const descriptor of opened) closeSync(descriptor);
  }
}

/** Lets go of what the child needed once it is gone, its guard too. */
function endWith(child: ChildProcess, closeControl: () => void): void {
  const guard: unknown = (child.stdio as readonly unknown[])[lifeline];
  const end = (): void => {
    closeControl();
    if (guard instanceof Writable) guard.end(lifelineEnd);
  };
  // A guard that was ended by somebody else reads no more.
  if (guard instanceof Writable) guard.on('error', () => {});
  child.once('exit', end);
  child.once('error', end);
}

function openPart(file: string, opened: number[]): number {
  try {
    const descriptor = openSync(file, 'r');
    opened.push(descriptor);
    return descriptor;
  } catch (error) {
    const name = path.basename(file);
    throw new Error(`Python cannot start: the file ${name} of this extension is not readable.`, {
      cause: error,
    });
  }
}
