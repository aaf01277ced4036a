import { ApiError, invalidValue, outOfRange } from './apiError.ts';

/** A page of a list, as the API gives it. */
export interface Page<T> {
  readonly object: 'list';
  readonly data: readonly T[];
  readonly first_id: string | null;
  readonly last_id: string | null;
  readonly has_more: boolean;
}

/**
 * The page that the query asks for: `limit` (1 to `most`), `after` (an id), `order` (asc, desc).
 *
 * @param items oldest first
 * @param usual the limit where the query has none
 * @throws ApiError 400 for values out of range and an `after` that is not in the list
 */
export function page<T extends { readonly id: string }>(
  items: readonly T[],
  query: URLSearchParams,
  { most, usual }: { readonly most: number; readonly usual: number } = { most: 100, usual: 20 },
): Page<T> {
  const order = query.get('order') ?? 'desc';
  if (order !== 'asc' && order !== 'desc') throw invalidValue('order', order, ['asc', 'desc']);
  const limit = readLimit(query.get('limit'), most) ?? usual;
  const ordered = order === 'asc' ? items : items.toReversed();
  const after = query.get('after');
  let start = 0;
  if (after !== null && after !== '') {
    const at = ordered.findIndex((item) => item.id === after);
    if (at < 0)
      throw new ApiError(400, `No item with id '${after.slice(0, 100)}' in this list.`, { param: 'after' });
    start = at + 1;
  }
  const data = ordered.slice(start, start + limit);
  return {
    object: 'list',
    data,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: start + data.length < ordered.length,
  };
}

function readLimit(text: string | null, most: number): number | undefined {
  if (text === null || text === '') return undefined;
  const limit = /^-?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(limit)) {
    throw new ApiError(400, "Invalid type for 'limit': expected an integer, but got a string instead.", {
      param: 'limit',
      code: 'invalid_type',
    });
  }
  if (limit >= 1 && limit <= most) return limit;
  throw outOfRange('limit', 'integer', limit, { least: 1, most });
}
