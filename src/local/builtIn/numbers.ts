const WORDS: Readonly<Record<string, number>> = {
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
  fifteen: 15,
  twenty: 20,
  'twenty-five': 25,
  thirty: 30,
  forty: 40,
  fifty: 50,
  hundred: 100,
};

/** The whole number that the pattern's first group catches, in digits or as a common word. */
export function numberIn(pattern: RegExp, text: string): number | undefined {
  const found = pattern.exec(text)?.[1]?.toLowerCase().replaceAll(',', '');
  if (found === undefined) return undefined;
  if (/^\d{1,15}$/.test(found)) return Number(found);
  return Object.hasOwn(WORDS, found) ? WORDS[found] : undefined;
}
