import { Unlocked } from './layers.ts';
import proveSource from './prove.py';
import type { Pyodide } from './pyodideTypes.ts';
import { runSources } from './pythonSource.ts';

/** All that Python's module `pyodide_js` may have (see closeBridge.ts). */
const rest = ['version', 'loadedPackages', '_api', 'scheduleCallback', 'config', 'enableRunUntilComplete'];

/**
 * Tries from Python what the lock refuses, and looks at what Python holds of JavaScript.
 * @throws Unlocked where a part of the lock is not there
 */
export function provePython(pyodide: Pyodide): void {
  const scope = runSources(pyodide, 'prove', [proveSource]);
  const ask = (name: string): unknown => scope.get(name)();
  const [names, insides] = ask('held') as [unknown, unknown];
  if (!isClosed(names, [])) throw new Unlocked('names');
  if (!isClosed(insides, rest)) throw new Unlocked('bridge');
  if (ask('starts_program') !== false || ask('connects') !== false) throw new Unlocked('shell');
  scope.destroy();
}

/** Whether an object and those in it are frozen, inherit nothing and have no other keys than these. */
function isClosed(value: unknown, keys: readonly PropertyKey[]): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return (
    Object.isFrozen(value) &&
    Object.getPrototypeOf(value) === null &&
    Reflect.ownKeys(value).every((key) => keys.includes(key) && isClosed(Reflect.get(value, key), keys))
  );
}
