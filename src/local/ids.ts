import { randomBytes } from 'node:crypto';

/** The kinds of things this gateway names, with the prefixes of the hosted service. */
export type IdPrefix = 'cntr_' | 'cfile_' | 'file-' | 'resp_' | 'ci_' | 'msg_' | 'req_';

/** A new name that nobody can guess: the prefix and 40 hexadecimal digits, so 46 characters or fewer in all. */
export function newId(prefix: IdPrefix): string {
  return prefix + randomBytes(20).toString('hex');
}

/** Gives the time in ms since the epoch; tests give their own. */
export type Clock = () => number;

/** The API's times are whole seconds since the epoch. */
export function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}
