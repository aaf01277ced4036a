import type { ChildOptions } from '../../src/local/childProcess.ts';
import { startPython } from '../../src/local/interpreter.ts';
import type { Python, PythonOutcome } from '../../src/local/python.ts';
import { sandboxParts } from '../support/sandboxParts.ts';

/** Pythons for tests, one after the other: a new one where the last has ended. */
export interface Pythons {
  living(): Promise<Python>;
  /** Runs code in it; gives up after a minute. */
  run(code: string, timeoutSeconds?: number): Promise<PythonOutcome>;
  /** Runs code and stops it after so many milliseconds; `took` is how long it took then. */
  stopAfter(milliseconds: number, code: string): Promise<PythonOutcome & { readonly took: number }>;
  close(): Promise<void>;
}

export function pythons(options: Partial<ChildOptions> = {}): Pythons {
  let current: Python | undefined;
  const living = async (): Promise<Python> => {
    if (!current?.alive) current = await startPython({ ...(await sandboxParts()), ...options });
    return current;
  };
  return {
    living,
    run: async (code, timeoutSeconds = 60) => await (await living()).run(code, { timeoutSeconds }),
    async stopAfter(milliseconds, code) {
      const python = await living();
      const stop = new AbortController();
      let at = 0;
      setTimeout(() => {
        at = performance.now();
        stop.abort();
      }, milliseconds);
      const outcome = await python.run(code, { signal: stop.signal, timeoutSeconds: 60 });
      return { ...outcome, took: performance.now() - at };
    },
    close: async () => await current?.close(),
  };
}

/** The files of an outcome as text, by name. */
export function filesOf(outcome: PythonOutcome): Record<string, string> {
  return Object.fromEntries(
    outcome.written.map(({ path, bytes }) => [
      path.replace('/mnt/data/', ''),
      new TextDecoder().decode(bytes),
    ]),
  );
}
