import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { arrayField, stringField } from '../../src/core/json.ts';
import type { CodeAnswer } from './codeRun.ts';
import { parseJson } from './json.ts';
import { nativePython, root } from './tools.ts';

const living = new Set<ChildProcessByStdio<Writable, Readable, null>>();

// Code that does not end does not see that nobody reads its answers any more.
process.once('exit', () => {
  for (const child of living) child.kill('SIGKILL');
});

/** Native CPython that runs code as the gateway's does (test/bench/nativePeer.py): what benchmarks compare with. */
export class NativePython {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: AsyncIterator<string>;

  /** @param folder where its code writes files */
  constructor(folder: string) {
    const program = path.join(root, 'test', 'bench', 'nativePeer.py');
    this.#child = spawn(nativePython(), [program], { cwd: folder, stdio: ['pipe', 'pipe', 'inherit'] });
    living.add(this.#child);
    this.#child.once('exit', () => living.delete(this.#child));
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Runs code; one at a time. @throws where it did not end well */
  async run(code: string): Promise<CodeAnswer> {
    const answer = await this.#ask(code);
    const end = stringField(answer, 'end');
    if (end !== 'ok') throw new Error(`native Python: ${end}`);
    return {
      logs: stringField(answer, 'logs') ?? '',
      figures: (arrayField(answer, 'figures') ?? []).map((png) => Buffer.from(String(png), 'base64')),
    };
  }

  /** Begins to run code that does not end. @returns interrupts it; the code sent next waits for that */
  begin(code: string): () => void {
    void this.#ask(code);
    return () => this.#child.kill('SIGINT');
  }

  async #ask(code: string): Promise<unknown> {
    this.#child.stdin.write(`${JSON.stringify({ code })}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error('native Python ended');
    return parseJson(value);
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.stdin.end();
    await ended;
  }
}
