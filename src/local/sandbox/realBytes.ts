/**
 * Bytes out of objects that Python may have got at: taken by functions from before its code ran, so that nothing of its
 * own (a getter, a method, a proxy) is asked, and goes further as an array that is nobody else's.
 */
const { apply, getOwnPropertyDescriptor, getPrototypeOf } = Reflect;
const Bytes = Uint8Array;
const typedArrays = getPrototypeOf(Bytes.prototype) as object;
const { set } = Bytes.prototype;

function getter(prototype: object, name: PropertyKey): (of: object) => unknown {
  const get = getOwnPropertyDescriptor(prototype, name)?.get;
  if (!get) throw new Error(`There is no ${String(name)} to ask.`);
  return (of) => apply(get, of, []);
}

const kindOf = getter(typedArrays, Symbol.toStringTag);
const bufferOf = getter(typedArrays, 'buffer') as (view: object) => ArrayBuffer;
const offsetOf = getter(typedArrays, 'byteOffset') as (view: object) => number;
const countOf = getter(typedArrays, 'length') as (view: object) => number;
const lengthOf = getter(typedArrays, 'byteLength') as (view: object) => number;
const bufferLength = getter(ArrayBuffer.prototype, 'byteLength') as (buffer: object) => number;

/** How many bytes a real typed array holds; undefined for all else, also for what only looks like one. */
export function byteLength(value: unknown): number | undefined {
  if (typeof value !== 'object' || value === null || kindOf(value) === undefined) return undefined;
  return lengthOf(value);
}

/** Bytes of one element of a real typed array; 1 for all else. */
export function elementSize(value: unknown): number {
  const count = byteLength(value) ? countOf(value as object) : 0;
  return count > 0 ? lengthOf(value as object) / count : 1;
}

/**
 * The bytes that a real typed array or array buffer stands for, as an array that is nobody else's; the
 * memory is not copied. Undefined for all else.
 */
export function viewOf(value: unknown): Uint8Array<ArrayBuffer> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (kindOf(value) !== undefined) return new Bytes(bufferOf(value), offsetOf(value), lengthOf(value));
  try {
    return new Bytes(value as ArrayBuffer, 0, bufferLength(value));
  } catch {
    // No array buffer.
    return undefined;
  }
}

/** A copy of the bytes of a real typed array or array buffer; undefined for all else. */
export function copyBytes(value: unknown): Uint8Array<ArrayBuffer> | undefined {
  const view = viewOf(value);
  if (!view) return undefined;
  const copy = new Bytes(view.length);
  apply(set, copy, [view]);
  return copy;
}
