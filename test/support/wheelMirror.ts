import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';

export interface WheelMirror {
  /** Its address, without a slash at the end. */
  readonly url: string;
  /** Names of the files that were asked for, in order. */
  readonly asked: readonly string[];
  readonly close: () => void;
}

/**
 * Serves the files of a folder by their names, as a mirror of Pyodide's distribution does.
 *
 * @param change what is served of a file instead; nothing: it is not there
 */
export async function startWheelMirror(
  folder: string,
  change: (name: string, bytes: Buffer) => Buffer | undefined = (_name, bytes) => bytes,
): Promise<WheelMirror> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const name = path.posix.basename(request.url ?? '');
    asked.push(name);
    const bytes = change(name, readFileSync(path.join(folder, name)));
    response.writeHead(bytes === undefined ? 404 : 200).end(bytes);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return { url: `http://127.0.0.1:${address.port}/wheels`, asked, close: () => server.close() };
}
