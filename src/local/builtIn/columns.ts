import type { Column } from './csv.ts';

/** Words that people use for a column that is called otherwise; tried only where nothing else fits. */
const SYNONYMS: Readonly<Record<string, readonly string[]>> = {
  sale: ['revenue', 'amount', 'turnover', 'total', 'unit'],
  revenue: ['sale', 'amount', 'turnover', 'income'],
  quantity: ['unit', 'qty', 'count'],
  unit: ['quantity', 'qty'],
  cost: ['price', 'expense'],
};

/** Words that add nothing to what they follow: "discount percent", "product name". */
const UNITS = new Set([
  'percent',
  'percentage',
  'amount',
  'value',
  'number',
  'name',
  'usd',
  'eur',
  'dollar',
  'euro',
]);

/** Words that change nothing before what they stand: "the revenue", "sales region". All others do ("log revenue"). */
const HARMLESS = new Set(
  'the a an our my your their this that these those all each every total sum average mean overall sale order'.split(
    ' ',
  ),
);

/** The words of a name or a phrase in one form: lower case, no marks, singular, `unitPrice` as two words. */
export function wordsOf(text: string): readonly string[] {
  const spaced = text
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .normalize('NFKC')
    .toLowerCase();
  return (spaced.match(/[\p{L}\p{M}\p{N}]+/gu) ?? []).map(singular);
}

function singular(word: string): string {
  if (word.length > 4 && word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (word.length > 4 && /(?:ss|x|ch|sh)es$/.test(word)) return word.slice(0, -2);
  return word.length > 3 && /[^sui]s$/.test(word) ? word.slice(0, -1) : word;
}

/** A name in the form in which two are compared. */
export function sameForm(text: string): string {
  return wordsOf(text).join(' ') || text.trim().toLowerCase();
}

/** The column that a phrase means exactly, but for case, marks and plural. */
export function exactColumn(phrase: string, columns: readonly Column[]): Column | undefined {
  const form = sameForm(phrase);
  return (
    columns.find((column) => column.name === phrase) ??
    columns.find((column) => sameForm(column.name) === form)
  );
}

/**
 * The column that a phrase means: the same name, else the shortest one that has all its words (`price` for
 * `unit_price`) or whose words are all in it, else one with a name that is used for the same.
 */
export function findColumn(phrase: string, columns: readonly Column[]): Column | undefined {
  const words = wordsOf(phrase);
  if (words.length === 0) return exactColumn(phrase, columns);
  return exactColumn(phrase, columns) ?? closest(words, columns) ?? synonymous(words, columns);
}

function closest(words: readonly string[], columns: readonly Column[]): Column | undefined {
  const head = words.findLastIndex((word) => !UNITS.has(word));
  const core = words.slice(0, head + 1);
  const near = columns.filter((column) => {
    const own = wordsOf(column.name);
    // What comes last is what a phrase is about: "sales region" is a region, "revenue growth" is no revenue.
    // "Cumulative revenue" and "revenue without tax" end with a column too, and mean something else.
    return own.length > 0 && (words.every((word) => own.includes(word)) || endsWith(core, own));
  });
  return near.toSorted((a, b) => a.name.length - b.name.length)[0];
}

function endsWith(words: readonly string[], end: readonly string[]): boolean {
  const before = words.length - end.length;
  return (
    before >= 0 &&
    end.every((word, at) => words[before + at] === word) &&
    words.slice(0, before).every((word) => HARMLESS.has(word))
  );
}

function synonymous(words: readonly string[], columns: readonly Column[]): Column | undefined {
  const [word, ...more] = words;
  if (word === undefined || more.length > 0) return undefined;
  for (const other of Object.hasOwn(SYNONYMS, word) ? (SYNONYMS[word] ?? []) : []) {
    const found = closest([other], columns);
    if (found) return found;
  }
  return undefined;
}
