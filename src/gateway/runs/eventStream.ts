/** Called with the data of one event. */
type OnData = (data: string) => void;

/**
 * Splits the text of a `text/event-stream` into events, however the text is cut, by the rules of
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation. Only `data` is kept:
 * names, ids and times to wait before connecting again have no use here. Costs no more for text that is cut often.
 */
export class EventStream {
  readonly #onData: OnData;
  /** The line that has begun; joined without being looked at again. */
  #line = '';
  /** Lines of data of the event that has begun; undefined before the first. */
  #data: string | undefined;
  /** The text so far ended with a carriage return, to which a line feed may belong. */
  #returned = false;

  constructor(onData: OnData) {
    this.#onData = onData;
  }

  /** UTF-16 units of the event that has begun and not ended. */
  get held(): number {
    return this.#line.length + (this.#data?.length ?? 0);
  }

  /** Takes the next piece of text, without the byte order mark that the whole may begin with. */
  feed(piece: string): void {
    const text = this.#withLineFeeds(piece);
    let start = 0;
    let end = text.indexOf('\n');
    if (end !== -1 && this.#line !== '') {
      const line = this.#line + text.slice(0, end);
      this.#line = '';
      this.#take(line, 0, line.length);
      start = end + 1;
      end = text.indexOf('\n', start);
    }
    while (end !== -1) {
      this.#take(text, start, end);
      start = end + 1;
      end = text.indexOf('\n', start);
    }
    this.#line += start === 0 ? text : text.slice(start);
  }

  /** Lines may end with CR, LF or both; nearly all servers send LF alone. */
  #withLineFeeds(piece: string): string {
    const text = this.#returned && piece.startsWith('\n') ? piece.slice(1) : piece;
    if (piece !== '') this.#returned = piece.endsWith('\r');
    return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  }

  /** Takes the line from `start` to `end`. */
  #take(text: string, start: number, end: number): void {
    if (start === end) {
      const data = this.#data;
      this.#data = undefined;
      if (data !== undefined) this.#onData(data);
    } else if (text.startsWith('data', start)) {
      const value = valueAt(text, start + 4, end);
      if (value !== undefined) this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`;
    }
  }
}

/** What follows the name of a field, which ends at `at`; undefined where the name goes on. */
function valueAt(text: string, at: number, end: number): string | undefined {
  if (at === end) return '';
  if (text[at] !== ':') return undefined;
  return text.slice(text[at + 1] === ' ' ? at + 2 : at + 1, end);
}
