import { ApiError, invalidValue } from './apiError.ts';

/** A page of a list, as the API gives it. */
export interface Page<T> {
  readonly object: 'list';
  readonly data: readonly T[];
  readonly first_id: string | null;
  readonly last_id: string | null;
  readonly has_more: boolean;
}

/**
 * The page that the query asks for: `limit` (1 to `most`, 20), `after` (an id), `order` (asc, desc).
 *
 * @param items oldest first
 * @throws ApiError 400 for values out of range and an `after` that is not in the list
 */
export function page<T extends { readonly id: string }>(
  items: readonly T[],
  query: URLSearchParams,
  most = 100,
): Page<T> {
  const order = query.get('order') ?? 'desc';
  if (order !== 'asc' && order !== 'desc') throw invalidValue('order', order, ['asc', 'desc']);
  const limit = readLimit(query.get('limit'), most);
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

function readLimit(text: string | null, most: number): number {
  if (text === null || text === '') return 20;
  const limit = Number(text);
  if (!Number.isInteger(limit)) {
    throw new ApiError(400, "Invalid type for 'limit': expected an integer, but got a string instead.", {
      param: 'limit',
      code: 'invalid_type',
    });
  }
  if (limit >= 1 && limit <= most) return limit;
  const [word, bound] = limit < 1 ? ['below minimum', '>= 1'] : ['above maximum', `<= ${most}`];
  throw new ApiError(
    400,
    `Invalid 'limit': integer ${word} value. Expected a value ${bound}, but got ${limit} instead.`,
    { param: 'limit', code: limit < 1 ? 'integer_below_min_value' : 'integer_above_max_value' },
  );
}
