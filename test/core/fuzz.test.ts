import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseEvent } from '../../src/core/parse.ts';
import { reduceRun } from '../../src/core/run.ts';
import { initialRun } from '../../src/core/runState.ts';
import { checkCase, makeCase } from '../fuzz/case.ts';
import { recordedStreams } from '../support/recordings.ts';

/** Cases of each test; `npm run fuzz` runs more, from other seeds. */
const CASES = 1500;

describe('streams that are broken in every way', () => {
  it('never throw, hang, grow without bound or pass for complete, and do not depend on their cutting', async () => {
    const endings = new Set<string>();
    const recorded = recordedStreams();
    for (let seed = 1; seed <= CASES; seed++) {
      const made = makeCase(seed, recorded);
      const state = await checkCase(made).catch((error: unknown) => {
        throw new Error(`seed ${seed} (${made.mutations.join(', ')})`, { cause: error });
      });
      endings.add(state.status);
    }
    // The generator has to reach every end for the test to say anything.
    assert.deepEqual([...endings].toSorted(), ['completed', 'cut', 'failed', 'incomplete']);
  });

  const long = { length: 1_000_000 };
  const lists: Readonly<Record<string, () => unknown>> = {
    items: () => ({
      type: 'response.completed',
      response: { output: Array.from(long, () => ({ type: 'message', content: [] })) },
    }),
    'items with ids': () => ({
      type: 'response.completed',
      response: {
        output: Array.from(long, (_, place) => ({ type: 'code_interpreter_call', id: `ci_${place}` })),
      },
    }),
    outputs: () => ({
      type: 'response.output_item.done',
      output_index: 0,
      item: { type: 'code_interpreter_call', outputs: Array.from(long, () => ({ type: 'logs', logs: '' })) },
    }),
    parts: () => ({
      type: 'response.output_item.done',
      output_index: 0,
      item: { type: 'message', content: Array.from(long, () => ({ type: 'output_text', text: 'x' })) },
    }),
    citations: () => ({
      type: 'response.content_part.done',
      output_index: 0,
      part: {
        text: '',
        annotations: Array.from(long, () => ({ type: 'container_file_citation', file_id: 'f' })),
      },
    }),
  };
  for (const [name, make] of Object.entries(lists)) {
    it(`a list of 1,000,000 ${name} is taken in without trouble`, () => {
      const event = parseEvent(make());
      assert.ok(event);
      const start = performance.now();
      let state = initialRun;
      for (let times = 1; times <= 3; times++) state = reduceRun(state, event, times);
      assert.ok(performance.now() - start < 5_000);
      assert.ok(JSON.stringify(state).length < 16_000_000);
    });
  }
});
