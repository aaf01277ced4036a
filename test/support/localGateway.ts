import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { field, parseJson, stringField } from '../../src/core/json.ts';
import { nodePath, outDir, root } from './tools.ts';

export interface LocalGatewayProgram {
  readonly url: string;
  readonly key: string;
  readonly pid: number;
  readonly close: () => Promise<void>;
}

/** Starts the built local gateway as a program of its own, as `npm run gateway` does. */
export async function startLocalGateway(args: readonly string[] = []): Promise<LocalGatewayProgram> {
  const program = path.join(root, 'dist', 'localGateway.js');
  const child = spawn(nodePath(), [program, '--parent-pipe', ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  child.stderr.pipe(createWriteStream(path.join(outDir('logs'), `local-gateway-${child.pid}.log`)));
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the local gateway ended with ${code}`)));
  });
  const value = parseJson(line);
  const url = stringField(value, 'url');
  const key = stringField(value, 'key');
  if (!url || !key || field(value, 'error')) throw new Error(`not the line that was promised: ${line}`);
  const close = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.stdin.end();
    await ended;
  };
  return { url, key, pid: child.pid ?? 0, close };
}
