import { sameForm } from './columns.ts';
import { parseWish } from './parseWish.ts';
import type { ChartWish, Wish } from './wish.ts';

/** Words that a change of the last chart begins with and that say nothing of it. */
const LEAD =
  /^(?:(?:please|now|then|ok(?:ay)?|thanks|and|but|or|instead|rather|what about|how about|try|use|take|make|show|give|draw|plot|do|save|it|this|that|the same|same|me|again|just|only|with|chart|plot)\b[\s,.!:;-]*)+/i;

/** No change of a chart is as long. */
const MOST_WORDS = 12;

/**
 * What the last of these prompts asks for, where one may say only what is to be different from the chart before it
 * (`as a pie chart`, `now by product`, `only the top 3`).
 *
 * @param prompts of one person, oldest first
 * @param columns names of the columns that data has
 */
export function parseTalk(prompts: readonly string[], columns: readonly string[]): Wish | undefined {
  let last: ChartWish | undefined;
  let wish: Wish | undefined;
  for (const prompt of prompts) {
    wish = parseWish(prompt, columns);
    if (last) wish = changed(wish, prompt, last, columns);
    if (wish?.type === 'chart') last = wish;
  }
  return wish;
}

function changed(
  wish: Wish | undefined,
  prompt: string,
  last: ChartWish,
  columns: readonly string[],
): Wish | undefined {
  if (wish?.type === 'chart') return isWhole(wish) ? wish : merged(last, wish);
  if (wish !== undefined) return wish;
  const rest = prompt
    .replace(/\s+/g, ' ')
    .trim()
    .replace(LEAD, '')
    .replace(/[\s,]+(?:instead|rather than|in place)\b.*$/i, '');
  if (rest === '' || rest.split(' ').length > MOST_WORDS) return undefined;
  const change = parseWish(`${last.kind ?? 'bar'} chart ${rest}`, columns);
  if (change?.type !== 'chart' || !saysSomething(change, columns)) return undefined;
  return merged(last, { ...change, kind: last.kind });
}

/** Whether a wish names what is to be drawn, and needs nothing of an earlier one. */
function isWhole(wish: ChartWish): boolean {
  return wish.values.length > 0 || wish.by !== undefined || wish.aboutData || wish.sample;
}

/** Whether words that are no request by themselves speak of a chart: each names a column, or how it is to look. */
function saysSomething(change: ChartWish, columns: readonly string[]): boolean {
  const { values, by, alsoBy, aggregate, top, bottom, where, bins, saveAs, format } = change;
  const forms = new Set(columns.map(sameForm));
  const named = [...values, ...(by ? [by] : []), ...(alsoBy ? [alsoBy] : [])];
  if (!named.every((name) => forms.has(sameForm(name)) || PERIOD.test(name))) return false;
  const more = [aggregate, top, bottom, where, bins, saveAs].some((told) => told !== undefined);
  return named.length > 0 || more || format !== 'png';
}

const PERIOD = /^(?:year|quarter|month|week|weekday|day|time)s?$/i;

function merged(last: ChartWish, change: ChartWish): ChartWish {
  const few = change.top === undefined && change.bottom === undefined ? last : change;
  return {
    ...last,
    kind: change.kind ?? last.kind,
    values: change.values.length > 0 ? change.values : last.values,
    by: change.by ?? last.by,
    alsoBy: change.alsoBy,
    link: change.link ?? last.link,
    aggregate: change.aggregate ?? last.aggregate,
    top: few.top,
    bottom: few.bottom,
    where: change.where ?? last.where,
    bins: change.bins ?? last.bins,
    // Each picture has a name of its own unless it was asked for.
    saveAs: change.saveAs,
    format: change.format,
  };
}
