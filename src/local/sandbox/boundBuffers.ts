import { host } from './host.ts';
import { leave } from './leave.ts';
import { byteLength, elementSize } from './realBytes.ts';

/** Bytes taken between two looks at what the process holds. */
const lookEvery = 32 << 20;

const { apply, getOwnPropertyDescriptor } = Reflect;
let charged = 0;
let total = 0;
let most = Number.POSITIVE_INFINITY;

/**
 * To be called before memory outside Python's and JavaScript's own heaps is taken. One call of a function may take it
 * again and again without CPython ever polling its interrupts, where `control.ts` looks.
 */
export function charge(bytes: number): void {
  total += bytes;
  charged += bytes;
  if (charged < lookEvery) return;
  const asked = charged;
  charged = 0;
  if (host.residentBytes() + asked > most) leave('memory');
}

/** Bytes that were charged since the start. */
export function chargedBytes(): number {
  return total;
}

/** Makes each way to take memory by copying an array buffer or a view count, and takes away those to resize one. */
export function boundBuffers(maxResidentBytes: number): void {
  most = maxResidentBytes;
  const views = Reflect.getPrototypeOf(Uint8Array.prototype) as object;
  for (const name of ['slice', 'map', 'filter', 'toReversed', 'toSorted', 'with']) {
    countCopies(views, name, (view) => byteLength(view) ?? 0, elementSize);
  }
  for (const kind of [ArrayBuffer.prototype, SharedArrayBuffer.prototype]) {
    const size = getOwnPropertyDescriptor(kind, 'byteLength')?.get;
    if (size) {
      const bytes = (buffer: unknown): number => apply(size, buffer, []) as number;
      countCopies(kind, 'slice', bytes, () => 1);
    }
    for (const name of ['transfer', 'transferToFixedLength', 'resize', 'grow']) {
      Reflect.deleteProperty(kind, name);
    }
  }
}

function countCopies(
  prototype: object,
  name: string,
  bytes: (of: unknown) => number,
  unit: (of: unknown) => number,
): void {
  const property = getOwnPropertyDescriptor(prototype, name);
  if (!property) return;
  const copy = property.value as (...args: unknown[]) => unknown;
  // A method, so that it is no constructor, as the one it replaces.
  const { counted } = {
    counted(this: unknown, ...args: unknown[]): unknown {
      const whole = bytes(this);
      charge(name === 'slice' ? between(whole, unit(this), args) : whole);
      return apply(copy, this, args);
    },
  };
  Object.defineProperty(prototype, name, { ...property, value: counted });
}

/** How many of the bytes a call of `slice` copies; all of them where its arguments are not plain numbers. */
function between(bytes: number, unit: number, [start, end]: unknown[]): number {
  const place = (at: unknown, otherwise: number): number => {
    if (typeof at !== 'number') return otherwise;
    return at < 0 ? bytes + at * unit : at * unit;
  };
  const from = Math.max(0, place(start, 0));
  return Math.max(0, Math.min(bytes, place(end, bytes)) - from);
}
