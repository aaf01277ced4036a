import { GatewayError } from '../../core/errors.ts';
import type { RunEvent, StreamEvent } from '../../core/events.ts';
import { inPath } from '../files/containers.ts';
import type { GatewayHttp } from '../http.ts';
import type { TransportResponse } from '../network/transport.ts';
import { eventsOf, isStream, isTerminal, opened, responseIn } from './answer.ts';
import { backoff, SHOWN_PATIENCE } from './retry.ts';

/** Tells the outputs of code too, where the gateway passes that on (LiteLLM 1.106 does not). */
const INCLUDE = `${encodeURIComponent('include[]')}=code_interpreter_call.outputs`;

/** ms between two questions about a run that goes on; the pause grows from the first to the longest. */
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 10_000;
const PAUSE_GROWTH = 1.5;

/** `GET /v1/responses/{id}`, as the event that a stream would tell it by. @throws GatewayError */
export async function retrieveResponse(
  http: GatewayHttp,
  responseId: string,
  signal: AbortSignal | undefined,
): Promise<StreamEvent> {
  const path = `/responses/${inPath(responseId)}?${INCLUDE}`;
  return responseIn(await http.json({ method: 'GET', path, signal }), http);
}

/** `POST /v1/responses/{id}/cancel`: ends a run in the background; one that has ended stays as it is. @throws GatewayError */
export async function cancelResponse(
  http: GatewayHttp,
  responseId: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  // Cancelling twice is cancelling once (https://developers.openai.com/docs/guides/background).
  await http.json({
    method: 'POST',
    path: `/responses/${inPath(responseId)}/cancel`,
    signal,
    effect: 'nothing',
  });
}

export interface ResumeFrom {
  /** Number of the last event that was seen; undefined to hear all of them. */
  readonly startingAfter?: number;
}

/**
 * Listens to a run again whose stream broke: to its events from where it broke where the service can send them (runs
 * in the background), else only to its end, for which it asks from time to time. Never begins a run.
 *
 * @returns lists of events, a terminal one last; a wait is said as {@link WaitEvent}
 * @throws GatewayError `not_found` where the gateway does not have the run; the signal's reason when aborted
 */
export async function* resume(
  http: GatewayHttp,
  responseId: string,
  { startingAfter }: ResumeFrom,
  signal: AbortSignal,
): AsyncGenerator<readonly RunEvent[]> {
  let seen = startingAfter ?? -1;
  for (let futile = 0; futile < SHOWN_PATIENCE.tries; futile++) {
    if (futile > 0) await http.clock.sleep(backoff(futile, http.clock.random()), signal);
    const response = yield* reopened(http, responseId, seen, signal);
    if (response === undefined) break;
    const before = seen;
    for await (const batch of untilBroken(eventsOf(response, http, { apart: true }))) {
      // A service that begins at the beginning tells again what is known.
      const news = batch.filter((event) => isTerminal(event) || (event.sequence ?? Infinity) > seen);
      for (const event of news) seen = Math.max(seen, event.sequence ?? seen);
      if (news.length > 0) yield news;
      if (news.some(isTerminal)) return;
    }
    // Only what numbers its events can be asked for the rest of them.
    if (!isStream(response) || seen < 0) break;
    if (seen > before) futile = 0;
  }
  yield await untilOver(http, responseId, signal);
}

/** The answer to `GET /v1/responses/{id}?stream=true`; undefined where the gateway refuses that, for whatever reason. */
async function* reopened(
  http: GatewayHttp,
  responseId: string,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<readonly RunEvent[], TransportResponse | undefined, void> {
  const from = after < 0 ? '' : `&starting_after=${after}`;
  try {
    return yield* opened(http, {
      method: 'GET',
      path: `/responses/${inPath(responseId)}?stream=true${from}&${INCLUDE}`,
      accept: 'text/event-stream',
      signal,
      silence: 0,
      effect: 'nothing',
    });
  } catch (error) {
    // The plain question that follows meets the same refusal where it is not about streaming, and says so.
    if (error instanceof GatewayError && error.status !== undefined) return undefined;
    throw error;
  }
}

/** What came before the connection broke, or before something came that is no answer: the next question tells more. */
async function* untilBroken(
  batches: AsyncIterable<readonly StreamEvent[]>,
): AsyncGenerator<readonly StreamEvent[]> {
  try {
    yield* batches;
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
  }
}

/** Asks for a run until it is over. @returns its terminal event alone @throws GatewayError */
export async function untilOver(
  http: GatewayHttp,
  responseId: string,
  signal: AbortSignal,
): Promise<readonly [StreamEvent]> {
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * PAUSE_GROWTH, LONGEST_PAUSE)) {
    const event = await retrieveResponse(http, responseId, signal);
    if (isTerminal(event)) return [event];
    await http.clock.sleep(pause, signal);
  }
}
