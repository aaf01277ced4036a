const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

/**
 * A number of bytes in the largest unit that leaves at least one; powers of 1024, as editors show them.
 *
 * @returns the number, whole or with one decimal below 10, and the unit
 */
export function scaleBytes(bytes: number): {
  readonly value: number;
  readonly decimals: 0 | 1;
  readonly unit: string;
} {
  let value = bytes;
  let place = 0;
  while (value >= 1024 && place < UNITS.length - 1) {
    value /= 1024;
    place++;
  }
  const decimals = place === 0 || value >= 10 ? 0 : 1;
  return { value: decimals === 0 ? Math.round(value) : value, decimals, unit: UNITS[place] ?? 'B' };
}
