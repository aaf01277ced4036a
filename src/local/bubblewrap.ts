/**
 * bubblewrap, Linux's sandbox without privileges: namespaces of the child's own, in which there is no network, no other
 * process, and no file but those that Node consists of (bwrap(1)).
 */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

/** @throws Error where the libraries of this Node cannot be told */
export async function bubblewrapCommand(bwrap: string, nodePath: string): Promise<readonly string[]> {
  const files = [...(await librariesOf(nodePath)), nodePath];
  return [
    bwrap,
    // Users, processes, network, messages, host name and control groups of its own.
    '--unshare-all',
    '--die-with-parent',
    '--new-session',
    '--cap-drop',
    'ALL',
    // Node asks there how much memory it holds. It shows the processes of the namespace: this one.
    '--proc',
    '/proc',
    ...files.flatMap((file) => ['--ro-bind', file, file]),
    ...besideElectron(nodePath).flatMap((file) => ['--ro-bind', file, file]),
    '--remount-ro',
    '/',
    '--chdir',
    '/',
    '--',
  ];
}

/** The shared libraries that a program loads at its start, as the loader will look for them. */
async function librariesOf(program: string): Promise<readonly string[]> {
  const { stdout } = await promisify(execFile)('ldd', [program], { timeout: 10_000 }).catch(
    (error: { readonly stdout?: string; readonly stderr?: string }) => {
      // It fails for a program that needs none.
      if (/not a dynamic|statically linked/.test(`${error.stdout}${error.stderr}`)) return { stdout: '' };
      throw new Error('ldd does not tell the libraries of this Node');
    },
  );
  return [...stdout.matchAll(/(?:=>\s*|^\s*)(\/\S+)/gm)].map((match) => match[1] ?? '');
}

/** Electron reads some of what it consists of from files beside it. */
function besideElectron(nodePath: string): readonly string[] {
  const names = ['icudtl.dat', 'snapshot_blob.bin', 'v8_context_snapshot.bin'];
  return names.map((name) => path.join(path.dirname(nodePath), name)).filter((file) => existsSync(file));
}

/**
 * The process that really runs, seen from outside: bwrap stays outside, and inside a second bwrap is the first process
 * of the namespace and the parent of the one that was asked for.
 * @returns undefined where it is not there (yet)
 */
export function processInside(bwrapPid: number): number | undefined {
  const inner = childrenOf(bwrapPid).find((pid) => readProc(`${pid}/comm`) === 'bwrap\n');
  return inner === undefined ? undefined : childrenOf(inner)[0];
}

function childrenOf(pid: number): readonly number[] {
  return readProc(`${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);
}

function readProc(file: string): string {
  try {
    return readFileSync(`/proc/${file}`, 'utf8');
  } catch {
    // The process is gone.
    return '';
  }
}
