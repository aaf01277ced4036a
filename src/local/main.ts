import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Translate } from '../core/errorText.ts';
import { english, makeTranslate, readDictionary } from '../core/translate.ts';
import { builtInAgent } from './builtIn/builtIn.ts';
import { type RunningGateway, startGateway } from './gateway.ts';
import { startPython } from './interpreter.ts';
import { findOsSandbox } from './osSandbox.ts';
import { completeLimits, defaultLimits, type Limits } from './sandbox/limits.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

/** ms over which a program is written out at most, so that it can be watched while Python starts. */
const PACE = 350;

/** ms that a clean end may take before the process ends anyhow. */
const END_WITHIN = 5_000;

interface Options {
  readonly port: number;
  readonly packDir: string;
  readonly sandboxFile: string;
  /** Of the answers in another language than English, as in `l10n/`. */
  readonly textsFile: string | undefined;
  readonly nodePath: string | undefined;
  readonly parentPipe: boolean;
  readonly runSeconds: number;
  readonly mostAwake: number;
  readonly lifeMinutes: number;
  readonly limits: Limits;
}

function readOptions(): Options {
  // The bundle and what it needs lie in one directory.
  const here = dirname(resolve(process.argv[1] ?? '.'));
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      pack: { type: 'string', default: join(here, 'python') },
      sandbox: { type: 'string', default: join(here, 'sandbox.js') },
      texts: { type: 'string' },
      node: { type: 'string' },
      'parent-pipe': { type: 'boolean', default: false },
      'run-seconds': { type: 'string', default: '120' },
      'max-pythons': { type: 'string', default: '4' },
      'container-minutes': { type: 'string', default: '20' },
      'memory-mib': { type: 'string', default: `${defaultLimits.memoryBytes / MIB}` },
      'files-mib': { type: 'string', default: `${defaultLimits.fileBytes / MIB}` },
      'output-kib': { type: 'string', default: `${defaultLimits.outputBytes / KIB}` },
    },
  });
  return {
    port: whole('port', values.port, 0, 65_535),
    packDir: resolve(values.pack),
    sandboxFile: resolve(values.sandbox),
    textsFile: values.texts,
    nodePath: values.node,
    parentPipe: values['parent-pipe'],
    runSeconds: whole('run-seconds', values['run-seconds'], 1, 24 * 3600),
    mostAwake: whole('max-pythons', values['max-pythons'], 1, 64),
    lifeMinutes: whole('container-minutes', values['container-minutes'], 1, 24 * 60),
    limits: completeLimits({
      memoryBytes: whole('memory-mib', values['memory-mib'], 512, 16_384) * MIB,
      fileBytes: whole('files-mib', values['files-mib'], 1, 1024) * MIB,
      outputBytes: whole('output-kib', values['output-kib'], 1, 16_384) * KIB,
    }),
  };
}

function whole(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Error(`--${name} must be a whole number from ${least} to ${most}.`);
}

function log(line: string): void {
  process.stderr.write(`${line}\n`);
}

async function readVersion(): Promise<string | undefined> {
  try {
    const file = await readFile(join(dirname(resolve(process.argv[1] ?? '.')), '..', 'package.json'), 'utf8');
    const parsed: unknown = JSON.parse(file);
    const version =
      typeof parsed === 'object' && parsed !== null ? Reflect.get(parsed, 'version') : undefined;
    return typeof version === 'string' ? version : undefined;
  } catch {
    // The gateway also runs where no package is beside it.
    return undefined;
  }
}

/** @returns what gives texts in the language of the file; English where it cannot be read, which the log says */
async function readTexts(file: string | undefined): Promise<Translate> {
  if (file === undefined) return english;
  try {
    return makeTranslate(readDictionary(await readFile(file, 'utf8')));
  } catch (error) {
    log(`Answers are in English: ${String(error)}`);
    return english;
  }
}

/** Ends once, whatever asks for it and however often. */
function endOn(gateway: RunningGateway, parentPipe: boolean): void {
  let ending = false;
  const end = (why: string) => {
    if (ending) return;
    ending = true;
    log(`ending: ${why}`);
    setTimeout(() => process.exit(1), END_WITHIN).unref();
    gateway.close().then(
      () => process.exit(0),
      (error: unknown) => {
        log(`ending failed: ${String(error)}`);
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => end(signal));
  // Whoever read the address is gone when nobody reads any more.
  process.stdout.on('error', () => end('stdout closed'));
  process.stderr.on('error', () => end('stderr closed'));
  if (!parentPipe) return;
  process.stdin.on('end', () => end('the parent is gone'));
  process.stdin.on('close', () => end('the parent is gone'));
  process.stdin.on('error', () => end('the parent is gone'));
  process.stdin.resume();
}

async function main(): Promise<void> {
  const options = readOptions();
  const { port, packDir, sandboxFile, nodePath, parentPipe, runSeconds, mostAwake, lifeMinutes, limits } =
    options;
  const key = process.env['CODE_INTERPRETER_LOCAL_KEY'] || randomBytes(32).toString('hex');
  // Nothing started from here needs the key.
  delete process.env['CODE_INTERPRETER_LOCAL_KEY'];
  const parts = { packDir, sandboxFile, limits, log, ...(nodePath === undefined ? {} : { nodePath }) };
  const gateway = await startGateway({
    port,
    key,
    agents: [builtInAgent(PACE, await readTexts(options.textsFile))],
    startPython: () => startPython(parts),
    log,
    runSeconds,
    mostAwake,
    lifeMinutes,
    fileLimits: limits,
  });
  // Found out once: not when the first container waits for it.
  void findOsSandbox(nodePath || process.execPath);
  endOn(gateway, parentPipe);
  const version = await readVersion();
  process.stdout.write(`${JSON.stringify({ url: gateway.url, key, ...(version ? { version } : {}) })}\n`);
}

main().catch((error: unknown) => {
  log(`The local gateway could not start: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});
