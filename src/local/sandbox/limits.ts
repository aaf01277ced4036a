/**
 * What one container may use. Both sides read this file: the child keeps the limits, and the parent, which does not take
 * its word for it, holds it to them.
 */
import { numberField } from '../../core/json.ts';

export interface Limits {
  /** Bytes of memory that the whole child may hold: Python's own, the packages, scripts' objects, its files. */
  readonly memoryBytes: number;
  /** Bytes that all files Python writes or is given may hold together. */
  readonly fileBytes: number;
  /** Files below /mnt/data that are kept. */
  readonly files: number;
  /** Bytes of printed output that are kept of one run. */
  readonly outputBytes: number;
  /** Figures that are kept of one run. */
  readonly figures: number;
  /** Bytes that the pictures of all figures of one run may hold together. */
  readonly figureBytes: number;
}

const MiB = 2 ** 20;

export const defaultLimits: Limits = {
  memoryBytes: 2048 * MiB,
  fileBytes: 256 * MiB,
  files: 1000,
  outputBytes: MiB,
  figures: 50,
  figureBytes: 64 * MiB,
};

/**
 * The least and the most that may be asked for. Measured on Linux: Python starts in 330 MiB and draws charts in 400; pandas
 * needs 700 for the moment in which it is imported, 500 after it.
 */
export const limitRanges: Readonly<Record<keyof Limits, readonly [least: number, most: number]>> = {
  memoryBytes: [512 * MiB, 16_384 * MiB],
  fileBytes: [MiB, 1024 * MiB],
  files: [1, 10_000],
  outputBytes: [1024, 16 * MiB],
  figures: [1, 1000],
  figureBytes: [MiB, 512 * MiB],
};

const names = Object.keys(defaultLimits) as (keyof Limits)[];

/**
 * The limits asked for, with the default ones for what was not.
 * @throws RangeError with one plain sentence where one is out of its range
 */
export function completeLimits(asked: Partial<Limits> = {}): Limits {
  const limits = { ...defaultLimits, ...asked };
  for (const name of names) {
    const value = limits[name];
    const [least, most] = limitRanges[name];
    if (!Number.isInteger(value) || value < least || value > most) {
      throw new RangeError(
        `The limit ${name} must be a whole number from ${least} to ${most}, not ${value}.`,
      );
    }
  }
  if (limits.fileBytes > limits.memoryBytes / 2) {
    throw new RangeError(
      `The limit fileBytes (${limits.fileBytes}) must be at most half of memoryBytes (${limits.memoryBytes}), because files are kept in memory.`,
    );
  }
  return limits;
}

/**
 * Reads limits that {@link completeLimits} gave, out of JSON.
 * @throws RangeError as it does
 */
export function readLimits(value: unknown): Limits {
  const read = names.map((name) => [name, numberField(value, name) ?? Number.NaN] as const);
  return completeLimits(Object.fromEntries(read));
}

/** How the memory of a child is divided among those who can each be given a bound of their own. */
export interface MemoryShares {
  /** Pages of 64 KiB that Python's own memory may grow to: a MemoryError is raised at them. */
  readonly wasmPages: number;
  /** MiB for the objects of scripts. */
  readonly scriptHeap: number;
}

/** Bytes that the child holds besides Python's memory and files, with all packages imported (measured: 390 MiB). */
const foundation = 448 * MiB;
/** V8 reserves no more for 32-bit WebAssembly. */
const mostPages = 65_535;

/** Python's memory gets what is left, so that code which takes too much mostly meets a MemoryError and goes on. */
export function memoryShares({ memoryBytes, fileBytes }: Limits): MemoryShares {
  const left = Math.max(memoryBytes / 4, memoryBytes - foundation - fileBytes);
  return {
    wasmPages: Math.min(mostPages, Math.floor(left / 65_536)),
    scriptHeap: Math.min(4096, Math.floor(memoryBytes / 4 / MiB)),
  };
}

/** Characters of the last value or of a traceback that are shown besides the printed output. */
export function tailLength({ outputBytes }: Limits): number {
  return Math.min(outputBytes, 256 * 1024);
}

/** Bytes in words: `256 MiB`, `1.5 GiB`. */
export function inWords(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${Math.round(value * 10) / 10} ${units[unit]}`;
}
