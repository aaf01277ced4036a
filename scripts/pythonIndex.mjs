import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';

const runFile = promisify(execFile);

/** The package index that pip is set up for, else the one it has built in; undefined where there is no pip. */
export async function pipIndex() {
  if (process.env.PIP_INDEX_URL) return process.env.PIP_INDEX_URL;
  for (const key of ['global.index-url', 'install.index-url']) {
    const value = await pip(['config', 'get', key]).catch(() => '');
    if (value.trim()) return value.trim();
  }
  const builtIn = 'from pip._internal.models.index import PyPI; print(PyPI.simple_url)';
  for (const command of ['python3', 'python', 'py']) {
    const printed = await runFile(command, ['-c', builtIn]).catch(() => undefined);
    if (printed?.stdout.trim()) return printed.stdout.trim();
  }
  return undefined;
}

/** Where Pyodide's own distribution is published, as its npm package says. */
export async function distribution() {
  const folder = path.dirname(createRequire(import.meta.url).resolve('pyodide/package.json'));
  const { version } = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
  const source = await readFile(path.join(folder, 'pyodide.mjs'), 'utf8');
  const address = /`(https:[^`]*\/v)\$\{\w+\}(\/full\/)`/.exec(source);
  if (address === null) throw new Error('the npm package of Pyodide names no distribution');
  return `${address[1]}${version}${address[2]}`;
}

/** What a pip command prints. @param {string[]} args */
export async function pip(args) {
  /** @type {[string, string[]][]} */
  const ways = [
    ['python3', ['-m', 'pip']],
    ['python', ['-m', 'pip']],
    ['py', ['-m', 'pip']],
    ['pip3', []],
  ];
  for (const [command, before] of ways) {
    try {
      return (await runFile(command, [...before, ...args], { maxBuffer: 1 << 24 })).stdout;
    } catch (error) {
      const { code, stderr } = /** @type {{ code?: unknown, stderr?: string }} */ (error);
      if (code !== 'ENOENT' && !/No module named pip/.test(stderr ?? '')) throw error;
    }
  }
  throw new Error('pip is not there');
}
