import { GatewayError } from '../../core/errors.ts';
import type { RunEvent } from '../../core/events.ts';
import type { GatewayHttp } from '../http.ts';
import type { TransportResponse } from '../network/transport.ts';
import { eventsOf, isTerminal, opened } from './answer.ts';
import { untilOver } from './resume.ts';

/** What a run is asked with. */
export interface RunRequest {
  readonly model: string;
  readonly input: string;
  /** What was said before, oldest first, where no response is continued that knows it. */
  readonly history?: readonly { readonly role: 'user' | 'assistant'; readonly text: string }[];
  /** A container's native id; undefined lets the service choose or make one. */
  readonly containerId: string | undefined;
  readonly previousResponseId: string | undefined;
  /** Files to put into a container that the service makes; not with `containerId`. */
  readonly fileIds?: readonly string[];
  /** Makes the model run code rather than only answer. */
  readonly forceCode?: boolean;
  /** Whether the answer comes event by event. */
  readonly stream: boolean;
  /** Lets the run go on at the service whether or not anyone listens; it can be resumed then, and must be cancelled. */
  readonly background?: boolean;
}

/** The body of `POST /v1/responses` for a run (wire.md, section 1: `container` and `include` are always sent). */
export function runBody(request: RunRequest): Readonly<Record<string, unknown>> {
  const container =
    request.containerId ??
    (request.fileIds?.length ? { type: 'auto', file_ids: request.fileIds } : { type: 'auto' });
  const turns = (request.history ?? []).map(({ role, text }) => ({ role, content: text }));
  return {
    model: request.model,
    input: turns.length === 0 ? request.input : [...turns, { role: 'user', content: request.input }],
    stream: request.stream,
    include: ['code_interpreter_call.outputs'],
    tools: [{ type: 'code_interpreter', container }],
    tool_choice: request.forceCode ? { type: 'code_interpreter' } : 'auto',
    ...(request.previousResponseId === undefined ? {} : { previous_response_id: request.previousResponseId }),
    // The service keeps only what it stores (https://developers.openai.com/docs/guides/background).
    ...(request.background ? { background: true, store: true } : {}),
  };
}

/**
 * Runs a prompt. Closing the generator or aborting the signal closes the request. Once an answer has begun, the
 * request is never sent again, and whatever breaks ends the run as cut.
 *
 * @returns lists of events in their order; the last is a terminal one or `run.cut`
 * @throws GatewayError where no answer came, or none to a run; the signal's reason when aborted
 */
export async function* run(
  http: GatewayHttp,
  request: RunRequest,
  signal: AbortSignal,
): AsyncGenerator<readonly RunEvent[]> {
  const response = yield* opened(http, {
    method: 'POST',
    path: '/responses',
    json: runBody(request),
    accept: request.stream ? 'text/event-stream' : 'application/json',
    signal,
    // Code may run for as long as it likes without a byte on the wire.
    silence: 0,
    effect: request.stream && !request.background ? 'run' : 'unwatchedRun',
  });
  const cost = reportedCost(response);
  let begun = false;
  let over = false;
  let pending: string | undefined;
  try {
    for await (const batch of eventsOf(response, http)) {
      begun = true;
      over ||= batch.some(isTerminal);
      pending = pendingIn(batch, request) ?? pending;
      yield batch.map((event) => withCost(event, cost));
    }
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    // What breaks after the end was told takes nothing away.
    if (over) return;
    // A plain answer may be no run at all; what only broke on the way was one.
    const lost = error.status === undefined && error.retryable;
    if (!begun && !lost) throw error;
    yield [{ type: 'run.cut', error: { ...error.toRunError(), ...(lost ? { kind: 'stream_cut' } : {}) } }];
    return;
  }
  if (over) return;
  yield pending === undefined
    ? [{ type: 'run.cut', error: { kind: 'stream_cut' } }]
    : await untilOver(http, pending, signal);
}

/** The id of a run in the background that was only taken, without a stream to tell its end. */
function pendingIn(batch: readonly RunEvent[], { background, stream }: RunRequest): string | undefined {
  const event = batch.at(-1);
  if (!background || stream || event === undefined || !('response' in event)) return undefined;
  return event.response.id;
}

/** US dollars that LiteLLM reports in a header; 0 while streaming means that it does not know yet. */
function reportedCost(response: TransportResponse): number | undefined {
  const cost = Number(response.headers['x-litellm-response-cost']);
  return Number.isFinite(cost) && cost > 0 ? cost : undefined;
}

function withCost(event: RunEvent, cost: number | undefined): RunEvent {
  if (cost === undefined || !('response' in event) || event.response.usage?.cost !== undefined) return event;
  if (event.type !== 'response.completed' && event.type !== 'response.incomplete') return event;
  const none = { inputTokens: undefined, outputTokens: undefined, totalTokens: undefined };
  return { ...event, response: { ...event.response, usage: { ...none, ...event.response.usage, cost } } };
}
