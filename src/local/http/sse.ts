import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

/** An event as it goes over the wire: its type stands in the `event:` line and in the data. */
export interface ServerSentEvent {
  readonly type: string;
}

/**
 * Sends events until there are no more or the client is gone, no faster than the client takes them. Frames as
 * recorded from the hosted service: `event:` and `data:` lines, no `[DONE]`.
 *
 * @param read gives the events; its signal is aborted when the client is gone
 */
export async function sendEvents(
  response: ServerResponse,
  read: (signal: AbortSignal) => AsyncIterable<ServerSentEvent>,
): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  response.flushHeaders();
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  if (response.destroyed) gone.abort();
  for await (const event of read(gone.signal)) {
    if (response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)) continue;
    // Rejects when the client is gone, which ends the events.
    await once(response, 'drain', { signal: gone.signal }).catch(() => undefined);
  }
  response.end();
}
