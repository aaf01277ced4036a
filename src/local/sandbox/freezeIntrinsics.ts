import { reachableIntrinsics } from './intrinsics.ts';

/**
 * Freezes every object that JavaScript code can reach without being given it: the global object, constructors and
 * prototypes, also those that only syntax reaches. After Pyodide has loaded, because it sets some up itself.
 */
export function freezeIntrinsics(): void {
  for (const start of overridable) letOverride(start);
  for (const intrinsic of reachableIntrinsics()) {
    if (intrinsic === Error) freezeError();
    else if (!ArrayBuffer.isView(intrinsic)) Object.freeze(intrinsic);
  }
}

/** All but the number of lines in a stack trace, which Pyodide changes for a moment around some calls. */
function freezeError(): void {
  // A function of Node's own; without it Node makes stack traces all the same.
  Reflect.deleteProperty(Error, 'prepareStackTrace');
  for (const key of Reflect.ownKeys(Error)) {
    if (key !== 'stackTraceLimit')
      Object.defineProperty(Error, key, { configurable: false, writable: false });
  }
  Object.preventExtensions(Error);
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
