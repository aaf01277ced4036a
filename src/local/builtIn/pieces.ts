import { setTimeout as wait } from 'node:timers/promises';

/** How long the writing of one program may be drawn out at most, in ms: so that it can be watched. 0 in tests. */
export type Pace = number;

/** A long program comes in larger pieces, for each piece is an event. */
const MOST_PIECES = 400;

/** The text in pieces of a few characters, as a model would write it; cut at words, never inside a character. */
export function pieces(text: string): readonly string[] {
  const least = Math.ceil(text.length / MOST_PIECES);
  const found: string[] = [];
  let piece = '';
  for (const [token] of text.matchAll(/\s+|[\p{L}\p{N}_]{1,8}|[^\s\p{L}\p{N}_]{1,3}/gu)) {
    // A blank starts a piece rather than being one, as with models' tokens.
    if (piece !== '' && piece.length >= least && piece.trim() !== '') {
      found.push(piece);
      piece = '';
    }
    piece += token;
  }
  if (piece !== '') found.push(piece);
  return found;
}

/** The pieces one after the other, spread over `pace` ms; what is left at once when `signal` is aborted. */
export async function* paced(text: string, pace: Pace, signal: AbortSignal): AsyncGenerator<string> {
  const all = pieces(text);
  // Short texts must not crawl.
  const each = Math.min(6, pace / Math.max(all.length, 1));
  const start = performance.now();
  for (const [at, piece] of all.entries()) {
    const ahead = at * each - (performance.now() - start);
    if (ahead >= 1 && !signal.aborted) await wait(ahead, undefined, { signal }).catch(() => undefined);
    yield piece;
  }
}
