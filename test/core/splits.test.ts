import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { RunEvent } from '../../src/core/events.ts';
import { reduceRun } from '../../src/core/run.ts';
import { initialRun, type RunState } from '../../src/core/runState.ts';
import { readEvents } from '../../src/gateway/runs/stream.ts';
import { RECORDINGS } from '../support/recordings.ts';

const recorded = existsSync(RECORDINGS);
const skip = recorded ? false : 'the recorded answers are not beside this checkout';
const names = recorded ? readdirSync(RECORDINGS).filter((name) => name.endsWith('.sse')) : [];

/** All events come at the same time: how many deltas are one event depends on how the bytes are cut. */
const AT = 1;

/** The end state of a stream whose bytes come in pieces that end at these places. */
async function inPieces(bytes: Buffer, ends: readonly number[]): Promise<RunState> {
  async function* pieces() {
    let from = 0;
    for (const end of [...ends, bytes.length]) {
      yield bytes.subarray(from, end);
      from = end;
    }
  }
  let state = initialRun;
  const apply = (event: RunEvent) => {
    state = reduceRun(state, event, AT);
  };
  for await (const batch of readEvents(pieces())) batch.forEach(apply);
  apply({ type: 'run.cut', error: { kind: 'stream_cut' } });
  return state;
}

describe('the bytes of a recorded stream', { skip }, () => {
  for (const name of names) {
    it(`${name}: cut into any pieces they give the same state`, async () => {
      const bytes = readFileSync(path.join(RECORDINGS, name));
      const whole = await inPieces(bytes, []);
      const places = fc
        .uniqueArray(fc.nat({ max: bytes.length }), { maxLength: 60 })
        .map((ends) => ends.toSorted((a, b) => a - b));
      await fc.assert(
        fc.asyncProperty(places, async (ends) => assert.deepEqual(await inPieces(bytes, ends), whole)),
        { numRuns: 60, seed: 5 },
      );
    });
  }
});
