/**
 * What this process may still do once everything else is gone: taken from Node before the lock, held in this module's
 * scope only. Nothing here may ever be handed to Python or to Pyodide, except the plain functions in `shell.ts`.
 */

import { stringField } from '../../core/json.ts';

// By its full name, because the build replaces the bare name inside Pyodide (see shell.ts).
const node = globalThis.process;
const fs = node.getBuiltinModule('node:fs');
const crypto = node.getBuiltinModule('node:crypto');
const zlib = node.getBuiltinModule('node:zlib');
const vm = node.getBuiltinModule('node:vm');
const modules = node.getBuiltinModule('node:module');
const { performance, setTimeout, clearTimeout, setInterval, clearInterval, setImmediate } = globalThis;

const pause = new Int32Array(new SharedArrayBuffer(4));
const wait = Atomics.wait;

/** Keeps the work of {@link host.breakable} where only scripts find it, of which there are these two. */
const keepWork = new vm.Script('let work; (next) => { work = next; };').runInThisContext() as (
  work: (() => void) | undefined,
) => void;
const doWork = new vm.Script('work();');
/** Node's own, that it does between two steps of its event loop. */
const { _tickCallback: doMicrotasks = (): void => {} } = node as { readonly _tickCallback?: () => void };

/** Room to spare, because a full piece makes zlib allocate another of the same size to look for more. */
function onePiece(size: number): { chunkSize: number } {
  return { chunkSize: size + 64 };
}

export const host = {
  /** What the parent gave this process to read at its start. */
  argument: node.argv.at(-1) ?? '',
  /** Milliseconds that only go forward. */
  now: (): number => performance.now(),
  /** Changes on Linux and macOS when the parent dies. */
  parentId: (): number => node.ppid,
  /** Bytes of memory that the process holds. */
  residentBytes: (): number => node.memoryUsage.rss(),
  fillRandom: (view: Uint8Array): Uint8Array => crypto.randomFillSync(view),
  registerHooks: modules.registerHooks,
  /** Ends the process at once. An orderly exit would wait for the thread that waits for the parent's next message. */
  end(): never {
    node.kill(node.pid, 'SIGKILL');
    for (;;) wait(pause, 0, 0);
  },
  setTimeout,
  clearTimeout,
  setInterval,
  clearInterval,
  setImmediate,

  /** Blocks for up to that many milliseconds without using the processor. */
  block(milliseconds: number): void {
    // Without a number it would wait for ever.
    wait(pause, 0, 0, Math.max(milliseconds, 0) || 0);
  },

  /**
   * Does some work, and the microtasks that come of it, and lets SIGINT break it off wherever it is, also in
   * WebAssembly that looks at nothing: no thread but the main one is ours, but one of Node's own ends what V8 does.
   * @returns false where that happened: the state of what it worked on is then undefined
   */
  breakable(work: () => void): boolean {
    keepWork(() => {
      work();
      Reflect.apply(doMicrotasks, node, []);
    });
    try {
      doWork.runInThisContext({ breakOnSigint: true, displayErrors: false });
      return true;
    } catch (error) {
      if (stringField(error, 'code') !== 'ERR_SCRIPT_EXECUTION_INTERRUPTED') throw error;
      return false;
    } finally {
      keepWork(undefined);
    }
  },

  /** Fills the view from an inherited file, from `position`; false where the file is shorter. */
  readAt(fd: number, view: Uint8Array, position: number): boolean {
    let filled = 0;
    while (filled < view.length) {
      const count = fs.readSync(fd, view, filled, view.length - filled, position + filled);
      if (count === 0) return false;
      filled += count;
    }
    return true;
  },

  closeFile(fd: number): void {
    fs.closeSync(fd);
  },

  /** Reads what is on a pipe, waiting for it off the main thread; 0 at its end. */
  read(fd: number, view: Uint8Array, done: (error: Error | null, count: number) => void): void {
    fs.read(fd, view, 0, view.length, null, done);
  },

  /** Writes all of it to a pipe, waiting where it is full. */
  write(fd: number, bytes: Uint8Array): void {
    let written = 0;
    while (written < bytes.length) {
      try {
        written += fs.writeSync(fd, bytes, written, bytes.length - written);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
        wait(pause, 0, 0, 1);
      }
    }
  },

  /** Says why this process could not start, where the parent looks when it ended. */
  report(text: string): void {
    fs.writeSync(2, text);
  },

  /**
   * Decompresses zstd off the main thread, into one piece of memory, for which it has to know how many bytes come out.
   */
  decompress(packed: Uint8Array, size: number): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      zlib.zstdDecompress(packed, onePiece(size), (error, whole) => (error ? reject(error) : resolve(whole)));
    });
  },

  /** Calls back for a fault that nothing caught. */
  onFault(report: (fault: unknown) => void): void {
    node.on('uncaughtException', report);
    node.on('unhandledRejection', report);
  },
} as const;
