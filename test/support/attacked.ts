import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { ChildOptions } from '../../src/local/childProcess.ts';
import { startPython } from '../../src/local/interpreter.ts';
import type { Python } from '../../src/local/python.ts';
import {
  type AttackResult,
  assertSound,
  assertWell,
  attack,
  openTargets,
  type Probe,
  type Targets,
} from './attacks.ts';
import type { TestedNode } from './nodes.ts';
import { sandboxParts } from './sandboxParts.ts';

/** A Python under attack, and one beside it that nothing may happen to. */
export interface Attacked {
  /** Runs the probe in a Python that lives; another one is started where the last died. */
  run(probe: Probe): Promise<AttackResult>;
  /** The Python that the next probe runs in. */
  python(): Promise<Python>;
  readonly bystander: Python;
}

/**
 * Declares tests for a Node: `declare` gets what they need once they run. The Python is started as the product does it,
 * but for the sandbox of the operating system: our own lock has to hold without it.
 */
export function describeAttacks(
  what: string,
  node: TestedNode,
  declare: (attacked: () => Attacked) => void,
  options: Partial<ChildOptions> = {},
): void {
  describe(`${what}, on ${node.name}`, { skip: node.skip ?? false }, () => {
    let targets: Targets;
    let current: Python | undefined;
    let attacked: Attacked | undefined;
    const start = async () =>
      startPython({ ...(await sandboxParts()), nodePath: node.program(), osSandbox: false, ...options });

    before(async () => {
      targets = await openTargets();
      const python = async () => {
        if (!current?.alive) {
          await current?.close();
          current = await start();
        }
        return current;
      };
      const bystander = await start();
      attacked = { python, bystander, run: async (probe) => attack(await python(), probe, targets) };
    });

    after(async () => {
      await attacked?.bystander.close();
      await current?.close();
      const late = targets.harm();
      await targets.close();
      assert.deepEqual(late, [], 'what came after its attack');
    });

    declare(() => {
      assert.ok(attacked);
      return attacked;
    });
  });
}

/** Declares one test for each probe: it reaches nothing, and neither this process nor the Python beside it minds. */
export function testProbes(probes: readonly Probe[], attacked: () => Attacked): void {
  for (const probe of probes) {
    test(probe.name, async () => {
      const { run, python, bystander } = attacked();
      const { successes, outcome } = await run(probe);
      assert.deepEqual(successes, [], outcome.logs);
      assertSound(probe, outcome);
      await assertWell(bystander);
      if (outcome.end === 'ok' || outcome.end === 'error') await assertWell(await python());
    });
  }
}
