import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Ends a process that was spawned with `detached: true`, and everything it has started that is still in its group.
 * @param {import('node:child_process').ChildProcess} child
 * @param {number} [patience] milliseconds between the request and the end
 */
export async function endGroup(child, patience = 5000) {
  if (child.pid === undefined) return;
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/pid', String(child.pid), '/T', '/F'], { stdio: 'ignore' });
    return;
  }
  signalGroup(child.pid, 'SIGTERM');
  const end = Date.now() + patience;
  while (Date.now() < end && signalGroup(child.pid, 0)) await sleep(50);
  signalGroup(child.pid, 'SIGKILL');
}

/** @param {number} pid @param {NodeJS.Signals | 0} signal @returns {boolean} whether anyone was there to get it */
function signalGroup(pid, signal) {
  try {
    return process.kill(-pid, signal);
  } catch (error) {
    if (error.code === 'ESRCH') return false;
    throw error;
  }
}

/**
 * Calls back once when this process has lost its parent: npm that is ended by a signal does not pass it on.
 * @param {() => void} stop
 */
export function whenOrphaned(stop) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    stop();
  }, 500);
  timer.unref();
}
