/** Streams as servers send them, made up from a seed: any number of items, in every framing that is known. */
import type { Seeded } from '../support/seeded.ts';

export type Json = Record<string, unknown>;

const WORDS = [
  'x = 1',
  '\n',
  'plt.plot([1])',
  'é',
  '漢字',
  '🙂',
  '\r\n',
  '',
  '`',
  '[a](sandbox:/mnt/data/a.csv)',
];

/** The events of one run, in the order of the recorded ones (wire.md, section 2). */
export function makeEvents(random: Seeded): Json[] {
  const events: Json[] = [];
  const output: Json[] = [];
  const add = (type: string, fields: Json = {}) =>
    events.push({ type, ...(random.chance(0.8) ? { sequence_number: events.length } : {}), ...fields });
  const id = `resp_${random.below(1e6)}`;
  add('response.created', { response: { id, status: 'in_progress', output: [] } });
  add('response.in_progress', { response: { id, status: 'in_progress', output: [] } });
  for (let items = random.below(6); items > 0; items--) {
    const make = random.pick([makeCall, makeCall, makeMessage, makeOther]);
    output.push(make(random, output.length, add));
  }
  const end = random.pick(['completed', 'completed', 'completed', 'incomplete', 'failed', undefined]);
  if (end === undefined) return events;
  const told = end === 'failed' ? { error: { code: 'server_error', message: 'no' } } : {};
  if (end === 'failed' && random.chance(0.5))
    add('error', { error: { type: 'server_error', message: 'no' } });
  add(`response.${end}`, { response: { id, status: end, output, usage: { total_tokens: 3 }, ...told } });
  return events;
}

type Add = (type: string, fields?: Json) => void;

function makeCall(random: Seeded, index: number, add: Add): Json {
  const id = random.chance(0.1) ? '' : `ci_${random.below(1e6)}`;
  const at = { output_index: index, item_id: id };
  const item = { id, type: 'code_interpreter_call', container_id: 'cntr_1' };
  let code = '';
  add('response.output_item.added', {
    ...at,
    item: { ...item, status: 'in_progress', code: '', outputs: [] },
  });
  add('response.code_interpreter_call.in_progress', at);
  for (let pieces = random.below(12); pieces > 0; pieces--) {
    const delta = random.pick(WORDS);
    code += delta;
    add('response.code_interpreter_call_code.delta', { ...at, delta });
  }
  add('response.code_interpreter_call_code.done', { ...at, code });
  add('response.code_interpreter_call.interpreting', at);
  add('response.code_interpreter_call.completed', at);
  const outputs = random.chance(0.3)
    ? null
    : [
        { type: 'logs', logs: random.pick(WORDS).repeat(random.below(50)) },
        { type: 'image', url: `data:image/png;base64,${'A'.repeat(random.below(400))}` },
      ].slice(random.below(3));
  const done = { ...item, status: 'completed', code, outputs };
  add('response.output_item.done', { ...at, item: done });
  return done;
}

function makeMessage(random: Seeded, index: number, add: Add): Json {
  const id = `msg_${random.below(1e6)}`;
  const at = { output_index: index, item_id: id, content_index: 0 };
  let text = '';
  add('response.output_item.added', {
    ...at,
    item: { id, type: 'message', status: 'in_progress', content: [] },
  });
  add('response.content_part.added', { ...at, part: { type: 'output_text', text: '', annotations: [] } });
  for (let pieces = random.below(20); pieces > 0; pieces--) {
    const delta = random.pick(WORDS);
    text += delta;
    add('response.output_text.delta', { ...at, delta });
  }
  const annotations = Array.from({ length: random.below(3) }, (_, place) => ({
    type: 'container_file_citation',
    container_id: 'cntr_1',
    file_id: `cfile_${place}`,
    filename: `${place}.csv`,
    start_index: random.below(text.length + 1),
    end_index: text.length,
  }));
  for (const annotation of annotations) add('response.output_text.annotation.added', { ...at, annotation });
  add('response.output_text.done', { ...at, text });
  const part = { type: 'output_text', text, annotations };
  add('response.content_part.done', { ...at, part });
  const item = { id, type: 'message', status: 'completed', role: 'assistant', content: [part] };
  add('response.output_item.done', { ...at, item });
  return item;
}

function makeOther(random: Seeded, index: number, add: Add): Json {
  const item = { id: `rs_${index}`, type: random.pick(['reasoning', 'mcp_call', 'web_search_call']) };
  add('response.output_item.added', { output_index: index, item });
  add(`response.${item.type}.in_progress`, { output_index: index });
  add('response.output_item.done', { output_index: index, item });
  return item;
}

/** The events as the bytes of a stream: with or without `event:` lines, comments, `[DONE]`, a BOM, any line ends. */
export function frame(events: readonly Json[], random: Seeded): Uint8Array {
  const end = random.pick(['\n', '\r\n', '\r']);
  const named = random.chance(0.5);
  const space = random.chance(0.9) ? ' ' : '';
  let text = random.chance(0.1) ? '\u{feff}' : '';
  for (const event of events) {
    if (random.chance(0.05)) text += `: keep alive${end}${end}`;
    if (named) text += `event:${space}${JSON.stringify(event?.['type'])}${end}`;
    if (random.chance(0.05)) text += `id: 7${end}retry: 10${end}`;
    text += `data:${space}${JSON.stringify(event)}${end}${end}`;
  }
  if (random.chance(0.5)) text += `data: [DONE]${end}${end}`;
  return new TextEncoder().encode(text);
}
