import { existsSync, readFileSync } from 'node:fs';
import type { RunEvent } from '../../src/core/events.ts';
import { internImages } from '../../src/core/images.ts';
import { parseEvent } from '../../src/core/parse.ts';
import type { Notice, SessionEvent } from '../../src/core/session.ts';

const RECORDINGS = new URL('../../../shared/recordings/', import.meta.url);

/** Pictures of the events made here, by key: data URLs. */
export const pictures = new Map<string, string>();

function intern(dataUrl: string): string {
  for (const [key, known] of pictures) if (known === dataUrl) return key;
  const key = `picture-${pictures.size + 1}`;
  pictures.set(key, dataUrl);
  return key;
}

/** The events of a recorded stream, or undefined where the recordings are absent. */
export function recording(name: string): RunEvent[] | undefined {
  const file = new URL(name, RECORDINGS);
  if (!existsSync(file)) return undefined;
  const events: RunEvent[] = [];
  for (const line of readFileSync(file, 'utf8').split(/\r?\n/)) {
    if (!line.startsWith('data: {')) continue;
    const event = parseEvent(JSON.parse(line.slice(6)));
    if (event) events.push(internImages(event, intern));
  }
  return events;
}

/** One event as a server would send it. */
export function wire(type: string, rest: Record<string, unknown> = {}): RunEvent {
  const event = parseEvent({ type, ...rest });
  if (event === undefined) throw new Error(`not an event: ${type}`);
  return internImages(event, intern);
}

interface StepPlan {
  readonly code: string;
  readonly logs?: string;
  readonly images?: readonly string[];
  /** Where the stream stops short: while the code is written, or while it runs. */
  readonly until?: 'writing' | 'running';
  readonly ms?: number;
}

/** Writes the events of a run as a model would make it happen, with a clock of its own. */
export class Script {
  readonly events: SessionEvent[] = [];
  readonly #runId: string;
  #index = 0;
  #at: number;

  constructor(
    runId: string,
    prompt: string,
    at: number,
    attachments: readonly string[] = [],
    background = false,
  ) {
    this.#runId = runId;
    this.#at = at;
    const files = attachments.map((name, place) => ({ id: `a${place}`, name, size: 2_345 }));
    this.events.push({ type: 'run.requested', runId, prompt, attachments: files, background, at });
    this.add(
      wire('response.created', { response: { id: 'r', model: 'gpt-5-2025-08-07', status: 'in_progress' } }),
    );
  }

  /** ms since the epoch of the last event. */
  get at(): number {
    return this.#at;
  }

  add(event: RunEvent, ms = 20): this {
    this.#at += ms;
    this.events.push({ type: 'run.event', runId: this.#runId, event, at: this.#at });
    return this;
  }

  step({ code, logs, images = [], until, ms = 1_840 }: StepPlan): this {
    const output_index = this.#index++;
    const item = {
      type: 'code_interpreter_call',
      id: `ci_${output_index}`,
      container_id: 'cntr_68e1f2a39f2a',
    };
    this.add(
      wire('response.output_item.added', {
        output_index,
        item: { ...item, status: 'in_progress', code: '' },
      }),
      900,
    );
    for (const delta of code.match(/[\s\S]{1,7}/g) ?? []) {
      this.add(wire('response.code_interpreter_call_code.delta', { output_index, delta }));
    }
    if (until === 'writing') return this;
    this.add(wire('response.code_interpreter_call_code.done', { output_index, code }));
    this.add(wire('response.code_interpreter_call.interpreting', { output_index }));
    if (until === 'running') return this;
    const outputs = [
      ...images.map((url) => ({ type: 'image', url })),
      ...(logs === undefined ? [] : [{ type: 'logs', logs }]),
    ];
    this.add(wire('response.code_interpreter_call.completed', { output_index }), ms);
    return this.add(
      wire('response.output_item.done', {
        output_index,
        item: { ...item, status: 'completed', code, outputs },
      }),
    );
  }

  text(
    text: string,
    citations: readonly { readonly filename: string; readonly fileId: string }[] = [],
  ): this {
    const output_index = this.#index++;
    const at = { output_index, item_id: `msg_${output_index}`, content_index: 0 };
    for (const delta of text.match(/[\s\S]{1,9}/g) ?? [])
      this.add(wire('response.output_text.delta', { ...at, delta }));
    for (const { filename, fileId } of citations) {
      const start_index = Math.max(0, text.indexOf(`sandbox:/mnt/data/${filename}`));
      const annotation = {
        type: 'container_file_citation',
        container_id: 'cntr_68e1f2a39f2a',
        file_id: fileId,
        filename,
        start_index,
        end_index: start_index,
      };
      this.add(wire('response.output_text.annotation.added', { ...at, annotation }));
    }
    return this;
  }

  end(
    status: 'completed' | 'incomplete' | 'failed' = 'completed',
    rest: Record<string, unknown> = { usage: { input_tokens: 1_834, output_tokens: 562, cost: 0.01234 } },
  ): this {
    return this.add(wire(`response.${status}`, { response: { id: 'r', status, ...rest } }), 700);
  }

  files(paths: readonly string[]): this {
    const files = paths.map((path, place) => ({
      id: `cfile_${place}`,
      containerId: 'cntr_68e1f2a39f2a',
      path: `/mnt/data/${path}`,
      bytes: place % 3 === 2 ? undefined : 1_830 * (place + 1) ** 3,
      createdAt: undefined,
      source: 'assistant' as const,
    }));
    this.events.push({ type: 'run.files', runId: this.#runId, files, listed: files });
    return this;
  }

  notice(notice: Notice): this {
    this.events.push({ type: 'run.notice', runId: this.#runId, notice });
    return this;
  }
}
