import type { JsonObject } from '../../core/json.ts';
import type { AgentEnd, Turn } from '../agent.ts';
import type { WireErrorBody } from '../http/apiError.ts';
import { newId, seconds } from '../ids.ts';
import { EventLog } from './eventLog.ts';
import type { InputItem } from './input.ts';
import type { RunRequest } from './request.ts';
import type { Item, ResponseStatus } from './wire.ts';

/** Turns, input items, and the characters of either: a chain may go on for ever. */
const LONGEST_HISTORY = 100;
const MOST_CHARACTERS = 4 * 1024 * 1024;

/** Where a picture of the input lies: its bytes are not kept twice. */
export interface PicturePlace {
  readonly containerId: string;
  readonly fileId: string;
}

/** One response, from its request to its end. */
export class ResponseRecord {
  readonly id = newId('resp_');
  readonly request: RunRequest;
  /** What was said and run before in the chain, oldest first. */
  readonly history: readonly Turn[];
  /** What `input` was, and all that came before it in the chain, as the API lists it; oldest first. */
  readonly inputItems: readonly (InputItem | Item)[];
  /** By the parts of {@link inputItems}. */
  readonly pictures: ReadonlyMap<JsonObject, PicturePlace>;
  /** Only where somebody reads or may read it: dropped at the end of a response that nobody can resume. */
  log: EventLog | undefined;
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
  /** ms since the epoch. */
  endedAt: number | undefined;
  readonly #createdAt: number;
  readonly #inputSize: number;
  readonly #end = Promise.withResolvers<void>();

  /** @param pictures of the request's own input */
  constructor(
    request: RunRequest,
    previous: ResponseRecord | undefined,
    pictures: ReadonlyMap<JsonObject, PicturePlace>,
    now: number,
  ) {
    this.request = request;
    this.log = request.stream ? new EventLog() : undefined;
    const before = previous === undefined ? [] : [...previous.inputItems, ...previous.shownItems(false)];
    this.inputItems = [...newest(before, (item) => JSON.stringify(item).length), ...request.input.items];
    this.pictures = new Map([...(previous?.pictures ?? []), ...pictures].slice(-LONGEST_HISTORY));
    this.#inputSize = JSON.stringify(request.input.items).length;
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
    return held.reduce((sum, text) => sum + text.length, this.#inputSize + (this.log?.size ?? 0));
  }

  finish(status: ResponseStatus, now: number): void {
    this.status = status;
    this.endedAt = now;
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
    return newest(turns, (turn) => turn.text.length);
  }

  /** The response object, its fields in the order of the recorded ones; those that say nothing here as recorded. */
  toWire(withOutputs: boolean): JsonObject {
    const { background, store, model, instructions, repeated } = this.request;
    const completedAt = this.status === 'completed' ? this.endedAt : undefined;
    return {
      id: this.id,
      object: 'response',
      created_at: seconds(this.#createdAt),
      status: this.status,
      background,
      completed_at: completedAt === undefined ? null : seconds(completedAt),
      error: this.error ? { code: this.error.code ?? 'server_error', message: this.error.message } : null,
      frequency_penalty: repeated.frequency_penalty,
      // The one reason there is here: see `work.ts`.
      incomplete_details: this.status === 'incomplete' ? { reason: 'max_output_tokens' } : null,
      instructions: instructions ?? null,
      max_output_tokens: repeated.max_output_tokens,
      max_tool_calls: repeated.max_tool_calls,
      model,
      moderation: null,
      // Of a response that was cancelled the hosted service shows nothing.
      output: this.status === 'cancelled' ? [] : this.shownItems(withOutputs),
      parallel_tool_calls: repeated.parallel_tool_calls,
      presence_penalty: repeated.presence_penalty,
      previous_response_id: this.request.previousId ?? null,
      prompt_cache_key: repeated.prompt_cache_key,
      prompt_cache_retention: repeated.prompt_cache_retention,
      reasoning: repeated.reasoning,
      safety_identifier: repeated.safety_identifier,
      service_tier: this.hasEnded ? 'default' : 'auto',
      store,
      temperature: repeated.temperature,
      text: repeated.text,
      tool_choice: repeated.tool_choice,
      tools: repeated.tools,
      top_logprobs: repeated.top_logprobs,
      top_p: repeated.top_p,
      truncation: repeated.truncation,
      usage: this.usage ? usageToWire(this.usage) : null,
      user: repeated.user,
      metadata: repeated.metadata,
    };
  }
}

/** As much of the end of a list as a chain may hold. */
function newest<T>(list: readonly T[], sizeOf: (item: T) => number): readonly T[] {
  let room = MOST_CHARACTERS;
  let start = list.length;
  for (const item of list.slice(-LONGEST_HISTORY).toReversed()) {
    room -= sizeOf(item);
    if (room < 0) break;
    start--;
  }
  return list.slice(start);
}

function usageToWire(usage: AgentEnd): JsonObject {
  return {
    input_tokens: usage.inputTokens,
    input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
    output_tokens: usage.outputTokens,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: usage.inputTokens + usage.outputTokens,
  };
}
