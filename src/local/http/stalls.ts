import type { Server, ServerResponse } from 'node:http';

/**
 * Closes the connections of clients that do not read their answers: what waits for them takes memory. An answer that
 * has nothing to send (a run that is silent) is no such case. What was written in one piece counts when all of it was
 * taken.
 *
 * @param timeout ms without progress; noticed after twice that at the latest
 * @returns ends the watch
 */
export function watchStalls(server: Server, timeout: number): () => void {
  const waiting = new Map<ServerResponse, number>();
  const remember = (_: unknown, response: ServerResponse) => {
    waiting.set(response, -1);
    response.once('close', () => waiting.delete(response));
  };
  for (const event of ['request', 'checkContinue']) server.on(event, remember);
  const timer = setInterval(() => {
    for (const [response, before] of waiting) {
      const { socket } = response;
      const taken = socket === null ? 0 : socket.bytesWritten - socket.writableLength;
      if (socket !== null && socket.writableLength > 0 && taken === before) socket.destroy();
      waiting.set(response, taken);
    }
  }, timeout).unref();
  return () => clearInterval(timer);
}
