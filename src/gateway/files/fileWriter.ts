import type { FileHandle } from 'node:fs/promises';

/** Bytes that are gathered before they are written: one call of the system for many small pieces. */
const GATHERED = 1 << 20;

/** Writes pieces to a file one behind the other, while the next ones are still coming in. Holds 2 MiB or so. */
export class FileWriter {
  readonly #file: FileHandle;
  readonly #onWritten: (bytes: number) => void;
  #pieces: Uint8Array[] = [];
  #gathered = 0;
  #position = 0;
  #writing: Promise<void> = Promise.resolve();

  /** @param onWritten told how many bytes are in the file, from its beginning */
  constructor(file: FileHandle, onWritten: (bytes: number) => void = () => {}) {
    this.#file = file;
    this.#onWritten = onWritten;
  }

  /** Bytes taken so far. */
  get bytes(): number {
    return this.#position + this.#gathered;
  }

  /** @throws the file's error, perhaps that of an earlier piece */
  async add(piece: Uint8Array): Promise<void> {
    this.#pieces.push(piece);
    this.#gathered += piece.byteLength;
    if (this.#gathered >= GATHERED) await this.#flush();
  }

  /** Forgets all there was. @throws the file's error */
  async startOver(): Promise<void> {
    await this.#writing;
    this.#pieces = [];
    this.#gathered = this.#position = 0;
    await this.#file.truncate(0);
  }

  /** Fulfilled when everything is written. @throws the file's error */
  async end(): Promise<void> {
    await this.#flush();
    await this.#writing;
  }

  async #flush(): Promise<void> {
    await this.#writing;
    const end = this.#position + this.#gathered;
    this.#writing = write(this.#file, this.#pieces, this.#position).then(() => this.#onWritten(end));
    // Whoever comes next meets the error; until then nobody waits for it.
    this.#writing.catch(() => {});
    this.#position = end;
    this.#pieces = [];
    this.#gathered = 0;
  }
}

async function write(file: FileHandle, pieces: readonly Uint8Array[], position: number): Promise<void> {
  let left = [...pieces];
  let at = position;
  while (left.length > 0) {
    const { bytesWritten } = await file.writev(left, at);
    at += bytesWritten;
    left = without(left, bytesWritten);
  }
}

/** The pieces without their first bytes. */
function without(pieces: readonly Uint8Array[], bytes: number): Uint8Array[] {
  let skip = bytes;
  return pieces.flatMap((piece) => {
    const cut = Math.min(skip, piece.byteLength);
    skip -= cut;
    return cut === piece.byteLength ? [] : [piece.subarray(cut)];
  });
}
