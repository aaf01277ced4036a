import type { Pyodide, PyProxy } from './pyodideTypes.ts';

/**
 * Runs Python of our own, all of it in one new namespace. Pyodide's `runPython` is made for code of users and does
 * more with it than this needs, which takes ten times as long.
 * @returns that namespace
 */
export function runSources(pyodide: Pyodide, name: string, sources: readonly string[]): PyProxy {
  const builtins = pyodide.pyimport('builtins');
  const scope = pyodide.toPy({ __name__: name });
  for (const source of sources) {
    const code = builtins.compile(source, `${name}.py`, 'exec');
    builtins.exec(code, scope);
    code.destroy();
  }
  builtins.destroy();
  return scope;
}
