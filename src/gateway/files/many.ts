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
