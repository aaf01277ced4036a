/**
 * One living Python of one container, as the rest of the local gateway sees it. The real one is a locked child
 * process (`interpreter.ts`); nothing here says how.
 */

/** Where a container keeps its files. */
export const DATA_DIR = '/mnt/data';

/** A file below {@link DATA_DIR}; `path` is absolute, with `/` between its segments. */
export interface PythonFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** How a piece of code ended. `error`: Python raised, the traceback is in the logs, the variables are still there. */
export type PythonEnd = 'ok' | 'error' | 'interrupted' | 'timed_out' | 'out_of_memory' | 'died';

export interface PythonOutcome {
  readonly end: PythonEnd;
  /** What was printed, then the repr of the last expression, or the traceback trimmed to the user's own frames. */
  readonly logs: string;
  /** PNG bytes of each figure left open, in their order. */
  readonly images: readonly Uint8Array[];
  /** Files made or changed by this code. */
  readonly written: readonly PythonFile[];
  /** Paths of files that this code removed. */
  readonly removed: readonly string[];
  /** Sentences where something must be said that Python did not print: a limit reached, a restart. */
  readonly remark: string | undefined;
}

export interface RunOptions {
  /** Aborting interrupts the code; where it does not yield the child is killed. */
  readonly signal?: AbortSignal;
  /** Seconds; the code is interrupted after it. */
  readonly timeoutSeconds: number;
}

export interface Python {
  /** False once the child is gone: killed, crashed or closed. The owner then starts another. */
  readonly alive: boolean;
  /**
   * Runs code in the container's one namespace. Calls queue. Never rejects for what the code does: code that ends its
   * Python still gives what it had printed, shown and written, as far as that came.
   */
  run(code: string, options: RunOptions): Promise<PythonOutcome>;
  /** Whether the whole text is a Python program (and not a word or a sentence that happens to parse). */
  isProgram(text: string): Promise<boolean>;
  /** Puts a file there for the code to read. */
  putFile(file: PythonFile): Promise<void>;
  removeFile(path: string): Promise<void>;
  /** Whether it still answers; one that does not is ended. At once true while it is at work. */
  answers(): Promise<boolean>;
  /** Ends the child. */
  close(): Promise<void>;
}

/** Starts a Python with nothing in its namespace. Rejects with one plain sentence where it cannot be had. */
export type StartPython = () => Promise<Python>;
