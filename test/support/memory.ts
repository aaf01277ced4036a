import { execFileSync } from 'node:child_process';
import { processTree } from './processes.ts';

/** Resident memory of a process in MB (10^6 bytes); nothing on Windows, where `ps` is not to be had. */
export function residentMemory(pid: number): readonly number[] {
  if (process.platform === 'win32') return [];
  const printed = execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' });
  return [(Number(printed) * 1024) / 1e6];
}

/** Resident memory of the largest process that this one started, in MB. */
export function largestBelow(pid: number): readonly number[] {
  const below = processTree(pid).filter((found) => found !== pid);
  return below
    .flatMap(residentMemory)
    .toSorted((a, b) => b - a)
    .slice(0, 1);
}
