/** Nothing of a run goes on after its end, whatever it left behind, and the next run is none the worse. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { describeAttacks } from '../support/attacked.ts';
import { assertSound, assertWell } from '../support/attacks.ts';
import { testedNodes } from '../support/nodes.ts';
import { waitFor } from '../support/processes.ts';
import { endlessChain, lastWords, lateProbes, whenLate } from './attacks/lateProbes.ts';

/** ms between two runs: what was left behind had time. */
const between = 300;

for (const node of testedNodes()) {
  describeAttacks('nothing goes on after its run', node, (attacked) => {
    for (const probe of lateProbes) {
      test(probe.name, async () => {
        const { run, python, bystander } = attacked();
        const { successes, outcome } = await run(probe);
        assert.deepEqual(successes, []);
        assertSound(probe, outcome);
        assert.equal(outcome.end, 'ok', outcome.logs);
        const ended = Date.now();
        await wait(between);
        const next = await (await python()).run(whenLate, { timeoutSeconds: 10 });
        assert.equal(next.end, 'ok', next.logs);
        const last = Number(next.logs) * 1000;
        assert.ok(last <= ended, `${next.logs.trim()} is after ${ended / 1000}`);
        await assertWell(await python());
        await assertWell(bystander);
        // Its hooks are none of the next one's.
        await (await python()).close();
      });
    }

    test(lastWords.name, async () => {
      const { run, python } = attacked();
      const { outcome } = await run(lastWords);
      assert.deepEqual([outcome.end, outcome.logs], ['ok', '']);
      // Bytes outside V8's heap have it collect, here between two runs.
      for (let file = 0; file < 40; file++) {
        await (await python()).putFile({ path: '/mnt/data/large', bytes: new Uint8Array(4 << 20) });
      }
      await wait(between);
      const begun = Date.now();
      const next = await (await python()).run('min(times), len(times)', { timeoutSeconds: 10 });
      const [first, count] = JSON.parse(next.logs.replace(/^\(([^)]*)\)\n$/, '[$1]')) as [number, number];
      assert.equal(count, 5);
      assert.ok(first * 1000 >= begun - 1, `${first} is before ${begun / 1000}`);
    });

    test(endlessChain.name, async () => {
      const { run, python, bystander } = attacked();
      const attackedPython = await python();
      const { outcome } = await run(endlessChain);
      assert.equal(outcome.end, 'ok', outcome.logs);
      await waitFor(() => !attackedPython.alive, { what: 'the end of a child that goes on by itself' });
      await assertWell(bystander);
      await assertWell(await python());
    });
  });
}
