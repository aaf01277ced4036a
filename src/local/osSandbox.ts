/**
 * The operating system's own sandbox underneath the locks of the child, where there is one and it works. Optional: the
 * locks hold without it (`sandbox/layers.ts`). Whether it works is found out once for each Node, by running that Node
 * inside and having it try to get out.
 */
import { execFile } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { bubblewrapCommand } from './bubblewrap.ts';
import { bareEnvironment } from './nodeProgram.ts';
import { seatbeltCommand } from './seatbelt.ts';

export interface OsSandbox {
  /** What goes before the command that is to run inside; nothing where there is no such sandbox. */
  readonly command: readonly string[];
  /** Whether the program started stays outside, with the child as its grandchild. */
  readonly staysOutside: boolean;
  /** Which one it is, or why there is none; for the log. */
  readonly said: string;
}

/** Prints what it got at. What a sandbox refuses may also end the process. */
const trial = `
const [file, port] = process.argv.slice(-2);
try { require('node:fs').readFileSync(file); process.stdout.write('files '); } catch {}
const socket = require('node:net').connect(Number(port), '127.0.0.1');
const end = () => { process.stdout.write('done'); process.exit(); };
socket.once('connect', () => { process.stdout.write('network '); end(); });
socket.once('error', end);`;
const trialMs = 10_000;

const known = new Map<string, Promise<OsSandbox>>();

/** The sandbox for children that this Node runs. Never rejects: where it does not work there is none, and that is said. */
export function findOsSandbox(nodePath: string): Promise<OsSandbox> {
  const found = known.get(nodePath) ?? find(nodePath);
  known.set(nodePath, found);
  return found;
}

export function noOsSandbox(why: string): OsSandbox {
  return { command: [], staysOutside: false, said: `none: ${why}` };
}

async function find(nodePath: string): Promise<OsSandbox> {
  const kind = { linux: 'bwrap', darwin: 'sandbox-exec' }[process.platform as string];
  if (kind === undefined) return noOsSandbox('this system has none that Node can use');
  const program = findProgram(kind);
  if (program === undefined) return noOsSandbox(`${kind} is not installed`);
  if (!path.isAbsolute(nodePath)) return noOsSandbox(`${nodePath} is not a whole path`);
  try {
    const isBubblewrap = kind === 'bwrap';
    const command = isBubblewrap
      ? await bubblewrapCommand(program, nodePath)
      : seatbeltCommand(program, nodePath);
    await tryOut([...command, nodePath]);
    return { command, staysOutside: isBubblewrap, said: isBubblewrap ? 'bubblewrap' : kind };
  } catch (error) {
    // One that took too long may do better on a machine that is less busy.
    const cause = error instanceof Error ? error.cause : undefined;
    if (cause instanceof Error && Reflect.get(cause, 'killed') === true) known.delete(nodePath);
    return noOsSandbox(
      `${kind} does not work here: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function findProgram(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(path.delimiter), '/usr/bin', '/usr/local/bin'];
  return folders
    .filter((folder) => path.isAbsolute(folder))
    .map((folder) => path.join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/**
 * Has a Node try to read a file of this user's and to reach a server of this process's.
 * @throws Error where it does not run, or where it succeeds
 */
async function tryOut([program = '', ...args]: readonly string[]): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'code-interpreter-trial-'));
  const server = createServer((socket) => socket.destroy());
  try {
    const file = path.join(folder, 'file');
    writeFileSync(file, 'a file of the user');
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const { stdout } = await promisify(execFile)(program, [...args, '-e', trial, '--', file, String(port)], {
      env: bareEnvironment(),
      cwd: path.parse(program).root,
      timeout: trialMs,
    }).catch((error: { readonly stderr?: string; readonly message: string }) => {
      const why = error.stderr?.trim().split('\n').at(-1) || error.message.split('\n')[0];
      throw new Error(why, { cause: error });
    });
    if (stdout !== 'done') throw new Error(`it leaves open: ${stdout}`);
  } finally {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
