/**
 * Readers of values of unknown shape: each gives a fresh value of its type with nothing else in it, or
 * {@link MISMATCH}. None throws, whatever it is given.
 */

export const MISMATCH = Symbol('mismatch');

export type Reader<T> = (value: unknown) => T | typeof MISMATCH;

/** A property that may be missing; it is then missing in what is read too. */
export interface OptionalReader<T> {
  readonly optional: Reader<T>;
}

/** One reader for each property of `T`: a property that is forgotten does not compile. */
export type Fields<T> = {
  readonly [K in keyof T]-?: Record<never, never> extends Pick<T, K> ? OptionalReader<T[K]> : Reader<T[K]>;
};

/** @param longest UTF-16 units */
export function text(longest = Number.POSITIVE_INFINITY): Reader<string> {
  return (value) => (typeof value === 'string' && value.length <= longest ? value : MISMATCH);
}

export const finite: Reader<number> = (value) =>
  typeof value === 'number' && Number.isFinite(value) ? value : MISMATCH;

/** Integers from 0, as for counts, places and bytes. */
export const count: Reader<number> = (value) =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : MISMATCH;

export const flag: Reader<boolean> = (value) => (typeof value === 'boolean' ? value : MISMATCH);

/** One of some words; they are given as keys, so that the compiler misses none. */
export function word<T extends string>(all: Readonly<Record<T, true>>): Reader<T> {
  return (value) => (typeof value === 'string' && Object.hasOwn(all, value) ? (value as T) : MISMATCH);
}

/** A value, or undefined where it is missing: JSON has no undefined. */
export function maybe<T>(reader: Reader<T>): Reader<T | undefined> {
  return (value) => (value === undefined ? undefined : reader(value));
}

export function optional<T>(reader: Reader<T>): OptionalReader<T> {
  return { optional: reader };
}

/** @param most entries; a longer list is none */
export function list<T>(reader: Reader<T>, most = Number.POSITIVE_INFINITY): Reader<readonly T[]> {
  return (value) => {
    if (!Array.isArray(value) || value.length > most) return MISMATCH;
    const read: T[] = [];
    for (const entry of value) {
      const one = reader(entry);
      if (one === MISMATCH) return MISMATCH;
      read.push(one);
    }
    return read;
  };
}

/** An object with these properties; it may have others, which are left out. */
export function object<T>(fields: Fields<T>): Reader<T> {
  const readers = Object.entries<Reader<unknown> | OptionalReader<unknown>>(fields);
  return (value) => {
    if (typeof value !== 'object' || value === null) return MISMATCH;
    const read: Record<string, unknown> = {};
    for (const [key, field] of readers) {
      const there = Object.hasOwn(value, key);
      if (typeof field !== 'function' && !there) continue;
      const reader = typeof field === 'function' ? field : field.optional;
      const one = reader(there ? (value as Record<string, unknown>)[key] : undefined);
      if (one === MISMATCH) return MISMATCH;
      read[key] = one;
    }
    return read as T;
  };
}

/** One of several kinds of object, told apart by the text under `tag`. */
export function union<T>(tag: string, kinds: Readonly<Record<string, Reader<T>>>): Reader<T> {
  return (value) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, tag)) return MISMATCH;
    const kind = (value as Record<string, unknown>)[tag];
    if (typeof kind !== 'string' || !Object.hasOwn(kinds, kind)) return MISMATCH;
    return kinds[kind]?.(value) ?? MISMATCH;
  };
}
