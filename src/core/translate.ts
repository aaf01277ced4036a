import type { Translate } from './errorText.ts';
import { isObject, parseJson } from './json.ts';

/** Texts in the user's language, by the English text. */
export type Dictionary = Readonly<Record<string, string>>;

/** Reads a dictionary, as it is in `l10n/`; a missing or broken one is an empty one: English then. */
export function readDictionary(json: string | null | undefined): Dictionary {
  const value = parseJson(json ?? '');
  if (!isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** A function that gives a text in the user's language and fills `{0}`, `{1}` and so on from its arguments. */
export function makeTranslate(dictionary: Dictionary): Translate {
  return (text, ...args) => {
    const found = Object.hasOwn(dictionary, text) ? (dictionary[text] ?? text) : text;
    // Most texts have no holes, and some are asked for with every frame.
    if (args.length === 0) return found;
    return found.replace(/\{(\d+)\}/g, (hole, index: string) => args[Number(index)] ?? hole);
  };
}

/** The texts as they are in the sources. */
export const english: Translate = makeTranslate({});
