/**
 * Runs code that tries to leave the locked Python, and looks for witnesses outside of it: a file that must not come
 * to be, a secret that must not be read, listeners that must not be spoken to, a process that must not be ended.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import type { Python, PythonOutcome } from '../../src/local/python.ts';
import { root } from './tools.ts';

/** One way to try it. The code calls `reached(what)` where it got hold of something that is not its own. */
export interface Probe {
  readonly name: string;
  readonly code: string;
  /** Seconds that it may run; 10 where nothing else is said. */
  readonly seconds?: number;
}

/** What the code is aimed at. It finds each under its name in capitals. */
export interface Targets {
  /** Tells what happened to them since the last call, in words; nothing where all is well. */
  harm(): string[];
  /** Fills in the names. */
  aim(code: string): string;
  close(): Promise<void>;
}

const secret = 'the secret of the host';
const secretVariable = 'SECRET_OF_THE_HOST';

const prelude = `import os, sys, ctypes
def reached(what): print('REACHED', what)
`;

/** Puts the targets up: for the machine's own files, network, processes and environment. */
export async function openTargets(): Promise<Targets> {
  const folder = mkdtempSync(path.join(tmpdir(), 'attack-'));
  const mark = path.join(folder, 'mark');
  writeFileSync(path.join(folder, 'secret.txt'), secret);
  writeFileSync(path.join(folder, 'host_module.py'), `print('REACHED a module of the host')\n`);
  process.env[secretVariable] = secret;
  const victim = startVictim();
  const listeners = await openListeners();
  const names: Record<string, string> = {
    MARK: mark,
    FOLDER: folder,
    SECRET_FILE: path.join(folder, 'secret.txt'),
    TCP_PORT: String(listeners.tcp),
    UDP_PORT: String(listeners.udp),
    VICTIM: String(victim.pid),
    HOST_NAME: hostname(),
    ROOT: root,
  };
  return {
    harm() {
      const said = listeners.heard();
      if (existsSync(mark)) said.push('made a file on the host');
      rmSync(mark, { recursive: true, force: true });
      if (victim.exitCode !== null || victim.signalCode !== null) said.push('ended a process of the host');
      return said;
    },
    aim: (code) => code.replaceAll(/[A-Z_]{4,}/g, (word) => names[word] ?? word),
    async close() {
      delete process.env[secretVariable];
      victim.kill('SIGKILL');
      await listeners.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function startVictim(): ChildProcess {
  const victim = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  process.once('exit', () => victim.kill('SIGKILL'));
  return victim;
}

async function openListeners() {
  let connections = 0;
  let datagrams = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  const socket = createSocket('udp4', () => {
    datagrams += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    tcp: typeof address === 'object' && address ? address.port : 0,
    udp: socket.address().port,
    heard() {
      const said = [];
      if (connections > 0) said.push(`opened ${connections} connections`);
      if (datagrams > 0) said.push(`sent ${datagrams} datagrams`);
      connections = 0;
      datagrams = 0;
      return said;
    },
    async close() {
      await new Promise((resolve) => server.close(resolve));
      await new Promise<void>((resolve) => socket.close(resolve));
    },
  };
}

export interface AttackResult {
  /** What the attack reached, in words; nothing where it failed. */
  readonly successes: readonly string[];
  readonly outcome: PythonOutcome;
}

/** Runs one probe. The Python may be dead afterwards: that harms nobody else. */
export async function attack(python: Python, probe: Probe, targets: Targets): Promise<AttackResult> {
  const outcome = await python.run(prelude + targets.aim(probe.code), {
    timeoutSeconds: probe.seconds ?? 10,
  });
  const successes = [...outcome.logs.matchAll(/^REACHED .*$/gm)].map(([line]) => line);
  const told = [outcome.logs, ...outcome.written.map(({ bytes }) => new TextDecoder().decode(bytes))];
  if (told.some((text) => text.includes(secret))) successes.push('read the secret');
  return { successes: [...successes, ...targets.harm()], outcome };
}

/** Fails where a probe is no attack because its code is wrong: it would fail on an open door too. */
export function assertSound(probe: Probe, outcome: PythonOutcome): void {
  // What the browser would have is missing inside Pyodide's own Python, which reads as the code's fault.
  const wrong =
    /^(SyntaxError|IndentationError|UnboundLocalError|AssertionError|AttributeError(?=: 'NoneType')|NameError(?!.*(AbortController|XMLHttpRequest))): .*$/m;
  assert.doesNotMatch(outcome.logs, wrong, `The probe "${probe.name}" is wrong:\n${outcome.logs}`);
}

/** Whether a Python still does what it should: computes, keeps its files, has its messages unchanged. */
export async function assertWell(python: Python): Promise<void> {
  const outcome = await python.run('open("well.txt", "w").write("well")\n[6 * 7]', { timeoutSeconds: 20 });
  assert.equal(outcome.logs, '[42]\n');
  assert.equal(outcome.end, 'ok');
  assert.deepEqual(
    outcome.written.map(({ path: name, bytes }) => [name, new TextDecoder().decode(bytes)]),
    [['/mnt/data/well.txt', 'well']],
  );
}
