import { errorFromWire } from '../core/classify.ts';
import { GatewayError } from '../core/errors.ts';
import type { RunEvent, StreamEvent } from '../core/events.ts';
import { field } from '../core/json.ts';
import { parseResponse, parseWireError } from '../core/parse.ts';
import { type GatewayHttp, readJson } from './http.ts';
import type { ContainerRoutes } from './litellm.ts';
import { readEvents } from './stream.ts';
import type { TransportResponse } from './transport.ts';

/** What a run is asked with. */
export interface RunRequest {
  readonly model: string;
  readonly input: string;
  /** A container's native id; undefined lets the service choose or make one. */
  readonly containerId: string | undefined;
  readonly previousResponseId: string | undefined;
  /** Files to put into a container that the service makes; not with `containerId`. */
  readonly fileIds?: readonly string[];
  /** Makes the model run code rather than only answer. */
  readonly forceCode?: boolean;
  /** Whether the answer comes event by event. */
  readonly stream: boolean;
}

/** The body of `POST /v1/responses` for a run (wire.md, section 1: `container` and `include` are always sent). */
export function runBody(request: RunRequest): Readonly<Record<string, unknown>> {
  const container =
    request.containerId ??
    (request.fileIds?.length ? { type: 'auto', file_ids: request.fileIds } : { type: 'auto' });
  return {
    model: request.model,
    input: request.input,
    stream: request.stream,
    include: ['code_interpreter_call.outputs'],
    tools: [{ type: 'code_interpreter', container }],
    tool_choice: request.forceCode ? { type: 'code_interpreter' } : 'auto',
    ...(request.previousResponseId === undefined ? {} : { previous_response_id: request.previousResponseId }),
  };
}

/**
 * Runs a prompt. Closing the generator or aborting the signal closes the request.
 *
 * @returns lists of events in their order, container ids native
 * @throws GatewayError where the run could not begin or its connection broke; the signal's reason when aborted
 */
export async function* run(
  http: GatewayHttp,
  routes: ContainerRoutes,
  request: RunRequest,
  signal: AbortSignal,
): AsyncGenerator<readonly RunEvent[]> {
  const response = await http.send({
    method: 'POST',
    path: '/responses',
    json: runBody(request),
    accept: request.stream ? 'text/event-stream' : 'application/json',
    signal,
    // Code may run for as long as it likes without a byte on the wire.
    silence: 0,
  });
  const cost = reportedCost(response);
  for await (const batch of answerOf(response, http)) {
    yield batch.map((event) => withCost(routes.learnFrom(withoutKey(event, http)), cost));
  }
}

/** The event without the gateway's key in an error's words. */
function withoutKey(event: StreamEvent, http: GatewayHttp): StreamEvent {
  if (event.type === 'error') return { ...event, error: http.withoutKey(event.error) };
  if (!('response' in event) || event.response.error === undefined) return event;
  return { ...event, response: { ...event.response, error: http.withoutKey(event.response.error) } };
}

async function* answerOf(
  response: TransportResponse,
  http: GatewayHttp,
): AsyncGenerator<readonly StreamEvent[]> {
  const type = response.headers['content-type'] ?? '';
  if (type.includes('text/event-stream')) {
    yield* readEvents(response.body);
    return;
  }
  if (type.includes('text/html')) {
    response.discard();
    throw new GatewayError({ kind: 'not_an_api', status: response.status });
  }
  // A plain answer, asked for or not: some gateways do not stream.
  const answer = await readJson(response);
  const event = parseResponse(answer);
  if (event !== undefined) {
    yield [event];
    return;
  }
  const error = parseWireError(field(answer, 'error'));
  throw new GatewayError(
    error ? errorFromWire(http.withoutKey(error)) : { kind: 'not_understood', status: response.status },
  );
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
