import bridgeSource from './bridge.py';
import type { Pyodide } from './pyodideTypes.ts';
import { runSources } from './pythonSource.ts';
import { setTimeout } from './shell.ts';

/**
 * Takes the module `pyodide_js` from Python: its file system, its loader and its memory, and through them Emscripten's
 * whole library. What Pyodide's own Python needs of it (an event loop's timer) is put in its place.
 */
export function closeBridge(pyodide: Pyodide): void {
  const scope = runSources(pyodide, 'bridge', [bridgeSource]);
  const scheduleCallback = (work: () => void, milliseconds?: number): number =>
    setTimeout(work, milliseconds);
  const config = bare({ enableRunUntilComplete: true });
  const rest = {
    version: pyodide.version,
    loadedPackages: bare({}),
    _api: bare({ scheduleCallback, config }),
  };
  scope.get('close')(bare(rest));
  scope.destroy();
}

function bare(properties: object): object {
  return Object.freeze(Object.assign(Object.create(null) as object, properties));
}
