import { scaleBytes } from '../core/bytes.ts';

/** `1.5 MB`. */
export function formatBytes(bytes: number): string {
  const { value, decimals, unit } = scaleBytes(bytes);
  return `${value.toFixed(decimals)} ${unit}`;
}
