import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { processTree } from '../support/processes.ts';

/** The processes below one that run Python locked in, whatever sandbox is around them. Not on Windows. */
export function lockedChildren(top = process.pid): readonly number[] {
  const below = new Set(processTree(top));
  return execFileSync('ps', ['-A', '-o', 'pid=,comm=,args='], { encoding: 'utf8', maxBuffer: 16 << 20 })
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /^\d+ (?!bwrap|sh ).*--permission/.test(line))
    .map((line) => Number.parseInt(line, 10))
    .filter((pid) => below.has(pid));
}

/** The one locked child that was started in the meantime. */
export async function childStartedBy<T>(start: () => Promise<T>): Promise<{ started: T; pid: number }> {
  const before = new Set(lockedChildren());
  const started = await start();
  const [pid] = lockedChildren().filter((one) => !before.has(one));
  if (pid === undefined) throw new Error('No locked child was started.');
  return { started, pid };
}

/** Whether the kernel still has this process, and it is not merely waiting to be reaped. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  if (process.platform !== 'linux') return true;
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
