import { scaleBytes } from '../../core/bytes.ts';
import type { Translate } from '../../core/errorText.ts';
import type { Usage } from '../../core/events.ts';

/** How long something took: `0.4 s`, `12 s`, `2 min 5 s`, `1 h 3 min`. */
export function formatDuration(ms: number, lang: string, t: Translate): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 9.95) return t('{0} s', formatNumber(seconds, lang, 1));
  return formatWholeSeconds(ms, t);
}

/** The same for a clock that is running: tenths that race past would only unsettle. */
export function formatWholeSeconds(ms: number, t: Translate): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return t('{0} s', String(seconds));
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return t('{0} min {1} s', String(minutes), String(seconds % 60));
  return t('{0} h {1} min', String(Math.floor(minutes / 60)), String(minutes % 60));
}

/** What a run cost, in words; never invented where the gateway does not report it. */
export function formatCost(usage: Usage | undefined, local: boolean, lang: string, t: Translate): string {
  if (local) return t('free');
  const cost = usage?.cost;
  if (cost === undefined) return t('cost unknown');
  if (cost > 0 && cost < 0.0001) return t('under $0.0001');
  return `$${formatNumber(cost, lang, cost >= 1 ? 2 : 4)}`;
}

/** Tokens in words, or undefined where none were reported. */
export function formatTokens(usage: Usage | undefined, lang: string, t: Translate): string | undefined {
  if (usage === undefined) return undefined;
  const number = (value: number) => formatNumber(value, lang);
  if (usage.inputTokens !== undefined && usage.outputTokens !== undefined) {
    if (usage.inputTokens + usage.outputTokens === 0) return undefined;
    return t('{0} tokens in, {1} out', number(usage.inputTokens), number(usage.outputTokens));
  }
  return usage.totalTokens ? t('{0} tokens', number(usage.totalTokens)) : undefined;
}

const numberFormats = new Map<string, Intl.NumberFormat>();

/** A number with the separators of the language and at least `decimals` decimals; an unknown language tag falls back to English. */
export function formatNumber(value: number, lang: string, decimals = 0): string {
  const key = `${lang} ${decimals}`;
  let format = numberFormats.get(key);
  if (format === undefined) {
    const known = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(lang) ? lang : 'en';
    format = new Intl.NumberFormat(known, {
      minimumFractionDigits: decimals,
      maximumFractionDigits: Math.max(1, decimals),
    });
    numberFormats.set(key, format);
  }
  return format.format(value);
}

/** Size of a file: `812 B`, `3.4 KB`, `12 MB`; powers of 1024 as in the tree of containers. */
export function formatSize(bytes: number, lang: string): string {
  const { value, decimals, unit } = scaleBytes(bytes);
  return `${decimals === 0 ? formatNumber(value, lang) : formatNumber(value, lang, decimals)} ${unit}`;
}

/** An id short enough to read, its ends kept: `cntr_68e1…9f2a`. */
export function shortId(id: string): string {
  return id.length <= 16 ? id : `${id.slice(0, 9)}…${id.slice(-4)}`;
}

/** A name from outside made safe to look at: nothing in it can hide or turn the text around it. */
export function displayName(name: string): string {
  const shown = name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\uFFFD');
  return shown.length > 200 ? `${shown.slice(0, 120)}…${shown.slice(-60)}` : shown;
}
