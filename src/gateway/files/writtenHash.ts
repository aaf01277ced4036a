import { createHash } from 'node:crypto';
import { Worker } from 'node:worker_threads';

/** Bytes of a file that are hashed as they come; a longer one is hashed beside the download, by a thread of its own. */
const INLINE = 8 * 1024 * 1024;

/** What the thread is told: how far the file is written, and whether that is all. */
interface Progress {
  readonly bytes: number;
  readonly last: boolean;
}

/**
 * The SHA-256 of a file that is being written. Where it is long, the thread reads it from the disk, behind the writer:
 * neither the download waits for the hash, nor are bytes held for it.
 */
export class WrittenHash implements AsyncDisposable {
  readonly #file: string;
  #inline = createHash('sha256');
  #inlineBytes = 0;
  #thread: HashThread | undefined;

  /** @param file where it is being written */
  constructor(file: string) {
    this.#file = file;
  }

  /** Takes in the next piece, before it is written. */
  update(piece: Uint8Array): void {
    if (this.#thread) return;
    this.#inlineBytes += piece.byteLength;
    if (this.#inlineBytes > INLINE) this.#thread = new HashThread(this.#file);
    else this.#inline.update(piece);
  }

  /** Tells how much of the file is on the disk. */
  written(bytes: number): void {
    this.#thread?.tell({ bytes, last: false });
  }

  /** Forgets all there was. */
  async startOver(): Promise<void> {
    await this.#thread?.end();
    this.#thread = undefined;
    this.#inline = createHash('sha256');
    this.#inlineBytes = 0;
  }

  /** @param bytes all of the file, and all on the disk. @returns lower-case hex @throws the error of reading the file */
  async digest(bytes: number): Promise<string> {
    return this.#thread?.digest(bytes) ?? this.#inline.digest('hex');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#thread?.end();
  }
}

class HashThread {
  readonly #worker: Worker;
  readonly #digest: Promise<string>;

  constructor(file: string) {
    // As text: a bundle of one file has no other file to name.
    this.#worker = new Worker(`(${hashFile.toString()})()`, { eval: true, workerData: file });
    this.#digest = new Promise((resolve, reject) => {
      this.#worker.once('message', resolve);
      this.#worker.once('error', reject);
    });
    // Whoever asks for the digest meets the error.
    this.#digest.catch(() => {});
  }

  tell(progress: Progress): void {
    this.#worker.postMessage(progress);
  }

  async digest(bytes: number): Promise<string> {
    this.tell({ bytes, last: true });
    return this.#digest;
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}

/** What the thread does. It has nothing of this module: only Node's own modules, asked for inside. */
function hashFile(): void {
  const { parentPort, workerData } = process.getBuiltinModule('node:worker_threads');
  const fs = process.getBuiltinModule('node:fs');
  const hash = process.getBuiltinModule('node:crypto').createHash('sha256');
  const file = fs.openSync(String(workerData), 'r');
  const block = Buffer.allocUnsafeSlow(1 << 20);
  let at = 0;
  parentPort?.on('message', ({ bytes, last }: Progress) => {
    while (at < bytes) {
      const read = fs.readSync(file, block, 0, Math.min(block.length, bytes - at), at);
      if (read === 0) throw new Error(`The file ends at ${at} of ${bytes} bytes.`);
      hash.update(block.subarray(0, read));
      at += read;
    }
    if (!last) return;
    fs.closeSync(file);
    parentPort.postMessage(hash.digest('hex'));
    parentPort.close();
  });
}
