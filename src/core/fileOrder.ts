/** What a list of files can be sorted by; time is newest first, size largest first. */
export const SORT_ORDERS = ['time', 'name', 'size'] as const;
export type SortOrder = (typeof SORT_ORDERS)[number];

/** What by-name sorting compares: case does not count, and numbers count as numbers. Equal for equal names only by chance. */
export function sortKey(name: string): string {
  return name
    .normalize('NFC')
    .toLowerCase()
    .replace(/\d+/g, (digits) => {
      const number = digits.replace(/^0+(?=\d)/, '');
      return `${String(number.length).padStart(4, '0')}${number}`;
    });
}

/** What sorting looks at. */
export interface Sortable {
  /** As {@link sortKey} gives it. */
  readonly key: string;
  /** Undefined where the gateway does not tell. */
  readonly bytes: number | undefined;
  /** Seconds since the epoch. */
  readonly createdAt: number | undefined;
}

/** Compares two of a list; where nothing tells them apart, their order stays. */
export function comparer(order: SortOrder): (a: Sortable, b: Sortable) => number {
  const byName = (a: Sortable, b: Sortable) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
  switch (order) {
    case 'name':
      return byName;
    case 'size':
      // Those of unknown size come last.
      return (a, b) => (b.bytes ?? -1) - (a.bytes ?? -1) || byName(a, b);
    case 'time':
      return (a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0);
  }
}

/**
 * The first `count` of a list, as sorting all of it would put them; most of a long list is looked at once and left.
 *
 * @param compare as for `sort`; what is equal stays in its order
 */
export function firstSorted<T>(
  all: Iterable<T>,
  count: number,
  compare: (a: T, b: T) => number,
): readonly T[] {
  if (count <= 0) return [];
  let first: T[] = [];
  let last: T | undefined;
  const cut = () => {
    first = first.sort(compare).slice(0, count);
    last = first[count - 1];
  };
  for (const one of all) {
    if (last !== undefined && compare(one, last) >= 0) continue;
    first.push(one);
    if (first.length >= 2 * count) cut();
  }
  cut();
  return first;
}
