import { MISMATCH, type Reader } from './shape.ts';

/** The first form in which something was stored. */
export const version1: Reader<1> = (value) => (value === 1 ? value : MISMATCH);
