/** A stretch of a text that looks different; `className` is a list of classes of the style sheet. */
export interface StyleRun {
  readonly from: number;
  readonly to: number;
  readonly className: string;
}

/** A text as a terminal would have left it. The runs are in order and do not overlap; what is between them is plain. */
export interface StyledText {
  readonly text: string;
  readonly runs: readonly StyleRun[];
}

/** Each run is an element: beyond this many, text stays plain. */
const MOST_RUNS = 10_000;

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const SPECIAL = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/;
/** CSI, OSC and the other strings (ended by BEL or ST), two-character sequences, backspace, and other controls (ECMA-48). */
const SEQUENCES =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: as above
  /(?:\x1b\[|\x9b)([0-?]{0,64})[ -/]*([@-~])|\x1b[\]P^_X][^\x07\x1b]{0,2000}(?:\x07|\x1b\\)?|\x1b[ -/]*[0-~]|(\x08)|[\x00-\x07\x0b\x0c\x0e-\x1f\x7f-\x9f]/g;

/**
 * Reads what a program printed for a terminal: colours and weights become runs, a line that was written over after
 * `\r` shows what was left of it, every other sequence is dropped. Costs no more than the length of the text, whatever
 * is in it.
 */
export function readTerminal(raw: string): StyledText {
  if (!SPECIAL.test(raw)) return { text: raw, runs: [] };
  const pen = new Pen();
  const runs: StyleRun[] = [];
  let text = '';
  for (const [place, line] of raw.split('\n').entries()) {
    if (place > 0) text += '\n';
    const read = readLine(line, pen);
    for (const { from, to, className } of read.runs) {
      if (runs.length >= MOST_RUNS) break;
      const last = runs.at(-1);
      const start = text.length + from;
      if (last?.to === start && last.className === className)
        runs[runs.length - 1] = { ...last, to: text.length + to };
      else runs.push({ from: start, to: text.length + to, className });
    }
    text += read.text;
  }
  return { text, runs };
}

function readLine(line: string, pen: Pen): StyledText {
  if (!SPECIAL.test(line)) return pen.write(line);
  const states = line.split('\r').map((state) => readState(state, pen));
  // From the last one back: of each earlier state only what sticks out beyond the later ones is left.
  let text = '';
  let runs: readonly StyleRun[] = [];
  for (const state of states.toReversed()) {
    const covered = text.length;
    if (state.text.length > covered) {
      text += state.text.slice(covered);
      const rest = state.runs.filter(({ to }) => to > covered);
      runs = [...runs, ...rest.map((run) => ({ ...run, from: Math.max(run.from, covered) }))];
    }
    if (state.erased) break;
  }
  return { text, runs };
}

/** What was written from the beginning of the line on; `erased` where what stood behind it was taken away. */
function readState(state: string, pen: Pen): StyledText & { readonly erased: boolean } {
  const runs: StyleRun[] = [];
  const pieces: string[] = [];
  let length = 0;
  let erased = false;
  const write = (piece: string) => {
    if (piece === '') return;
    for (const run of pen.write(piece).runs)
      runs.push({ ...run, from: length + run.from, to: length + run.to });
    pieces.push(piece);
    length += piece.length;
  };
  const goBack = () => {
    const last = pieces.pop();
    if (last === undefined) return;
    const rest = last.slice(0, /[\udc00-\udfff]$/.test(last) ? -2 : -1);
    if (rest !== '') pieces.push(rest);
    length -= last.length - rest.length;
    const run = runs.at(-1);
    if (run === undefined || run.to <= length) return;
    if (run.from >= length) runs.pop();
    else runs[runs.length - 1] = { ...run, to: length };
  };
  let at = 0;
  for (const match of state.matchAll(SEQUENCES)) {
    write(state.slice(at, match.index));
    at = match.index + match[0].length;
    const [, parameters = '', final, backspace] = match;
    if (final === 'm') pen.set(parameters);
    else if (final === 'K') erased = true;
    else if (backspace !== undefined) goBack();
  }
  write(state.slice(at));
  return { text: pieces.join(''), runs, erased };
}

/** Numbers of "Select Graphic Rendition" that switch something on, and what. */
const WEIGHTS: Readonly<Record<number, string>> = {
  1: 'bold',
  2: 'dim',
  3: 'italic',
  4: 'underline',
  9: 'strike',
};
/** Those that switch it off again. */
const ENDS: Readonly<Record<number, readonly string[]>> = {
  22: ['bold', 'dim'],
  23: ['italic'],
  24: ['underline'],
  29: ['strike'],
};

/** How text is written just now. */
class Pen {
  #front: number | undefined;
  #back: number | undefined;
  #inverse = false;
  readonly #weights = new Set<string>();
  #className = '';

  write(text: string): StyledText {
    const className = this.#className;
    return { text, runs: className === '' || text === '' ? [] : [{ from: 0, to: text.length, className }] };
  }

  /** @param parameters between `ESC [` and `m` */
  set(parameters: string): void {
    const codes = parameters.split(/[;:]/).map(Number);
    for (let at = 0; at < codes.length; at++) {
      const code = codes[at] ?? 0;
      if (code === 38 || code === 48) {
        const { colour, length } = extendedColour(codes.slice(at + 1, at + 6));
        if (code === 38) this.#front = colour;
        else this.#back = colour;
        at += length;
      } else this.#setOne(code);
    }
    this.#className = this.#classes().join(' ');
  }

  #setOne(code: number): void {
    const weight = WEIGHTS[code];
    if (weight !== undefined) this.#weights.add(weight);
    else if (ENDS[code]) for (const ended of ENDS[code]) this.#weights.delete(ended);
    else if (code === 0) {
      this.#front = undefined;
      this.#back = undefined;
      this.#inverse = false;
      this.#weights.clear();
    } else if (code === 7) this.#inverse = true;
    else if (code === 27) this.#inverse = false;
    else if (code === 39) this.#front = undefined;
    else if (code === 49) this.#back = undefined;
    else if (code >= 30 && code <= 37) this.#front = code - 30;
    else if (code >= 90 && code <= 97) this.#front = code - 82;
    else if (code >= 40 && code <= 47) this.#back = code - 40;
    else if (code >= 100 && code <= 107) this.#back = code - 92;
  }

  #classes(): string[] {
    const found = [...this.#weights].map((weight) => `ansi-${weight}`);
    if (this.#inverse) return [...found, 'ansi-inverse'];
    if (this.#front !== undefined) found.push(`ansi-fg-${this.#front}`);
    // A colour on itself would hide the text.
    if (this.#back !== undefined && this.#back !== this.#front) found.push(`ansi-bg-${this.#back}`);
    return found;
  }
}

/** Of 256 or 16 million colours the nearest of the theme's sixteen; `length` is how many numbers told it. */
function extendedColour([kind, ...values]: readonly number[]): {
  readonly colour: number | undefined;
  readonly length: number;
} {
  if (kind === 2) return { colour: nearest(values[0] ?? 0, values[1] ?? 0, values[2] ?? 0), length: 4 };
  const index = values[0] ?? 0;
  if (kind !== 5 || !(index >= 0 && index <= 255)) return { colour: undefined, length: kind === 5 ? 2 : 1 };
  if (index < 16) return { colour: index, length: 2 };
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return { colour: nearest(grey, grey, grey), length: 2 };
  }
  const level = (part: number) => (part === 0 ? 0 : 55 + part * 40);
  const cube = index - 16;
  return {
    colour: nearest(level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6)),
    length: 2,
  };
}

/** The sixteen colours of a plain VGA terminal, for telling which one is meant; what is shown is the theme's. */
const VGA: readonly (readonly [number, number, number])[] = [
  [0, 0, 0],
  [170, 0, 0],
  [0, 170, 0],
  [170, 85, 0],
  [0, 0, 170],
  [170, 0, 170],
  [0, 170, 170],
  [170, 170, 170],
  [85, 85, 85],
  [255, 85, 85],
  [85, 255, 85],
  [255, 255, 85],
  [85, 85, 255],
  [255, 85, 255],
  [85, 255, 255],
  [255, 255, 255],
];

function nearest(red: number, green: number, blue: number): number {
  const distance = ([r, g, b]: readonly [number, number, number]) =>
    (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2;
  let best = 0;
  for (const [place, colour] of VGA.entries()) {
    const known = VGA[best];
    if (known && distance(colour) < distance(known)) best = place;
  }
  return best;
}
