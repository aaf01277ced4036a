import { scaleBytes } from '../core/bytes.ts';

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** How long ago something was, such as `5 minutes ago`; a date where that says more. @param at ms since the epoch */
export function formatAge(at: number, now: number, language: string): string {
  const age = Math.max(0, now - at);
  const [locale = 'en'] = Intl.DateTimeFormat.supportedLocalesOf([language]);
  if (age > 14 * 86_400_000) return new Date(at).toLocaleDateString(locale, { dateStyle: 'medium' });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  for (const [unit, length] of UNITS)
    if (age >= length) return relative.format(-Math.floor(age / length), unit);
  return relative.format(0, 'second');
}

/** `1.5 MB`. */
export function formatBytes(bytes: number): string {
  const { value, decimals, unit } = scaleBytes(bytes);
  return `${value.toFixed(decimals)} ${unit}`;
}
