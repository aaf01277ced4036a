import { sameForm, wordsOf } from './columns.ts';
import { numberIn } from './numbers.ts';
import type { Aggregate, ChartKind, ChartWish, OtherChartWish, PictureFormat } from './wish.ts';

const NOUN = '(?:chart|plot|graph|diagram|figure)s?';
const KINDS: readonly (readonly [ChartKind, RegExp])[] = [
  ['scatter', new RegExp(`\\bscatter(?:[ -]?${NOUN})?\\b|\\bscattergram\\b`, 'i')],
  ['histogram', new RegExp(`\\bhist(?:ogram)?s?\\b|\\bdistribution(?: ${NOUN})?\\b`, 'i')],
  ['pie', new RegExp(`\\b(?:pie|donut|doughnut)(?:[ -]?${NOUN})?\\b`, 'i')],
  [
    'bar',
    new RegExp(`\\b(?:bar|column)s?[ -]?${NOUN}\\b|\\b(?:as|with|in|using) bars\\b|\\bbars (?=of\\b)`, 'i'),
  ],
  [
    'line',
    new RegExp(
      `\\blines?[ -]?${NOUN}\\b|\\b(?:as|with|in) (?:a )?lines?\\b|\\btrend ?lines?\\b|\\btrends? (?=of\\b)|\\btime series\\b`,
      'i',
    ),
  ],
];
const OTHER =
  /\b(box(?:[ -]and[ -]whiskers?)?|violin|heat ?map|area|radar|bubble|tree ?map|sankey|3d|surface|contour|gantt|candlestick|waterfall|funnel|network|word cloud)(?:[ -]?(?:charts?|plots?|graphs?|diagrams?))\b|\b(heat ?map|tree ?map|word cloud|box ?plot)s?\b/i;
const DRAW =
  /\b(?:plot|chart|graph|diagram|visuali[sz]e|visuali[sz]ation|draw|make|create|generate|show|display|give|build|produce|render|compare|as|i need|i want|save)\b/i;
const WEAK =
  /^(?:re-?)?(?:plot|chart|graph|visuali[sz]e|draw|show|display|compare)\b|\b(?:plot|chart|graph|diagram|visuali[sz]ation)s? (?:of|for|with|showing|from)\b|^an? (?:plot|chart|graph)\b|\bas an? (?:plot|chart|graph)\b/i;
/** Any chart will do, of whatever there is. */
const ANY_CHART =
  /^(?:plot|draw|make|create|generate|show|display|give|build|produce|render)(?: me)? (?:an?|some|any|the) (?:\w+ )?(?:chart|plot|graph|diagram)s?[.!]?$/i;

const LINKS =
  /\s(?:grouped by|broken down by|split by|summed by|by|per|for each|for every|in each|of each|across|over|against|versus|vs\.?|as a function of|depending on)\s/i;
const VERSUS = /against|versus|vs|function|depending/i;

/**
 * A chart that a prompt asks for, or undefined.
 *
 * @param text one line, without politeness
 * @param columns as for `parseWish`
 */
export function parseChart(text: string, columns: readonly string[]): ChartWish | OtherChartWish | undefined {
  const other = OTHER.exec(text);
  if (other && DRAW.test(text)) return { type: 'otherChart', name: other[0].toLowerCase() };
  const marked = markColumns(text, columns);
  const kind = KINDS.find(([, pattern]) => pattern.test(marked))?.[0];
  const any = kind === undefined && ANY_CHART.test(marked);
  const drawn = any || (kind === undefined ? WEAK : DRAW).test(marked) || startsWithKind(marked);
  if (!drawn && !(kind === undefined && AGGREGATE_FIRST.test(marked))) return undefined;
  const { rest, ...options } = readOptions(marked);
  const phrases = splitPhrases(any ? '' : rest, columns);
  // "Average revenue per product" says no word of a chart: it is one where the data has what it names.
  if (!drawn && !namesValues(phrases, columns)) return undefined;
  const where = options.where && {
    column: unmark(options.where.column, columns),
    value: unmark(options.where.value, columns),
  };
  return { type: 'chart', kind, ...phrases, ...options, where, aboutData: any || options.aboutData };
}

const FEWEST = [
  /\b(?:bottom|lowest|smallest|worst|least|fewest) ([\w-]+)\b/i,
  /\b([\w-]+) (?:lowest|smallest|worst|least|fewest)\b/i,
];
const MOST = [/\btop ([\w-]+)\b/i, /\b([\w-]+) (?:largest|biggest|highest|best)\b/i];

const WHERE =
  /,? *\b(?:where|for which|with only|only where) (?:the )?(.{1,80}?) (?:is|are|equals?|=+) (?:only )?["'`“”]?(.{1,80}?)["'`“”]?(?=\s+(?:as|by|per|over)\s|\s*$)/i;

function namesValues({ values, by, aggregate }: Phrases, columns: readonly string[]): boolean {
  const forms = new Set(columns.map(sameForm));
  return (
    aggregate !== undefined &&
    by !== undefined &&
    values.length > 0 &&
    values.every((value) => forms.has(sameForm(value)))
  );
}

/** "Histogram of price" needs no verb. */
function startsWithKind(text: string): boolean {
  return KINDS.some(([, pattern]) => {
    const match = pattern.exec(text);
    return match !== null && /^(?:an? |the |[a-z]+ly )?$/i.test(text.slice(0, match.index)) && / /.test(text);
  });
}

/** Column names that would be taken apart (several words, or quoted) become marks such as `⟦2⟧`. */
function markColumns(text: string, columns: readonly string[]): string {
  let marked = text.replace(/[`"'“”‘’«»]([^`"“”«»]{1,100}?)[`"'“”‘’«»]/g, (whole, inner: string) => {
    const at = columns.findIndex((column) => column === inner || sameForm(column) === sameForm(inner));
    return at < 0 ? whole : `⟦${at}⟧`;
  });
  const there = new Set(wordsOf(text));
  const long = [...columns.entries()].filter(([, name]) => {
    const words = wordsOf(name);
    return words.length > 1 && words.every((word) => there.has(word));
  });
  for (const [at, name] of long.toSorted((a, b) => b[1].length - a[1].length)) {
    const pattern = wordsOf(name)
      .map((word) => `${word}(?:e?s)?`)
      .join('[\\s_-]+');
    marked = marked.replace(new RegExp(`(?<![\\p{L}\\p{N}])${pattern}(?![\\p{L}\\p{N}])`, 'giu'), `⟦${at}⟧`);
  }
  // "Of the data" speaks of the file, "of data" of a column that is called so.
  for (const [at, name] of columns.entries()) {
    if (!DATA_WORD.test(name)) continue;
    const pattern = `\\b(of|by|per|and|vs\\.?|versus|against|total|average|sum|mean) ${name}\\b(?! file)`;
    marked = marked.replace(new RegExp(pattern, 'gi'), `$1 ⟦${at}⟧`);
  }
  return marked;
}

function unmark(phrase: string, columns: readonly string[]): string {
  return phrase.replace(/⟦(\d+)⟧/g, (_, at: string) => columns[Number(at)] ?? '').trim();
}

const DATA_WORD = /^(?:data|data ?set|table|file|sample|example|attachment|spreadsheet)s?$/i;

type Options = Pick<
  ChartWish,
  'top' | 'bottom' | 'where' | 'bins' | 'fileName' | 'aboutData' | 'sample' | 'saveAs' | 'format'
>;

/** Takes off everything that is not about columns. */
function readOptions(text: string): Options & { readonly rest: string } {
  let rest = ` ${text.replace(/[.!?]+$/, '')} `;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    const match = pattern.exec(rest);
    if (match) rest = `${rest.slice(0, match.index)} ${rest.slice(match.index + match[0].length)}`;
    return match;
  };
  const where = take(WHERE);
  const saveAs = take(
    /\b(?:as|to|into|in|named|called)? ?["'`]?([\w-]{1,60}\.(?:png|svg|pdf|jpe?g))\b["'`]?/i,
  )?.[1];
  const named =
    take(/(?:\b(?:from|in|of|using|with|on|for) )?(?:the )?(?:file )?["'`]([^"'`]{1,120}\.[ct]sv)["'`]/i) ??
    take(/(?:\b(?:from|in|of|using|with|on|for) )?(?:the )?(?:file )?([^\s"'`]{1,120}\.[ct]sv)\b/i);
  const format = /\b(png|svg|pdf|jpe?g)\b/i.exec(rest)?.[1]?.toLowerCase().replace('jpeg', 'jpg');
  const sample = /\b(?:sample|example|demo|dummy|fake|mock|made-up|random|toy)\b/i.test(rest);
  const aboutData =
    named !== null ||
    /\b(?:csv|tsv|spreadsheet|attach(?:ed|ment)|upload(?:ed)?|(?:the|my|this|that|our) (?:data(?:set)?|data set|table|file))\b/i.test(
      rest,
    );
  take(/(?:,| and| then) *(?:please )?(?:save|store|export|download|write)\b.*$/i);
  take(/\b(?:with (?:the |a )?)?(?:title|titled|entitled)\b.*$/i);
  take(/,? *\b(?:sorted|ordered|in (?:descending|ascending) order)\b.*$/i);
  take(/\b(?:as|to|into|in) (?:an? )?(?:png|svg|pdf|jpe?g|image|picture)(?: (?:file|image|picture))?\b/i);
  take(/\b(?:using|with|in) (?:python|matplotlib|pandas|seaborn|numpy)(?: and \w+)?\b/i);
  const bins = numberIn(/\b([\w-]+) bins\b/i, rest);
  take(/\b(?:with|in|using|into)? ?[\w-]+ bins\b/i);
  const counted = (patterns: readonly RegExp[]): number | undefined => {
    const pattern = patterns.find((one) => numberIn(one, rest) !== undefined);
    const count = pattern && numberIn(pattern, rest);
    if (pattern) take(pattern);
    return count;
  };
  const top = counted(MOST);
  const bottom = top === undefined ? counted(FEWEST) : undefined;
  for (const pattern of [
    /\b(?:from|in|of|using|with|on|for|out of|based on)? ?(?:the|this|that|my|our|your|an?|some)? ?(?:attached|uploaded|sample|same|example|demo|dummy|fake|mock|random|given|provided|current)? ?(?:csv|tsv|spreadsheet|table|data ?sets?|data|files?|attachment)(?: (?:file|data|above))?\b/gi,
    ...KINDS.map(
      ([, kind]) =>
        new RegExp(`(?:\\b(?:as|in|into|with|using) )?(?:\\b(?:an?|the) )?(?:${kind.source})`, 'gi'),
    ),
  ]) {
    rest = rest.replace(pattern, ' ');
  }
  return {
    rest,
    top,
    bottom,
    where: where ? { column: where[1] ?? '', value: where[2] ?? '' } : undefined,
    bins,
    fileName: named?.[1],
    aboutData,
    sample,
    saveAs: saveAs?.replace(/jpeg$/i, 'jpg'),
    format: (format as PictureFormat | undefined) ?? 'png',
  };
}

type Phrases = Pick<ChartWish, 'values' | 'by' | 'alsoBy' | 'link' | 'aggregate'>;

function splitPhrases(text: string, columns: readonly string[]): Phrases {
  const forms = new Set(columns.map(sameForm));
  const known = (phrase: string) => forms.has(sameForm(phrase));
  const plain = text.replace(/\bhow (.+?) (?:changes|changed|develops|developed|evolves|evolved)\b/i, '$1');
  const [left = '', ...right] = ` ${plain.replace(/[,;:]+ /g, ' , ').replace(/\s+/g, ' ')} `.split(LINKS);
  const linkWord = LINKS.exec(` ${text.replace(/\s+/g, ' ')} `)?.[0];
  const between = /\bbetween (.+)$/i.exec(left);
  const first = readAggregate(trim(between?.[1] ?? left, known), known);
  const second = readAggregate(trim(right[0] ?? '', known), known);
  const period = PERIODS.exec(first.phrase);
  const value = period && !known(first.phrase) ? first.phrase.replace(PERIODS, ' ') : first.phrase;
  const by =
    unmark(trim(second.phrase, known), columns) ||
    (period ? PERIOD_NAMES[(period[0] ?? '').toLowerCase()] : undefined);
  return {
    values: splitList(trim(value, known), known)
      .map((phrase) => unmark(trim(phrase, known), columns))
      .filter((phrase) => phrase !== ''),
    by: by || undefined,
    alsoBy: unmark(trim(right[1] ?? '', known), columns) || undefined,
    link: linkWord === undefined ? (between ? 'versus' : undefined) : VERSUS.test(linkWord) ? 'versus' : 'by',
    aggregate: first.aggregate ?? second.aggregate,
  };
}

const PERIODS = /\b(?:monthly|quarterly|yearly|annual|weekly|daily)\b/i;
const PERIOD_NAMES: Readonly<Record<string, string>> = {
  monthly: 'month',
  quarterly: 'quarter',
  yearly: 'year',
  annual: 'year',
  weekly: 'week',
  daily: 'day',
};

function splitList(phrase: string, known: (phrase: string) => boolean): readonly string[] {
  return known(phrase) ? [phrase] : phrase.split(/\s*(?:,|&|\band\b)\s*/i);
}

const AGGREGATES: readonly (readonly [Aggregate, string])[] = [
  ['sum', 'total|sum|summed|overall'],
  ['mean', 'average|avg\\.?|mean'],
  ['median', 'median'],
  ['count', 'count|counts|number|frequency|how many'],
  ['min', 'minimum|min|lowest|smallest'],
  ['max', 'maximum|max|highest|largest|biggest'],
];

/** What a request for values begins with. */
const AGGREGATE_FIRST = new RegExp(`^(?:the )?(?:${AGGREGATES.map(([, words]) => words).join('|')}) `, 'i');

function readAggregate(
  phrase: string,
  known: (phrase: string) => boolean,
): { readonly phrase: string; readonly aggregate: Aggregate | undefined } {
  if (known(phrase)) return { phrase, aggregate: undefined };
  for (const [aggregate, words] of AGGREGATES) {
    const before = new RegExp(`^(?:${words})(?: of)?(?: the)?(?: |$)`, 'i').exec(phrase);
    const after = new RegExp(` \\(?(?:${words})\\)?$`, 'i').exec(phrase);
    if (before) return { phrase: phrase.slice(before[0].length).trim(), aggregate };
    if (after) return { phrase: phrase.slice(0, after.index).trim(), aggregate };
  }
  return { phrase, aggregate: undefined };
}

const FILLER = new Set(
  (
    'a an the of for me us my our your to show showing shows with from in on at and as or please give make create ' +
    'generate draw plot plotting chart charts graph graphs display build produce render visualize visualise visualization ' +
    'visualisation diagram diagrams figure image picture png all each every values value column columns that which is are it its this ' +
    'these those i we want see need new simple nice quick basic small big beautiful colorful colourful some compare ' +
    'comparing comparison relationship correlation between trend trends development evolution how save then ' +
    'just only again instead same now rows sample example random numbers but look like here'
  ).split(' '),
);

/** Fillers that may well be the name of a column, and then are no fillers. */
const NOUNS =
  /^(?:values?|columns?|rows?|numbers?|samples?|examples?|trends?|development|evolution|correlation|comparison|relationship|figure|image|picture)$/i;

/** "The share of revenue" is about revenue; "market share" is a name. */
const PARTS = /^(?:shares?|proportions?|percentages?|parts?)$/i;

/** Takes words that name nothing off both ends. */
function trim(phrase: string, known: (phrase: string) => boolean): string {
  let words = phrase.trim().split(/\s+/);
  const idle = (word: string | undefined) =>
    word !== undefined &&
    (/^[\s,.;:!?&()-]*$/.test(word) ||
      (FILLER.has(word.toLowerCase()) && !(NOUNS.test(word) && known(word))));
  while (words.length > 0 && !known(words.join(' '))) {
    // The front goes first: of "of value" the value may be a column.
    if (idle(words[0]) || (PARTS.test(words[0] ?? '') && words[1] === 'of')) words = words.slice(1);
    else if (idle(words.at(-1))) words = words.slice(0, -1);
    else break;
  }
  return words.join(' ').replace(/^[,;:\s]+|[,;:\s]+$/g, '');
}
