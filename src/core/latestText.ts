import type { TextPart } from './events.ts';

/** Characters of its end that are held for a part that is being written: at least half of these, once there are as many. */
const LONGEST = 1_024;

/** Beside the parts, not in them: nothing of a run's state depends on it, and no copy of one has it. */
const latest = new WeakMap<TextPart, string>();

/** A part with text added at its end. */
export function addText(part: TextPart, delta: string, refusal: boolean): TextPart {
  const grown: TextPart = { ...part, text: part.text + delta, refusal };
  const end = (latest.get(part) ?? '') + delta;
  latest.set(grown, end.length > LONGEST ? end.slice(-LONGEST / 2) : end);
  return grown;
}

/**
 * The end of a part's text, as far as it came in pieces of late; empty where that is not known. A text that is put
 * together of thousands of pieces is made one each time it is looked at, all of it: this is how to see what is new
 * without that.
 */
export function latestText(part: TextPart): string {
  return latest.get(part) ?? '';
}
