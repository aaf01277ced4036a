/**
 * Code that takes all it can. It may lose its own Python by that; this process and the Python beside it go on, it gets
 * no more than it is allowed, and it comes to an end. On the pinned Node only, for each takes a while; those that take
 * memory through JavaScript on all, because that depends on V8.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { heldBytes } from '../../src/local/memoryWatch.ts';
import { defaultLimits } from '../../src/local/sandbox/limits.ts';
import { type Attacked, describeAttacks } from '../support/attacked.ts';
import { assertWell, type Probe } from '../support/attacks.ts';
import { pinnedNode, testedNodes } from '../support/nodes.ts';
import { bombs, scriptBombs } from './attacks/bombs.ts';
import { lockedChildren } from './lockedChildren.ts';

const MiB = 2 ** 20;
const limits = { ...defaultLimits, memoryBytes: 768 * MiB, fileBytes: 64 * MiB, files: 200, figures: 10 };
/** What a child may hold for a moment: the kernel's bound, where there is one, is a GiB above the limit. */
const mostHeld = limits.memoryBytes + 1280 * MiB;

for (const node of testedNodes()) {
  const all = node.name === pinnedNode().name ? [...bombs, ...scriptBombs] : scriptBombs;
  describeAttacks(
    'nothing is taken from others',
    node,
    (attacked) => {
      for (const bomb of all) test(bomb.name, () => explode(bomb, attacked()));
    },
    { limits },
  );
}

async function explode(bomb: Probe, { run, python, bystander }: Attacked): Promise<void> {
  await python();
  const watch = watchMemory(process.platform === 'win32' ? [] : lockedChildren());
  const began = performance.now();
  const { successes, outcome } = await run({ seconds: 0.5, ...bomb });
  const took = performance.now() - began;
  const held = watch();

  assert.deepEqual(successes, []);
  assert.ok(took < 15_000, `it took ${Math.round(took)} ms`);
  assert.ok(held < mostHeld, `it held ${Math.round(held / MiB)} MiB`);
  assert.ok(outcome.logs.length < limits.outputBytes * 2, `${outcome.logs.length} characters of output`);
  assert.ok(outcome.images.length <= limits.figures, `${outcome.images.length} figures`);
  assert.ok(outcome.written.length <= limits.files, `${outcome.written.length} files`);
  const bytes = outcome.written.reduce((sum, file) => sum + file.bytes.length, 0);
  assert.ok(bytes <= limits.fileBytes, `${bytes} bytes in files`);
  await assertWell(bystander);
  // What one bomb left (files, memory) is none of the next one's.
  await (await python()).close();
}

/** The most that any of these processes held between the call and the call of the function given back, in bytes. */
function watchMemory(pids: readonly number[]): () => number {
  let most = 0;
  const timer = setInterval(async () => {
    for (const pid of pids) most = Math.max(most, (await heldBytes(pid)) ?? 0);
  }, 50);
  return () => {
    clearInterval(timer);
    return most;
  };
}
