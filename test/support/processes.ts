import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { outDir } from './tools.ts';

export interface Server {
  readonly pid: number;
  /** Set once it has ended. */
  readonly ended: () => string | undefined;
  readonly close: () => Promise<void>;
}

const servers = new Set<ChildProcess>();

// A test file that is stopped from outside must not leave its servers behind.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    for (const child of servers) killTree(child, 'SIGKILL');
    process.exit(1);
  });
}
process.once('exit', () => {
  for (const child of servers) killTree(child, 'SIGKILL');
});

export interface ServerOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** The name of the log below out/logs. */
  readonly log: string;
}

/** Starts a long-running program whose output goes to a log, and which ends with this process. */
export function startServer(command: string, args: readonly string[], options: ServerOptions): Server {
  const log = openSync(path.join(outDir('logs'), `${options.log}.log`), 'w');
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ['ignore', log, log],
    windowsHide: true,
  });
  closeSync(log);
  let end: string | undefined;
  servers.add(child);
  child.once('error', (error) => {
    end = error.message;
    servers.delete(child);
  });
  child.once('exit', (code, signal) => {
    end = `it ended with ${signal ?? `exit code ${code}`} (see out/logs/${options.log}.log)`;
    servers.delete(child);
  });
  return { pid: child.pid ?? 0, ended: () => end, close: () => endTree(child) };
}

async function endTree(child: ChildProcess): Promise<void> {
  const pids = processTree(child.pid);
  signalAll(pids, 'SIGTERM');
  const gone = await waitFor(() => !pids.some(isAlive), { timeout: 3000, what: 'the end of a server' }).catch(
    () => false,
  );
  if (!gone) signalAll(pids, 'SIGKILL');
  servers.delete(child);
}

function killTree(child: ChildProcess, signal: NodeJS.Signals): void {
  signalAll(processTree(child.pid), signal);
}

/** The process and all it has started, deepest first; on Windows only the process. */
export function processTree(top: number | undefined): number[] {
  if (top === undefined) return [];
  if (process.platform === 'win32') return [top];
  const children = new Map<number, number[]>();
  for (const line of execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).split('\n')) {
    const [pid, parent] = line.trim().split(/\s+/).map(Number);
    if (pid !== undefined && parent !== undefined)
      children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const found: number[] = [];
  const visit = (pid: number): void => {
    for (const below of children.get(pid) ?? []) visit(below);
    found.push(pid);
  };
  visit(top);
  return found;
}

/** The command line of a process; empty on Windows, and where it is gone. */
export function commandLine(pid: number): string {
  if (process.platform === 'win32') return '';
  const { stdout } = spawnSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim();
}

function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    if (!isAlive(pid)) continue;
    if (process.platform === 'win32') {
      execFileSync('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore' });
    } else {
      signalOne(pid, signal);
    }
  }
}

function signalOne(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    // It ended between our look and our signal.
    return false;
  }
}

export function isAlive(pid: number): boolean {
  return signalOne(pid, 0);
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}

export interface WaitOptions {
  readonly timeout?: number;
  readonly every?: number;
  /** Names what was waited for, in the failure. */
  readonly what: string;
}

/** Asks again and again until the answer is neither false nor undefined; what the question throws counts as "not yet". */
export async function waitFor<T>(
  ask: () => T | Promise<T>,
  { timeout = 10_000, every = 50, what }: WaitOptions,
): Promise<Exclude<T, false | undefined>> {
  const end = Date.now() + timeout;
  for (;;) {
    let why = '';
    try {
      const answer = await ask();
      if (answer !== false && answer !== undefined) return answer as Exclude<T, false | undefined>;
    } catch (error) {
      why = `: ${error instanceof Error ? error.message : String(error)}`;
    }
    if (Date.now() > end) throw new Error(`${what} did not come within ${timeout / 1000} s${why}`);
    await sleep(every);
  }
}
