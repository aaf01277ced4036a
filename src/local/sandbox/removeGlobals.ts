import { scriptNames } from './scriptNames.ts';

/** Names that Pyodide looks up on the global object while it loads. They go with {@link removeLoadGlobals}. */
const neededToLoad = ['TextDecoder', 'TextEncoder'];

/**
 * Takes every global that is not ECMAScript's from the global object: process, Buffer, fetch, WebSocket, require and
 * whatever a later Node adds.
 * @throws Error where one cannot be removed
 */
export function removeGlobals(): void {
  const staying = new Set<PropertyKey>([...scriptNames, ...neededToLoad]);
  for (const key of Reflect.ownKeys(globalThis)) {
    if (!staying.has(key)) remove(key);
  }
}

/** Takes the rest, once Pyodide has them in its own scope. */
export function removeLoadGlobals(): void {
  for (const key of Reflect.ownKeys(globalThis)) {
    if (!scriptNames.has(key)) remove(key);
  }
}

function remove(key: PropertyKey): void {
  if (!Reflect.deleteProperty(globalThis, key))
    throw new Error(`The global ${String(key)} cannot be removed.`);
}
