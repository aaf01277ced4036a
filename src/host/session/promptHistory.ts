/** Texts that are kept. */
const MOST = 200;
/** UTF-16 units of one text: what is longer was pasted, and is not what one looks for. */
const LONGEST = 20_000;

/** What was sent from this window, to be sent again with changes. */
export class PromptHistory {
  #prompts: readonly string[] = [];

  /** Oldest first, each text once, where it was sent last. */
  get list(): readonly string[] {
    return this.#prompts;
  }

  add(text: string): void {
    if (text.trim() === '' || text.length > LONGEST) return;
    this.#prompts = [...this.#prompts.filter((known) => known !== text), text].slice(-MOST);
  }
}
