import assert from 'node:assert/strict';
import type { RunEvent } from '../../src/core/events.ts';
import { reduceRun } from '../../src/core/run.ts';
import { initialRun, type RunState } from '../../src/core/runState.ts';
import { readEvents } from '../../src/gateway/runs/stream.ts';
import { Seeded } from '../support/seeded.ts';
import { ON_BYTES, ON_EVENTS } from './mutations.ts';
import { frame, makeEvents } from './streams.ts';

export interface FuzzCase {
  readonly seed: number;
  readonly bytes: Uint8Array;
  /** Names of what was done to the stream; none says that it is sound. */
  readonly mutations: readonly string[];
}

/** The case of a seed: always the same one. @param recorded streams to start from, beside those that are made up */
export function makeCase(seed: number, recorded: readonly Uint8Array[]): FuzzCase {
  const random = new Seeded(seed);
  const mutations: string[] = [];
  let bytes: Uint8Array;
  if (recorded.length > 0 && random.chance(0.2)) {
    bytes = random.pick(recorded);
  } else {
    const events = makeEvents(random);
    for (let times = random.below(4); times > 0; times--) {
      const name = random.pick(Object.keys(ON_EVENTS));
      ON_EVENTS[name]?.(events, random);
      mutations.push(name);
    }
    bytes = frame(events, random);
  }
  for (let times = random.below(3); times > 0; times--) {
    const name = random.pick(Object.keys(ON_BYTES));
    bytes = ON_BYTES[name]?.(bytes, random) ?? bytes;
    mutations.push(name);
  }
  return { seed, bytes, mutations };
}

/** ms that a case of at most some hundred KB may take; one that hangs takes for ever. */
const LONGEST = 5_000;
/** All events come at the same time: how many deltas are one event depends on how the bytes are cut. */
const AT = 1;
/** A state repeats what was sent: once streamed, once told in full, and no more. */
const GROWTH = 4;

/**
 * Runs a case and checks what must hold for every stream, however broken.
 *
 * @throws AssertionError, or whatever the program under test threw
 */
export async function checkCase({ seed, bytes }: FuzzCase): Promise<RunState> {
  const random = new Seeded(seed ^ 0x5eed);
  const start = performance.now();
  const [whole, events] = await run(bytes, () => bytes.length || 1, true);
  const [split] = await run(bytes, () => 1 + random.below(random.chance(0.5) ? 7 : 400), false);
  assert.deepEqual(split, whole, 'the state depends on how the bytes were cut');
  assert.ok(performance.now() - start < LONGEST, 'it took too long');
  const size = JSON.stringify(whole).length;
  assert.ok(size <= GROWTH * bytes.length + 10_000, `${bytes.length} bytes came to a state of ${size}`);
  assert.equal(Reflect.get({}, 'polluted'), undefined, 'a prototype was changed');
  const completed = events.some((event) => event.type === 'response.completed');
  assert.ok(whole.status !== 'completed' || completed, 'complete, and nobody said so');
  assert.ok(!['queued', 'in_progress'].includes(whole.status), 'it has no end');
  return whole;
}

async function run(
  bytes: Uint8Array,
  chunk: () => number,
  frozen: boolean,
): Promise<[RunState, readonly RunEvent[]]> {
  let state: RunState = initialRun;
  const events: RunEvent[] = [];
  const apply = (event: RunEvent) => {
    events.push(event);
    state = reduceRun(state, event, AT);
    // A reducer that changes what it was given is found here: modules are strict, so writing to it throws.
    if (frozen) freeze(state);
  };
  for await (const batch of readEvents(chunks(bytes, chunk))) batch.forEach(apply);
  apply({ type: 'run.cut', error: { kind: 'stream_cut' } });
  return [state, events];
}

function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const inner of Object.values(value)) freeze(inner);
}

async function* chunks(bytes: Uint8Array, chunk: () => number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; ) {
    const size = chunk();
    yield bytes.subarray(at, at + size);
    at += size;
  }
}
