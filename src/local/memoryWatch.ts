/**
 * Looks from outside at how much memory a child holds: its own look comes only while CPython polls, and one call in C
 * may take much without. On Linux and macOS; on Windows there is no cheap way, and only the child looks.
 */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const every: Partial<Record<NodeJS.Platform, number>> = {
  // Reading a file of the kernel's takes 0.4 ms, starting `ps` 7 ms (measured).
  linux: 250,
  darwin: 1000,
};

/**
 * Watches until the function given back is called.
 * @param pid of the process that holds the memory
 * @param limit bytes
 * @param exceeded called once, with the bytes that were held
 */
export function watchMemory(pid: number, limit: number, exceeded: (held: number) => void): () => void {
  const period = every[process.platform];
  let watching = period !== undefined;
  const look = async (): Promise<void> => {
    const held = await heldBytes(pid);
    if (!watching) return;
    if (held !== undefined && held > limit) {
      watching = false;
      exceeded(held);
      return;
    }
    timer = setTimeout(look, period);
  };
  let timer = watching ? setTimeout(look, period) : undefined;
  return () => {
    watching = false;
    clearTimeout(timer);
  };
}

/** Bytes of memory that a process holds; undefined where it is gone or that cannot be told. */
export async function heldBytes(pid: number): Promise<number | undefined> {
  const kilobytes = await (process.platform === 'linux' ? heldOnLinux(pid) : heldByPs(pid));
  return kilobytes === undefined ? undefined : kilobytes * 1024;
}

async function heldOnLinux(pid: number): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const found = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  return found === undefined ? undefined : Number(found);
}

async function heldByPs(pid: number): Promise<number | undefined> {
  const said = await promisify(execFile)('/bin/ps', ['-o', 'rss=', '-p', String(pid)], {
    timeout: 5000,
  }).catch(() => ({ stdout: '' }));
  const found = Number(said.stdout.trim());
  return found > 0 ? found : undefined;
}
