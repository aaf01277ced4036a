import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** A failure the person at the keyboard can act on: one plain sentence, no stack. */
export class Fault extends Error {}

let active;
/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

/** @param {string} text */
export function say(text) {
  process.stderr.write(`${text}\n`);
}

/**
 * Does one piece of set-up: says what it does, how far it is, and how long it took.
 * @template T
 * @param {string} title
 * @param {(progress: (text: string) => void) => Promise<T> | T} work
 * @returns {Promise<T>}
 */
export async function step(title, work) {
  const started = Date.now();
  const terminal = process.stderr.isTTY && active === undefined;
  let detail = '';
  let spoke = false;
  const beat = () => {
    const line = `${title} (${seconds(started)})${detail === '' ? '' : `: ${detail}`}`;
    if (terminal) process.stderr.write(`\r\x1b[2K  ${line.slice(0, (process.stderr.columns ?? 80) - 4)}`);
    else say(`  ${spoke ? 'still at it: ' : ''}${line}`);
    spoke = true;
  };
  const first = setTimeout(beat, terminal ? 100 : 1000);
  const timer = setInterval(beat, terminal ? 250 : 15_000);
  const outer = active;
  active = title;
  try {
    const result = await work((text) => {
      detail = text.trim().slice(0, 90);
    });
    if (terminal) process.stderr.write('\r\x1b[2K');
    say(`✓ ${title} (${seconds(started)})`);
    return result;
  } catch (error) {
    if (terminal) process.stderr.write('\r\x1b[2K');
    throw error;
  } finally {
    clearTimeout(first);
    clearInterval(timer);
    active = outer;
  }
}

/** @param {number} started */
export function seconds(started) {
  return `${((Date.now() - started) / 1000).toFixed(1)} s`;
}

/**
 * @typedef {{ cwd?: string, env?: NodeJS.ProcessEnv, log?: string, progress?: (text: string) => void,
 *   failure?: string, shell?: boolean, timeout?: number }} RunOptions
 */

/**
 * Runs a program to its end; a failure is one sentence, with the whole output kept in out/logs.
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<string>} what it wrote to stdout
 */
export async function run(command, args, options = {}) {
  const name = options.log ?? path.basename(command);
  const child = spawn(command, args, {
    cwd: options.cwd ?? root,
    env: options.env ?? process.env,
    shell: options.shell ?? false,
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
    ...(options.timeout === undefined ? {} : { timeout: options.timeout }),
  });
  running.add(child);
  let stdout = '';
  let all = '';
  const listen = (/** @type {string} */ text) => {
    all += text;
    const line = lastLine(text);
    if (line !== '') options.progress?.(line);
  };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
    listen(text);
  });
  child.stderr.setEncoding('utf8').on('data', listen);
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  }).catch((error) => {
    throw new Fault(`${options.failure ?? `Could not run ${name}`}: ${error.message}.`);
  });
  running.delete(child);
  if (code === 0) return stdout;
  const file = writeLog(name, all);
  const why = lastLine(all.replace(/^npm (notice|error A complete log).*$/gm, '')) || `exit code ${code}`;
  throw new Fault(`${options.failure ?? `${name} failed`}: ${why} (all of it: ${file}).`);
}

/** Ends what `run` started and is still running. */
export function stopRunning() {
  for (const child of running) child.kill();
}

/** @param {string} text */
function lastLine(text) {
  return (
    text
      .split(/[\r\n]+/)
      .map((line) => line.trim())
      .filter((line) => line !== '' && line !== 'npm error')
      .at(-1) ?? ''
  );
}

/** @param {string} name @param {string} text */
export function writeLog(name, text) {
  const file = path.join(root, 'out', 'logs', `${name}.log`);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  return path.relative(root, file);
}

/**
 * Runs npm the way this process was started, so no shell and no npm.cmd are needed under `npm run`.
 * @param {string[]} args
 * @param {RunOptions} [options]
 */
export function npm(args, options = {}) {
  const script = process.env.npm_execpath;
  if (script?.endsWith('.js')) {
    return run(process.execPath, [script, ...args], { log: `npm-${args[0]}`, ...options });
  }
  return run('npm', args, { log: `npm-${args[0]}`, ...options, shell: process.platform === 'win32' });
}

/**
 * The frame of every script: plain sentences for faults, children ended on Ctrl+C.
 * @param {() => Promise<number | undefined>} work
 */
export async function main(work) {
  for (const [signal, code] of /** @type {const} */ ([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ])) {
    process.on(signal, () => {
      stopRunning();
      process.exit(code);
    });
  }
  try {
    process.exitCode = (await work()) ?? 0;
  } catch (error) {
    stopRunning();
    say(error instanceof Fault ? `✗ ${error.message}` : `✗ ${error.stack}`);
    process.exitCode = 1;
  }
}
