/** The globals that ECMAScript itself defines (edition 2025) and that stay. */
const kept = new Set<PropertyKey>([
  ...['globalThis', 'Infinity', 'NaN', 'undefined', 'eval', 'isFinite', 'isNaN', 'parseFloat', 'parseInt'],
  ...['decodeURI', 'decodeURIComponent', 'encodeURI', 'encodeURIComponent', 'escape', 'unescape'],
  ...[
    'Object',
    'Function',
    'Boolean',
    'Symbol',
    'Number',
    'BigInt',
    'String',
    'Array',
    'Iterator',
    'Math',
    'Date',
  ],
  ...[
    'Error',
    'AggregateError',
    'EvalError',
    'RangeError',
    'ReferenceError',
    'SyntaxError',
    'TypeError',
    'URIError',
  ],
  ...['RegExp', 'Map', 'Set', 'WeakMap', 'WeakSet', 'WeakRef', 'FinalizationRegistry', 'SuppressedError'],
  ...[
    'ArrayBuffer',
    'SharedArrayBuffer',
    'DataView',
    'Atomics',
    'Int8Array',
    'Uint8Array',
    'Uint8ClampedArray',
  ],
  ...[
    'Int16Array',
    'Uint16Array',
    'Int32Array',
    'Uint32Array',
    'BigInt64Array',
    'BigUint64Array',
    'Float16Array',
  ],
  ...['Float32Array', 'Float64Array', 'JSON', 'Promise', 'Proxy', 'Reflect', 'Intl', 'WebAssembly'],
  ...['DisposableStack', 'AsyncDisposableStack', 'Temporal'],
]);

/** Names that Pyodide looks up on the global object while it loads. They go with {@link removeLoadGlobals}. */
const neededToLoad = ['TextDecoder', 'TextEncoder'];

/**
 * Takes every global that is not ECMAScript's from the global object: process, Buffer, fetch, WebSocket, require and
 * whatever a later Node adds.
 * @throws Error where one cannot be removed
 */
export function removeGlobals(): void {
  const staying = new Set<PropertyKey>([...kept, ...neededToLoad]);
  for (const key of Reflect.ownKeys(globalThis)) {
    if (!staying.has(key)) remove(key);
  }
}

/** Takes the rest, once Pyodide has them in its own scope. */
export function removeLoadGlobals(): void {
  for (const key of Reflect.ownKeys(globalThis)) {
    if (!kept.has(key)) remove(key);
  }
}

function remove(key: PropertyKey): void {
  if (!Reflect.deleteProperty(globalThis, key))
    throw new Error(`The global ${String(key)} cannot be removed.`);
}
