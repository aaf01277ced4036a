import { errorFromWire } from '../../core/classify.ts';
import { GatewayError } from '../../core/errors.ts';
import type { RunEvent, StreamEvent, WaitEvent } from '../../core/events.ts';
import { field } from '../../core/json.ts';
import { parseResponse, parseWireError } from '../../core/parse.ts';
import { type GatewayHttp, type GatewayRequest, readJson } from '../http.ts';
import type { TransportResponse } from '../network/transport.ts';
import { type Effect, persist, SHOWN_PATIENCE } from './retry.ts';
import { type ReadOptions, readEvents } from './stream.ts';

/**
 * Sends a request of a run, again where that is safe, until its answer begins.
 *
 * @returns one event for each wait, then the answer with its body unread
 * @throws GatewayError where no answer came or it is a refusal; the signal's reason when aborted
 */
export async function* opened(
  http: GatewayHttp,
  request: GatewayRequest & { readonly effect: Effect },
): AsyncGenerator<readonly [WaitEvent], TransportResponse, void> {
  const { effect, signal } = request;
  const options = { effect, patience: SHOWN_PATIENCE, clock: http.clock, signal };
  const tries = persist(() => http.send(request), options);
  for (;;) {
    const step = await tries.next();
    if (step.done) return step.value;
    const { error, attempt, until } = step.value;
    yield [{ type: 'run.waiting', error: error.toRunError(), attempt, until }];
  }
}

/**
 * The events that an answer tells, a stream or one JSON value, asked for or not: some gateways do not stream.
 *
 * @throws GatewayError where it is neither, tells an error instead of a run, or breaks
 */
export async function* eventsOf(
  response: TransportResponse,
  http: GatewayHttp,
  options: ReadOptions = {},
): AsyncGenerator<readonly StreamEvent[]> {
  if (isStream(response)) {
    for await (const batch of readEvents(response.body, options))
      yield batch.map((event) => withoutKey(event, http));
    return;
  }
  yield [responseIn(await readJson(response), http)];
}

export function isStream(response: TransportResponse): boolean {
  return response.headers['content-type']?.includes('text/event-stream') ?? false;
}

/** The event that a response object stands for. @throws GatewayError where it is none, or tells an error */
export function responseIn(answer: unknown, http: GatewayHttp): StreamEvent {
  const event = parseResponse(answer);
  if (event !== undefined) return withoutKey(event, http);
  const error = parseWireError(field(answer, 'error'));
  throw new GatewayError(error ? errorFromWire(http.withoutKey(error)) : { kind: 'not_understood' });
}

/** The event without the gateway's key in an error's words. */
function withoutKey(event: StreamEvent, http: GatewayHttp): StreamEvent {
  if (event.type === 'error') return { ...event, error: http.withoutKey(event.error) };
  if (!('response' in event) || event.response.error === undefined) return event;
  return { ...event, response: { ...event.response, error: http.withoutKey(event.response.error) } };
}

/** Whether nothing can come after the event. */
export function isTerminal(event: RunEvent): boolean {
  switch (event.type) {
    case 'response.completed':
    case 'response.incomplete':
    case 'response.failed':
    case 'response.cancelled':
      return true;
    default:
      return false;
  }
}
