import { reachableIntrinsics } from './intrinsics.ts';

/**
 * Puts a mere name in place of what `constructor` gives: from any array, buffer or function it otherwise leads to
 * `Function`, to `ArrayBuffer` (memory outside every limit) and to what stands on `Object`. Pyodide reads the names.
 */
export function hideConstructors(): void {
  for (const intrinsic of reachableIntrinsics()) {
    const property = Reflect.getOwnPropertyDescriptor(intrinsic, 'constructor');
    // An accessor on Iterator.prototype.
    const value: unknown = property?.get ? Reflect.get(intrinsic, 'constructor') : property?.value;
    // A promise is known by its constructor each time something waits for it.
    if (typeof value !== 'function' || value === Promise) continue;
    // Where it cannot be replaced, the proof (`proveScript.ts`) finds it.
    Reflect.defineProperty(intrinsic, 'constructor', { value: nameOnly(value.name), writable: true });
  }
}

function nameOnly(name: string): object {
  return Object.freeze(Object.assign(Object.create(null) as object, { name }));
}
