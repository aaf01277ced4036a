import type { RunItem } from './runState.ts';
import type { RunEntry } from './session.ts';

/** One side's words in a conversation that is told anew. */
export interface Turn {
  readonly role: 'user' | 'assistant';
  readonly text: string;
}

/** UTF-16 units of one turn, and of all turns together: enough for the thread, little beside what models take. */
const LONGEST_TURN = 16_000;
const LONGEST = 120_000;

/** For the model, so in one language: without it, code would rely on variables that are gone. */
const NOTE: Turn = {
  role: 'user',
  text: 'Note: the Python container that was used above is gone, with its variables and files. Code runs in a new one from now on. Attached files are there again only where the next message lists them.',
};

/**
 * What was said in a session, for a chain of responses that has to begin anew: the newest exchanges that came to an
 * end, oldest first, with the code that was run, and a note where the container became another one. Empty where
 * nothing was said.
 *
 * @param inputOf what a run sent to the model
 * @param gone how many of the runs, from the first on, worked in containers that are gone
 */
export function conversationOf(
  runs: readonly RunEntry[],
  inputOf: (run: RunEntry) => string,
  gone: number,
): readonly Turn[] {
  const turns: Turn[] = [];
  let left = LONGEST;
  let noted = false;
  for (const [place, run] of [...runs.entries()].toReversed()) {
    if (run.state.status !== 'completed' && run.state.status !== 'incomplete') continue;
    const answer = run.state.items.map(wordsOf).filter((words) => words !== '');
    if (answer.length === 0) continue;
    const asked: Turn = { role: 'user', text: shorten(inputOf(run)) };
    const answered: Turn = { role: 'assistant', text: shorten(answer.join('\n\n')) };
    left -= asked.text.length + answered.text.length;
    if (left < 0) break;
    if (place < gone && !noted) {
      turns.unshift(NOTE);
      noted = true;
    }
    turns.unshift(asked, answered);
  }
  return turns;
}

function wordsOf(item: RunItem): string {
  if (item.kind === 'message') return item.parts.map((part) => part.text).join('');
  return item.code === '' ? '' : `\`\`\`python\n${item.code}\n\`\`\``;
}

function shorten(text: string): string {
  // A cut through a pair of surrogates would leave half a character.
  return text.length <= LONGEST_TURN ? text : `${text.slice(0, LONGEST_TURN - 1).toWellFormed()}…`;
}
