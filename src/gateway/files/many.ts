import type { FileRef } from '../../core/citations.ts';
import type { GatewayClient } from '../client.ts';
import { type SaveTarget, saveContent } from './download.ts';

/** Files under way at a time: latency is hidden, and no gateway takes it for an attack. */
export const AT_ONCE = 8;

export interface ManyOptions<T> {
  readonly signal?: AbortSignal | undefined;
  readonly atOnce?: number;
  /** Told of each one that ended, well or not, as it ends. */
  readonly onEnded?: (item: T) => void;
}

/**
 * Does the same for many things, some at a time, begun in their order. One that fails does not keep the others from
 * being done.
 *
 * @returns what became of each, in the order of `items`
 * @throws the signal's reason, once nothing is under way any more
 */
export async function forMany<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
  { signal, atOnce = AT_ONCE, onEnded }: ManyOptions<T> = {},
): Promise<readonly PromiseSettledResult<R>[]> {
  const results: PromiseSettledResult<R>[] = [];
  const waiting = items.entries();
  const worker = async () => {
    for (const [place, item] of waiting) {
      if (signal?.aborted) return;
      const [result] = await Promise.allSettled([work(item)]);
      results[place] = result;
      onEnded?.(item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  signal?.throwIfAborted();
  return results;
}

/** A file of a container and the place it is to be saved to. */
export interface FileToSave {
  readonly file: FileRef;
  readonly target: SaveTarget;
}

/**
 * Fetches files and saves them, as {@link saveContent} does each; no two may have the same target.
 *
 * @returns what became of each, in their order; a reason is a GatewayError or a SaveError
 * @throws the signal's reason; what was saved by then stays
 */
export function saveMany<T extends FileToSave>(
  client: Pick<GatewayClient, 'fileContent'>,
  files: readonly T[],
  options: ManyOptions<T> = {},
): Promise<readonly PromiseSettledResult<{ readonly path: string; readonly bytes: number }>[]> {
  const save = async ({ file, target }: T) =>
    saveContent(await client.fileContent(file, options.signal), target);
  return forMany(files, save, options);
}
