import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from './faultServer.ts';

export interface ManyFilesOptions {
  readonly containers: number;
  /** In each container. */
  readonly files: number;
  /** ms from request to answer: what a gateway in the same country takes. */
  readonly latency?: number;
  /** Bytes of each file. */
  readonly size?: number;
}

const EXTENSIONS = ['csv', 'png', 'txt', 'parquet', 'py'];

/** The name of a container's nth file, the newest being the last one. */
export function nameOf(n: number): string {
  return `result_${n}.${EXTENSIONS[n % EXTENSIONS.length] ?? ''}`;
}

/**
 * What a gateway with many containers of many files answers: containers and files in pages, with what the API says of
 * paging, and the bytes of files. Stands for a large account of a hosted service, which cannot be had on demand.
 */
export function manyFiles(options: ManyFilesOptions): Answer {
  const { containers, files, latency = 0, size = 100 } = options;
  const containerIds = Array.from({ length: containers }, (_, n) => `cntr_${n}`);
  // Made once: an answer is to cost what its bytes cost. Newest first.
  const fileIds = Array.from({ length: files }, (_, n) => `cfile_${files - 1 - n}`);
  const content = Buffer.alloc(size, 'content ');
  const respond: Answer = (request, response) => {
    const url = new URL(request.url, 'http://gateway');
    const [, , container, part, , leaf] = url.pathname.replace('/v1', '').split('/');
    if (leaf === 'content') {
      response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': size });
      response.end(content);
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json' });
    if (url.pathname === '/v1/models') response.end('{"object":"list","data":[{"id":"m"}]}');
    else if (part === 'files')
      response.end(page(fileIds, url.searchParams, (id) => fileOf(id, container ?? '', size)));
    else response.end(page(containerIds, url.searchParams, containerOf));
  };
  return (request, response) => {
    if (latency === 0) respond(request, response);
    else void sleep(latency).then(() => respond(request, response));
  };
}

function page(ids: readonly string[], query: URLSearchParams, entry: (id: string) => object): string {
  const start = ids.indexOf(query.get('after') ?? '') + 1;
  const given = ids.slice(start, start + Number(query.get('limit') ?? 20));
  return JSON.stringify({
    object: 'list',
    data: given.map(entry),
    first_id: given[0] ?? null,
    last_id: given.at(-1) ?? null,
    has_more: start + given.length < ids.length,
  });
}

function fileOf(id: string, container: string, bytes: number): object {
  const n = Number(id.replace('cfile_', ''));
  return {
    id,
    object: 'container.file',
    container_id: container,
    bytes: bytes + (n % 7),
    created_at: 1_700_000_000 + n,
    path: `/mnt/data/${nameOf(n)}`,
    source: 'assistant',
  };
}

function containerOf(id: string): object {
  return {
    id,
    object: 'container',
    name: `analysis ${id.replace('cntr_', '')}`,
    status: 'running',
    created_at: Math.floor(Date.now() / 1000) - 600,
    expires_after: { anchor: 'last_active_at', minutes: 20 },
  };
}
