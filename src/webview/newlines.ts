/** Turns `\r\n` and `\r` into `\n` in text that arrives in pieces, also where a piece ends between the two. */
export class Newlines {
  #held = false;

  /** The next piece with plain newlines; a `\r` at its end waits for what follows. */
  push(piece: string): string {
    let text = this.#held ? `\r${piece}` : piece;
    this.#held = text.endsWith('\r');
    if (this.#held) text = text.slice(0, -1);
    return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  }

  /** What was still waiting: nothing follows. */
  flush(): string {
    const rest = this.#held ? '\n' : '';
    this.#held = false;
    return rest;
  }
}
