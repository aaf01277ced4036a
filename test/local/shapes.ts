import { at, type Json, list } from './testGateway.ts';

/** Fields whose values are words of the API, and not only of some type. */
const WORDS = new Set(['type', 'object', 'status', 'role', 'anchor', 'source', 'deleted', 'reason']);

/**
 * Where two answers differ in keys, types, lengths of lists, or words of the API; each as one line that begins with
 * the path of the field. Lists are compared element by element.
 */
export function differences(ours: unknown, theirs: unknown, where: string): readonly string[] {
  const [mine, recorded] = [kindOf(ours), kindOf(theirs)];
  if (mine !== recorded) return [`${where}: ${mine}, recorded ${recorded}`];
  if (Array.isArray(ours) && Array.isArray(theirs)) {
    const length =
      ours.length === theirs.length ? [] : [`${where}: ${ours.length} of them, recorded ${theirs.length}`];
    const both = Math.min(ours.length, theirs.length);
    const inner = Array.from({ length: both }, (_, i) => differences(ours[i], theirs[i], `${where}[]`));
    return [...length, ...inner.flat()];
  }
  if (mine !== 'object') return [];
  const [a, b] = [ours as Json, theirs as Json];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) => {
    const field = `${where}.${key}`;
    if (!(key in a)) return [`${field}: missing here`];
    if (!(key in b)) return [`${field}: not recorded`];
    if (WORDS.has(key) && typeof a[key] === 'string' && typeof b[key] === 'string' && a[key] !== b[key]) {
      return [`${field}: ${a[key]}, recorded ${b[key]}`];
    }
    return differences(a[key], b[key], field);
  });
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** Consecutive events of one type, which says how often it may come: texts come in as many deltas as it takes. */
export interface Step {
  readonly type: string;
  readonly events: readonly Json[];
}

/** The steps of a stream, without those of reasoning, which the built-in model has none of. */
export function stepsOf(events: readonly Json[]): readonly Step[] {
  const steps: { type: string; events: Json[] }[] = [];
  for (const event of events) {
    if (at(event, 'item', 'type') === 'reasoning') continue;
    const type = String(event['type']);
    const last = steps.at(-1);
    if (last?.type === type) last.events.push(withoutReasoning(event));
    else steps.push({ type, events: [withoutReasoning(event)] });
  }
  return steps;
}

/** An event or a response without the reasoning items of its output. */
export function withoutReasoning(value: Json): Json {
  if (value['response'] !== undefined) {
    return { ...value, response: withoutReasoning(value['response'] as Json) };
  }
  if (!Array.isArray(value['output'])) return value;
  return { ...value, output: list(value, 'output').filter((item) => item['type'] !== 'reasoning') };
}
