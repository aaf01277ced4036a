/** What the kernel and a look from outside hold a process to, tried with a plain Node in the place of the child. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Duplex } from 'node:stream';
import { after, test } from 'node:test';
import { boundCommand, hasKernelBounds, lifeline, lifelineEnd } from '../../src/local/kernelBounds.ts';
import { heldBytes, watchMemory } from '../../src/local/memoryWatch.ts';
import { completeLimits } from '../../src/local/sandbox/limits.ts';

const MiB = 2 ** 20;
const linuxOnly = process.platform !== 'linux' && 'only Linux counts this';
const posixOnly = !hasKernelBounds && 'there is no /bin/sh';
const limits = completeLimits({ memoryBytes: 512 * MiB, fileBytes: MiB });
const started: ChildProcess[] = [];
after(() => {
  for (const child of started) child.kill('SIGKILL');
});

function bounded(code: string): ChildProcess {
  const [program = '', ...args] = boundCommand([process.execPath, '-e', code], limits);
  const stdio = Array.from({ length: lifeline + 1 }, () => 'pipe' as const);
  const child = spawn(program, args, { stdio, env: {} });
  child.once('exit', () => guardOf(child).destroy());
  started.push(child);
  return child;
}

/** This end of the pipe on which the guard listens. */
function guardOf(child: ChildProcess): Duplex {
  const guard: unknown = (child.stdio as readonly unknown[])[lifeline];
  if (guard instanceof Duplex) return guard;
  throw new Error('There is no such pipe.');
}

async function output(child: ChildProcess): Promise<string> {
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  await once(child, 'exit');
  return text;
}

test('writable memory far beyond the limit is not to be had', { skip: linuxOnly }, async () => {
  const code = `
    const kept = [];
    try { for (;;) kept.push(new Uint8Array(64 << 20).fill(1)); } catch (error) { console.log(error.name); }
    console.log(Math.round(kept.length * 64));`;
  const said = await output(bounded(code));
  const [name, taken] = said.split('\n');
  assert.equal(name, 'RangeError');
  assert.ok(Number(taken) > 512 && Number(taken) < 1536, said);
});

test('no file can be written, and few be open', { skip: posixOnly }, async () => {
  const code = `
    const fs = require('node:fs');
    const file = require('node:path').join(require('node:os').tmpdir(), 'bounded-' + process.pid);
    try { fs.writeFileSync(file, 'x'); console.log('written'); } catch (error) { console.log(error.code); }
    fs.rmSync(file, { force: true });
    let open = 0;
    try { for (;;) { fs.openSync('/dev/null'); open += 1; } } catch (error) { console.log(error.code, open < 64); }`;
  assert.equal(await output(bounded(code)), 'EFBIG\nEMFILE true\n');
});

test('the pipe that closes ends the process, one that says so before does not', {
  skip: posixOnly,
}, async () => {
  const busy = 'console.log(1); for (;;);';
  const orphan = bounded(busy);
  await once(orphan.stdout as NodeJS.ReadableStream, 'data');
  guardOf(orphan).destroy();
  assert.deepEqual(await once(orphan, 'exit'), [null, 'SIGKILL']);

  const left = bounded('console.log(1); setTimeout(() => process.exit(7), 500)');
  await once(left.stdout as NodeJS.ReadableStream, 'data');
  guardOf(left).end(lifelineEnd);
  assert.deepEqual(await once(left, 'exit'), [7, null]);
});

test('memory is seen from outside, of a process that computes and never looks', {
  skip: process.platform === 'win32' && 'Windows has no cheap way',
}, async () => {
  const child = bounded(
    'const kept = new Uint8Array(300 << 20).fill(1); console.log(kept.length); for (;;);',
  );
  await once(child.stdout as NodeJS.ReadableStream, 'data');
  const pid = child.pid ?? 0;
  assert.ok(((await heldBytes(pid)) ?? 0) > 300 * MiB);
  const held = await new Promise<number>((resolve) => watchMemory(pid, 200 * MiB, resolve));
  assert.ok(held > 300 * MiB);
  const unwatch = watchMemory(pid, 200 * MiB, () => assert.fail('it was no longer to be watched'));
  unwatch();
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.equal(await heldBytes(pid), undefined);
});
