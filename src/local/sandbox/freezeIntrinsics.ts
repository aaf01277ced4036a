/**
 * Freezes every object that JavaScript code can reach without being given it: the global object, constructors and
 * prototypes, also those that only syntax reaches. After Pyodide has loaded, because it sets some up itself.
 */
export function freezeIntrinsics(): void {
  const seen = new Set<object>();
  const queue: unknown[] = [globalThis, ...hiddenIntrinsics()];
  for (const start of overridable) letOverride(start);
  while (queue.length > 0) {
    const next = queue.pop();
    if ((typeof next !== 'object' && typeof next !== 'function') || next === null || seen.has(next)) continue;
    seen.add(next);
    for (const key of Reflect.ownKeys(next)) {
      const property = Reflect.getOwnPropertyDescriptor(next, key);
      if (property) queue.push(property.value, property.get, property.set);
    }
    queue.push(Reflect.getPrototypeOf(next));
    if (next === Error) freezeError();
    else if (!ArrayBuffer.isView(next)) Object.freeze(next);
  }
}

/** All but the number of lines in a stack trace, which Pyodide changes for a moment around some calls. */
function freezeError(): void {
  for (const key of Reflect.ownKeys(Error)) {
    if (key !== 'stackTraceLimit')
      Object.defineProperty(Error, key, { configurable: false, writable: false });
  }
  Object.preventExtensions(Error);
}

/** Intrinsics that have no name on the global object. */
function hiddenIntrinsics(): unknown[] {
  const functions = [function* () {}, async () => {}, async function* () {}];
  const iterators = [[][Symbol.iterator](), ''[Symbol.iterator](), new Map().entries(), new Set().values()];
  return [...functions, ...iterators, ''.matchAll(/a/g), new Proxy({}, {}), Promise.resolve(), /a/];
}

/**
 * A frozen property on a prototype also refuses plain assignment to objects that inherit it (`error.message = …`),
 * which Pyodide does for these.
 */
const overridable: readonly object[] = [
  Object.prototype,
  Function.prototype,
  Array.prototype,
  Promise.prototype,
  Map.prototype,
  ...[Error, TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError].map(
    (kind) => kind.prototype,
  ),
];
const overridableKeys = new Set([
  'constructor',
  'toString',
  'valueOf',
  'name',
  'message',
  'stack',
  'then',
  'get',
  'set',
]);

function letOverride(prototype: object): void {
  for (const key of Reflect.ownKeys(prototype)) {
    const property = Reflect.getOwnPropertyDescriptor(prototype, key);
    if (
      typeof key !== 'string' ||
      !overridableKeys.has(key) ||
      !property?.configurable ||
      !('value' in property)
    )
      continue;
    const { value, enumerable } = property;
    Object.defineProperty(prototype, key, {
      configurable: false,
      enumerable: enumerable ?? false,
      get: () => value,
      set(this: object, replacement: unknown) {
        if (this === prototype) throw new TypeError(`${key} is frozen`);
        Object.defineProperty(this, key, {
          value: replacement,
          writable: true,
          enumerable: true,
          configurable: true,
        });
      },
    });
  }
}
