import { GatewayError } from '../../core/errors.ts';
import type { StreamEvent } from '../../core/events.ts';
import { joinDelta } from '../../core/joinDelta.ts';
import { parseJson } from '../../core/json.ts';
import { parseEvent } from '../../core/parse.ts';
import { EventStream } from './eventStream.ts';

/** UTF-16 units that one event may have: a picture is a line of base64, and no maximum is known (wire.md, section 2). */
const LARGEST_EVENT = 256 * 1024 * 1024;

export interface ReadOptions {
  /** UTF-16 units that one event may have. */
  readonly largest?: number;
  /** Leaves each event by itself: of those that are one, some may be known already. */
  readonly apart?: boolean;
}

/**
 * The events in the bytes of a `text/event-stream`, however the bytes are cut. Events are told apart by the `type`
 * in their JSON, for LiteLLM sends no `event:` lines. Deltas of one text that came in one piece are one event: a state
 * for each of them would be made and thrown away.
 *
 * @returns one list for each chunk that completed at least one event
 * @throws GatewayError `not_understood` where a single event grows beyond all reason; whatever `bytes` throws
 */
export async function* readEvents(
  bytes: AsyncIterable<Uint8Array>,
  { largest = LARGEST_EVENT, apart = false }: ReadOptions = {},
): AsyncGenerator<readonly StreamEvent[]> {
  const decoder = new TextDecoder();
  let batch: StreamEvent[] = [];
  const events = new EventStream((data) => {
    const event = toEvent(data);
    if (event && (apart || !joinDelta(batch.at(-1), event))) batch.push(event);
  });
  for await (const chunk of bytes) {
    events.feed(decoder.decode(chunk, { stream: true }));
    if (events.held > largest) throw new GatewayError({ kind: 'not_understood' });
    if (batch.length > 0) {
      yield batch;
      batch = [];
    }
  }
  // What follows the last blank line is no event by the standard: a cut there must not pass for an end.
}

function toEvent(data: string): StreamEvent | undefined {
  if (data === '[DONE]') return undefined;
  return parseEvent(parseJson(data)) ?? { type: 'unknown', wireType: '', malformed: true };
}
