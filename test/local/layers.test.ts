/**
 * The lock has layers, and each counts. Each is taken out, by itself, twice: with the proof that every child makes at
 * its start, which must then name the layer; and without that proof, where at least one attack must succeed that fails
 * on the whole lock. So these tests, and the attacks, fail when any one layer is missing.
 *
 * On each Node that has the layer, without the operating system's own sandbox.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { layers } from '../../src/local/sandbox/layers.ts';
import { attack, openTargets, type Targets } from '../support/attacks.ts';
import { buildVariant, inside, trying, unproven, type Variant } from '../support/lockVariants.ts';
import { oldestNode, testedNodes } from '../support/nodes.ts';
import { insideProbes } from './attacks/insideProbes.ts';
import { takenOut, without } from './attacks/takenOut.ts';
import { at, testGateway } from './testGateway.ts';

let targets: Targets;
before(async () => {
  targets = await openTargets();
});
after(() => targets.close());

test('every layer is among those taken out', () => {
  const named = new Set<string | undefined>(takenOut.map((layer) => layer.named));
  assert.deepEqual(
    Object.keys(layers).filter((layer) => !named.has(layer)),
    [],
  );
});

describe('the whole lock', () => {
  for (const node of [oldestNode(), ...testedNodes()]) {
    test(`holds against what the child itself tries, on ${node.name}`, {
      skip: node.skip ?? false,
    }, async () => {
      const variant = await buildVariant([...unproven, ...trying(insideProbes)]);
      const options = { nodePath: node.program() };
      const known = node.major >= 25 ? [] : ['opens a connection'];
      // Before Node 25 nothing but the removal of what could open one keeps connections away.
      assert.deepEqual(await inside(variant, options), known);
    });
  }

  test('is proven, and starts', async () => {
    const python = await (await buildVariant([])).startPython();
    assert.equal((await python.run('6 * 7', { timeoutSeconds: 10 })).logs, '42\n');
    await python.close();
  });

  test('is what the gateway asks for: without it the answer says what is missing', async () => {
    const variant = await buildVariant([without('freezeIntrinsics();')]);
    await using gateway = await testGateway({ startPython: () => variant.startPython() });
    const error = at(await gateway.run('print(1)'), 'error');
    assert.equal(at(error, 'code'), 'local_python_unavailable');
    assert.match(
      String(at(error, 'message')),
      /could not be locked in: it can change objects that all scripts share\. Name Node 22\.15 or later in the setting codeInterpreter\.localGateway\.nodePath\.$/,
    );
  });
});

for (const { what, edits, named, noticed, since = 0, noticedUntil = Number.POSITIVE_INFINITY } of takenOut) {
  describe(`without ${what}`, () => {
    const unlocked = once(() => buildVariant(edits));
    const unprovenToo = once(() =>
      buildVariant([...unproven, ...(typeof noticed === 'string' ? trying(insideProbes) : []), ...edits]),
    );
    for (const node of testedNodes().filter(({ major }) => major >= since)) {
      const skip = node.skip ?? false;
      if (named) {
        test(`Python is not started on ${node.name}, because ${layers[named]}`, { skip }, async () => {
          const link = await (await unlocked()).spawn({ nodePath: node.program() });
          await assert.rejects(link.ready, {
            message: `Python is not started because it could not be locked in: ${layers[named]}. Name Node 22.15 or later in the setting codeInterpreter.localGateway.nodePath.`,
          });
        });
      }

      if (node.major > noticedUntil) continue;
      const seen = typeof noticed === 'string' ? `the child ${noticed}` : `this succeeds: ${noticed.name}`;
      test(`and without the proof, on ${node.name}, ${seen}`, { skip }, async () => {
        const nodePath = node.program();
        const variant = await unprovenToo();
        if (typeof noticed === 'string') {
          const could = await inside(variant, { nodePath });
          assert.ok(could.includes(noticed), `it could only: ${could.join(', ')}`);
          return;
        }
        const python = await variant.startPython({ nodePath });
        try {
          const { successes, outcome } = await attack(python, noticed, targets);
          assert.notDeepEqual(successes, [], outcome.logs);
        } finally {
          await python.close();
        }
      });
    }
  });
}

/** Builds when first asked, and no second time. */
function once(build: () => Promise<Variant>): () => Promise<Variant> {
  let built: Promise<Variant> | undefined;
  return () => {
    built ??= build();
    return built;
  };
}
