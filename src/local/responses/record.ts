import { field, isObject, type JsonObject } from '../../core/json.ts';
import type { AgentEnd, Turn } from '../agent.ts';
import type { WireErrorBody } from '../http/apiError.ts';
import { newId, seconds } from '../ids.ts';
import { EventLog } from './eventLog.ts';
import type { RunRequest } from './request.ts';
import type { Item, ResponseStatus } from './wire.ts';

/** Turns; a chain may go on for ever. */
const LONGEST_HISTORY = 100;

/** One response, from its request to its end. */
export class ResponseRecord {
  readonly id = newId('resp_');
  readonly request: RunRequest;
  /** What was said and run before in the chain, oldest first. */
  readonly history: readonly Turn[];
  /** Dropped at the end of a response that nobody can resume. */
  log: EventLog | undefined = new EventLog();
  /** Aborted to stop the run. */
  readonly stop = new AbortController();
  readonly ended: Promise<void>;
  /** The container that code ran in; later responses of the chain go on in it. */
  containerId: string | undefined;
  /** The output items, always with their outputs. Replaced, never changed. */
  items: readonly Item[] = [];
  status: ResponseStatus;
  error: WireErrorBody | undefined;
  usage: AgentEnd | undefined;
  readonly #createdAt: number;
  #completedAt: number | undefined;
  readonly #end = Promise.withResolvers<void>();

  constructor(request: RunRequest, previous: ResponseRecord | undefined, now: number) {
    this.request = request;
    this.history = [...(previous?.transcript() ?? []), ...request.input.history];
    this.containerId = previous?.containerId;
    this.status = request.background ? 'queued' : 'in_progress';
    this.#createdAt = now;
    this.ended = this.#end.promise;
  }

  get hasEnded(): boolean {
    return this.status !== 'queued' && this.status !== 'in_progress';
  }

  /** About how many characters it holds. */
  get size(): number {
    const held = this.items.flatMap((item) =>
      item.type === 'message'
        ? item.content.map((part) => part.text)
        : [
            item.code,
            ...(item.outputs ?? []).map((output) => (output.type === 'image' ? output.url : output.logs)),
          ],
    );
    return held.reduce((sum, text) => sum + text.length, this.request.input.prompt.length);
  }

  finish(status: ResponseStatus, now: number): void {
    this.status = status;
    if (status === 'completed') this.#completedAt = now;
  }

  /** To be called after the last event. */
  close(): void {
    this.log?.end();
    if (!this.request.background) this.log = undefined;
    this.#end.resolve();
  }

  /** The items with or without what code printed and drew, as `include` says. */
  shownItems(withOutputs: boolean): readonly Item[] {
    if (withOutputs) return this.items;
    return this.items.map((item) => (item.type === 'message' ? item : { ...item, outputs: null }));
  }

  /** What was said and run in the chain, this response included. */
  transcript(): readonly Turn[] {
    const said = this.items.map(
      (item): Turn =>
        item.type === 'message'
          ? { role: 'assistant', text: item.content.map((part) => part.text).join('') }
          : { role: 'code', text: item.code },
    );
    const turns: Turn[] = [...this.history, { role: 'user', text: this.request.input.prompt }, ...said];
    return turns.slice(-LONGEST_HISTORY);
  }

  /** The response object. Fields that say nothing here have the hosted service's defaults, as recorded. */
  toWire(withOutputs: boolean): JsonObject {
    const { body, background, store, model, instructions } = this.request;
    return {
      id: this.id,
      object: 'response',
      created_at: seconds(this.#createdAt),
      status: this.status,
      background,
      completed_at: this.#completedAt === undefined ? null : seconds(this.#completedAt),
      error: this.error ? { code: this.error.code ?? 'server_error', message: this.error.message } : null,
      frequency_penalty: 0,
      incomplete_details: null,
      instructions: instructions ?? null,
      max_output_tokens: repeat(body, 'max_output_tokens', null),
      max_tool_calls: repeat(body, 'max_tool_calls', null),
      model,
      moderation: null,
      output: this.shownItems(withOutputs),
      parallel_tool_calls: repeat(body, 'parallel_tool_calls', true),
      presence_penalty: 0,
      previous_response_id: this.request.previousId ?? null,
      prompt_cache_key: repeat(body, 'prompt_cache_key', null),
      prompt_cache_retention: null,
      reasoning: { effort: null, summary: null },
      safety_identifier: repeat(body, 'safety_identifier', null),
      service_tier: 'default',
      store,
      temperature: repeat(body, 'temperature', 1),
      text: { format: { type: 'text' }, verbosity: 'medium' },
      tool_choice: repeat(body, 'tool_choice', 'auto'),
      tools: repeat(body, 'tools', []),
      top_logprobs: 0,
      top_p: repeat(body, 'top_p', 1),
      truncation: 'disabled',
      usage: this.usage ? usageToWire(this.usage) : null,
      user: repeat(body, 'user', null),
      metadata: isObject(body['metadata']) ? body['metadata'] : {},
    };
  }
}

function repeat(body: JsonObject, name: string, otherwise: unknown): unknown {
  return field(body, name) ?? otherwise;
}

function usageToWire(usage: AgentEnd): JsonObject {
  return {
    input_tokens: usage.inputTokens,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: usage.outputTokens,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: usage.inputTokens + usage.outputTokens,
  };
}
