import { createParser } from 'eventsource-parser';
import { GatewayError } from '../../core/errors.ts';
import type { StreamEvent } from '../../core/events.ts';
import { parseJson } from '../../core/json.ts';
import { parseEvent } from '../../core/parse.ts';

/** UTF-16 units that one event may have: a picture is a line of base64, and no maximum is known (wire.md, section 2). */
const LARGEST_EVENT = 256 * 1024 * 1024;

/**
 * The events in the bytes of a `text/event-stream`, however the bytes are cut. Events are told apart by the `type`
 * in their JSON, for LiteLLM sends no `event:` lines.
 *
 * @returns one list for each chunk that completed at least one event
 * @throws GatewayError `not_understood` where a single event grows beyond all reason; whatever `bytes` throws
 */
export async function* readEvents(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<readonly StreamEvent[]> {
  const decoder = new TextDecoder();
  let batch: StreamEvent[] = [];
  const parser = createParser({
    maxBufferSize: LARGEST_EVENT,
    onEvent: ({ data }) => {
      const event = toEvent(data);
      if (event) batch.push(event);
    },
    onError: (error) => {
      if (error.type === 'max-buffer-size-exceeded') {
        throw new GatewayError({ kind: 'not_understood' }, { cause: error });
      }
    },
  });
  for await (const chunk of bytes) {
    parser.feed(decoder.decode(chunk, { stream: true }));
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
