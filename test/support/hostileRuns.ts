import { hostile } from './hostile.ts';

type Json = Record<string, unknown>;

const ANSWERS = 10;
const STEPS = 4;
const PIECE = 23;

/** The events of one run, and what its list of files is to say. */
export interface HostileRun {
  readonly events: readonly Json[];
  /** Names of files that its code leaves. */
  readonly files: readonly string[];
}

/**
 * All hostile texts as what a gateway streams, a few runs long: answers in pieces, so that each is half there for a
 * while; code, logs and pictures as steps; names as citations and as files; words as the names of model and container.
 * @param origin of the listener
 */
export function hostileRuns(origin: string): readonly HostileRun[] {
  const [answers, logs, codes, names, words, images] = (
    ['answers', 'logs', 'codes', 'names', 'words', 'images'] as const
  ).map((kind) => hostile(kind, origin).slice());
  const runs: HostileRun[] = [];
  const left = [answers, logs, codes, names, images] as string[][];
  while (left.some((list) => list.length > 0)) {
    const place = runs.length;
    const word = words?.[place % words.length] ?? '';
    const cited = names?.splice(0, STEPS) ?? [];
    const events = eventsOf({
      id: `resp_${place}`,
      word,
      answers: answers?.splice(0, ANSWERS) ?? [],
      steps: Array.from({ length: STEPS }, () => ({
        code: codes?.shift() ?? 'print(1)\n',
        logs: logs?.shift(),
        image: images?.shift(),
      })),
      cited,
    });
    runs.push({ events, files: cited });
  }
  return runs;
}

interface Plan {
  readonly id: string;
  readonly word: string;
  readonly answers: readonly string[];
  readonly steps: readonly {
    readonly code: string;
    readonly logs: string | undefined;
    readonly image: string | undefined;
  }[];
  readonly cited: readonly string[];
}

function eventsOf({ id, word, answers, steps, cited }: Plan): Json[] {
  const model = `m ${word}`;
  const events: Json[] = [{ type: 'response.created', response: { id, status: 'in_progress', model } }];
  const output: Json[] = [];
  const container_id = 'cntr_1';
  for (const { code, logs, image } of steps) {
    const output_index = output.length;
    const item = { type: 'code_interpreter_call', id: `ci_${output_index}`, container_id };
    events.push(
      {
        type: 'response.output_item.added',
        output_index,
        item: { ...item, status: 'in_progress', code: '' },
      },
      ...pieces(code).map((delta) => ({
        type: 'response.code_interpreter_call_code.delta',
        output_index,
        delta,
      })),
      { type: 'response.code_interpreter_call.interpreting', output_index },
    );
    const outputs = [
      ...(logs === undefined ? [] : [{ type: 'logs', logs }]),
      ...(image === undefined ? [] : [{ type: 'image', url: image }]),
    ];
    const done = { ...item, status: 'completed', code, outputs };
    output.push(done);
    events.push({ type: 'response.output_item.done', output_index, item: done });
  }
  for (const text of answers) {
    const at = { output_index: output.length, content_index: 0, item_id: `msg_${output.length}` };
    const annotations = cited.map((filename, place) => ({
      type: 'container_file_citation',
      container_id,
      file_id: `cfile_${place}`,
      filename,
      start_index: place % 2 === 0 ? 0 : text.length,
      end_index: place % 2 === 0 ? -1 : 2 ** 31,
    }));
    const links = cited.map((name) => `[x](sandbox:/mnt/data/${name}) ![x](sandbox:/mnt/data/${name})`);
    const whole = `${text}\n\n${links.join('\n\n')}`;
    events.push(
      ...pieces(whole).map((delta) => ({ type: 'response.output_text.delta', ...at, delta })),
      ...annotations.map((annotation) => ({
        type: 'response.output_text.annotation.added',
        ...at,
        annotation,
      })),
    );
    const content = [{ type: 'output_text', text: whole, annotations }];
    output.push({ type: 'message', id: at.item_id, status: 'completed', content });
  }
  events.push({
    type: 'response.completed',
    response: { id, status: 'completed', model, output, usage: { input_tokens: 1, output_tokens: 1 } },
  });
  return events;
}

function pieces(text: string): readonly string[] {
  const found: string[] = [];
  // A very long one in few pieces: what matters of it is what stands at its beginning and its end.
  const length = Math.max(PIECE, Math.ceil(text.length / 100));
  for (let at = 0; at < text.length; at += length) found.push(text.slice(at, at + length));
  return found;
}
