/** Ways in which a stream goes wrong: what servers were seen to do, and what none should. */
import { isRecord } from '../support/json.ts';
import type { Seeded } from '../support/seeded.ts';
import type { Json } from './streams.ts';

type MutateEvents = (events: Json[], random: Seeded) => void;
type MutateBytes = (bytes: Uint8Array, random: Seeded) => Uint8Array;

/** One of the events that is still an object. */
function pickObject(events: readonly Json[], random: Seeded): Json | undefined {
  const event: unknown = events[place(events, random)];
  return isRecord(event) ? event : undefined;
}

const place = (list: readonly unknown[], random: Seeded) => random.below(Math.max(1, list.length));

/** Values that no field is meant to have. */
const STRANGE: readonly ((random: Seeded) => unknown)[] = [
  () => null,
  () => true,
  () => -1,
  () => 1.5,
  () => 1e308,
  () => Number.MAX_SAFE_INTEGER,
  () => 2 ** 32,
  () => '',
  () => '\u0000\ud800',
  () => 'response.completed',
  () => ({}),
  () => [],
  () => [[[[[[]]]]]],
  () =>
    JSON.parse(
      '{"__proto__":{"type":"error","polluted":true},"constructor":{"prototype":{"polluted":true}}}',
    ),
  () => ({ toString: 1, valueOf: 2, then1: 3, length: 1e9 }),
  (random) => 'long '.repeat(random.below(20_000)),
  (random) => Array.from({ length: random.below(3000) }, (_, index) => index),
  (random) => nested(random.below(3000)),
];

/** `[[[…]]]`, that many levels deep. */
function nested(levels: number): unknown {
  let value: unknown = 'core';
  for (let level = 0; level < levels; level++) value = [value];
  return value;
}

export const ON_EVENTS: Readonly<Record<string, MutateEvents>> = {
  'drop an event': (events, random) => void events.splice(place(events, random), 1),
  'repeat an event': (events, random) => {
    const at = place(events, random);
    const event = events[at];
    if (event) for (let times = 1 + random.below(4); times > 0; times--) events.splice(at, 0, event);
  },
  'swap two events': (events, random) => {
    const [a, b] = [place(events, random), place(events, random)];
    const [first, second] = [events[a], events[b]];
    if (!first || !second) return;
    events[a] = second;
    events[b] = first;
  },
  'reverse a stretch': (events, random) => {
    const at = place(events, random);
    events.splice(at, 0, ...events.splice(at, random.below(12)).reverse());
  },
  'a second stream behind the first': (events) => void events.push(...events),
  'a strange value': (events, random) => {
    const at = place(events, random);
    const event = events[at];
    if (event) events[at] = withStrange(event, random) as Json;
  },
  'another type': (events, random) => {
    const [a, b] = [pickObject(events, random), pickObject(events, random)];
    if (a && b) a['type'] = b['type'];
  },
  'no type': (events, random) => {
    const event = pickObject(events, random);
    if (event) delete event['type'];
  },
  'indices far apart': (events, random) => {
    for (const event of events.filter(isRecord)) {
      if (random.chance(0.3)) event['output_index'] = random.pick([0, 999_999, 2 ** 31, -1, 0.5, '0', null]);
      if (random.chance(0.1)) event['content_index'] = random.pick([7, 999_999, -1, null]);
    }
  },
  'ids that change': (events, random) => {
    for (const event of events.filter(isRecord))
      if (random.chance(0.5)) event['item_id'] = `other_${random.below(5)}`;
  },
  'a long list': (events, random) => {
    const event = pickObject(events, random);
    const item = random.pick<unknown>([
      { type: 'message', content: [] },
      { type: 'code_interpreter_call' },
      { type: 'container_file_citation', file_id: 'f' },
      { type: 'logs', logs: 'x' },
      null,
    ]);
    const list = Array.from({ length: random.below(20_000) }, () => item);
    if (event === undefined) return;
    event['response'] = { id: 'r', status: 'completed', output: list };
    event['item'] = {
      type: 'message',
      id: 'm',
      content: [{ type: 'output_text', text: 'x', annotations: list }],
    };
  },
};

/** The value with one thing somewhere inside it replaced. */
function withStrange(value: unknown, random: Seeded): unknown {
  if (typeof value !== 'object' || value === null || random.chance(0.15)) return random.pick(STRANGE)(random);
  const keys = Object.keys(value);
  const key = keys[place(keys, random)];
  if (key === undefined) return random.pick(STRANGE)(random);
  const copy = Array.isArray(value) ? [...value] : { ...value };
  Reflect.set(copy, key, withStrange(Reflect.get(value, key), random));
  return copy;
}

export const ON_BYTES: Readonly<Record<string, MutateBytes>> = {
  'flipped bits': (bytes, random) => {
    const copy = bytes.slice();
    for (let times = 1 + random.below(20); times > 0; times--) {
      const at = place(copy as unknown as unknown[], random);
      copy[at] = (copy[at] ?? 0) ^ (1 << random.below(8));
    }
    return copy;
  },
  'a cut': (bytes, random) => bytes.slice(0, random.below(bytes.length + 1)),
  'a hole': (bytes, random) => {
    const at = random.below(bytes.length + 1);
    return join(bytes.subarray(0, at), bytes.subarray(at + random.below(200)));
  },
  'noise inside': (bytes, random) => {
    const at = random.below(bytes.length + 1);
    const noise = Uint8Array.from({ length: random.below(500) }, () => random.below(256));
    return join(bytes.subarray(0, at), noise, bytes.subarray(at));
  },
  'a line without end': (bytes, random) =>
    join(bytes, new TextEncoder().encode(`data: {"type":"${'x'.repeat(random.below(100_000))}`)),
  'only noise': (_, random) => Uint8Array.from({ length: random.below(3000) }, () => random.below(256)),
};

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}
