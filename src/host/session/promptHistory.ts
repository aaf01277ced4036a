/** Texts that are kept. */
const MOST = 200;
/** UTF-16 units of one text: what is longer was pasted, and is not what one looks for. */
const LONGEST = 20_000;

export interface SentPrompt {
  readonly text: string;
  /** ms since the epoch. */
  readonly at: number;
}

/** What was sent, to be sent again with changes: from this window, and in the sessions that are stored. */
export class PromptHistory {
  readonly #readStored: () => Promise<readonly SentPrompt[]>;
  #stored: Promise<readonly SentPrompt[]> | undefined;
  #own: readonly SentPrompt[] = [];

  /** @param readStored gives what was sent in stored sessions, in any order; must not reject */
  constructor(readStored: () => Promise<readonly SentPrompt[]>) {
    this.#readStored = readStored;
  }

  /** The newest, oldest first, each text once, where it was sent last. */
  async list(): Promise<readonly string[]> {
    this.#stored ??= this.#readStored();
    return newest([...(await this.#stored), ...this.#own]).map(({ text }) => text);
  }

  add(text: string, at: number): void {
    this.#own = newest([...this.#own, { text, at }]);
  }

  /** The stored sessions have changed: they are read again when they are asked for. */
  storedChanged(): void {
    this.#stored = undefined;
  }
}

function newest(prompts: readonly SentPrompt[]): readonly SentPrompt[] {
  const known = new Map<string, SentPrompt>();
  for (const prompt of prompts.toSorted((a, b) => a.at - b.at)) {
    if (prompt.text.trim() === '' || prompt.text.length > LONGEST) continue;
    known.delete(prompt.text);
    known.set(prompt.text, prompt);
  }
  return [...known.values()].slice(-MOST);
}
