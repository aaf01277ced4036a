import type { Python, PythonFile, PythonOutcome, RunOptions, StartPython } from '../../src/local/python.ts';

/** A PNG of one pixel. */
export const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/**
 * A stand-in for Python, for tests of the wire: it runs nothing, but knows a few lines by their look: `savefig("…")`
 * (a file and a figure), `open("…", "w"` (a file), `print("…")`, `os.remove("…")`, `raise`, `while True` (until
 * aborted), `os._exit` (it dies), `listdir` (the files it was given), and `name = "…"` / `print(name)`.
 */
export class FakePython implements Python {
  alive = true;
  readonly files = new Map<string, Uint8Array>();
  readonly #variables = new Map<string, string>();

  async run(code: string, { signal }: RunOptions): Promise<PythonOutcome> {
    const outcome: PythonOutcome = {
      end: 'ok',
      logs: '',
      images: [],
      written: [],
      removed: [],
      remark: undefined,
    };
    const logs: string[] = [];
    const images: Uint8Array[] = [];
    const written: PythonFile[] = [];
    const removed: string[] = [];
    const write = (path: string, bytes: Uint8Array) => {
      this.files.set(path, bytes);
      written.push({ path, bytes });
    };
    for (const [, path = ''] of code.matchAll(/savefig\("([^"]+)"/g)) {
      write(path, PIXEL);
      images.push(PIXEL);
    }
    for (const [, path = ''] of code.matchAll(/open\("([^"]+)", "w"/g))
      write(path, Buffer.from('a,b\n1,2\n'));
    for (const [, path = ''] of code.matchAll(/os\.remove\("([^"]+)"/g)) {
      this.files.delete(path);
      removed.push(path);
    }
    for (const [, name = '', value = ''] of code.matchAll(/^(\w+) = "([^"]*)"$/gm))
      this.#variables.set(name, value);
    for (const [, text, name = ''] of code.matchAll(/print\((?:"([^"]*)"|(\w+))\)/g)) {
      logs.push(`${text ?? this.#variables.get(name) ?? 'NameError'}\n`);
    }
    if (code.includes('listdir')) logs.push(`${[...this.files.keys()].sort().join(' ')}\n`);
    if (code.includes('os._exit')) {
      this.alive = false;
      return { ...outcome, end: 'died', remark: 'Python ended itself.' };
    }
    if (code.includes('while True')) {
      await new Promise<void>((resolve) => {
        if (signal?.aborted) resolve();
        signal?.addEventListener('abort', () => resolve(), { once: true });
      });
      return { ...outcome, end: 'interrupted', logs: 'KeyboardInterrupt\n' };
    }
    if (/^raise /m.test(code))
      return { ...outcome, end: 'error', logs: `${logs.join('')}Traceback: it was raised\n` };
    return { ...outcome, logs: logs.join(''), images, written, removed };
  }

  async isProgram(text: string): Promise<boolean> {
    return /^\s*(?:import|open\(|print\(|\w+ = |raise |while |os\.|plt\.)/m.test(text);
  }

  async putFile({ path, bytes }: PythonFile): Promise<void> {
    this.files.set(path, bytes);
  }

  async removeFile(path: string): Promise<void> {
    this.files.delete(path);
  }

  async answers(): Promise<boolean> {
    return this.alive;
  }

  async close(): Promise<void> {
    this.alive = false;
  }
}

/** Starts stand-ins and remembers them. */
export function fakePythons(): { readonly start: StartPython; readonly started: FakePython[] } {
  const started: FakePython[] = [];
  return {
    started,
    start: async () => {
      const python = new FakePython();
      started.push(python);
      return python;
    },
  };
}
