/** Real Python in a locked child process: the parent's side. */
import { stringField } from '../core/json.ts';
import { type ChildLink, type Departure, openLink } from './childLink.ts';
import { type Child, type ChildOptions, spawnChild } from './childProcess.ts';
import type { Python, PythonFile, PythonOutcome, RunOptions } from './python.ts';
import { collectRun, isDataPath, type RunResult } from './runResult.ts';

export type InterpreterOptions = ChildOptions;

/** Milliseconds that interrupted code gets to end by itself, and that a closing child gets. */
const graceMs = 2000;
const closeMs = 1000;
/** Milliseconds for what needs none of the user's code; longer means that the code broke Python from inside. */
const answerMs = 15_000;

/**
 * Starts a Python with nothing in its namespace.
 * @throws Error with one plain sentence where it cannot be had
 */
export async function startPython(options: InterpreterOptions): Promise<Python> {
  const child = await spawnChild(options);
  const link = openLink(child);
  await link.ready;
  return createPython(child, link);
}

function createPython(child: Child, link: ChildLink): Python {
  let queue: Promise<unknown> = Promise.resolve();
  let lastId = 0;
  let closing = false;

  function enqueue<T>(work: (id: number) => Promise<T>): Promise<T> {
    const result = queue.then(() => work(++lastId));
    queue = result.catch(() => {});
    return result;
  }

  /** Sends one request; gives the child's one answer. Rejects where it is gone. */
  async function ask(
    id: number,
    header: { type: string; path?: string },
    body?: Uint8Array,
  ): Promise<unknown> {
    const answer = new Promise<unknown>((resolve) => {
      link.listen((frame) => {
        if (frame.header['type'] !== 'answer' || frame.header['id'] !== id)
          throw new Error('Not the answer.');
        resolve(frame.header);
      });
    });
    link.send({ ...header, id }, body);
    const timer = setTimeout(() => link.kill('misbehaved', 'No answer.'), answerMs);
    const gone = link.departed.then(() => Promise.reject(new Error('Python has ended.')));
    try {
      return await Promise.race([answer, gone]);
    } finally {
      clearTimeout(timer);
      link.listen(undefined);
    }
  }

  async function change(
    id: number,
    header: { type: string; path: string },
    body?: Uint8Array,
  ): Promise<void> {
    if (!isDataPath(header.path)) throw new Error(`${header.path} is not a path of a file in /mnt/data.`);
    const fault = stringField(await ask(id, header, body), 'error');
    if (fault === 'full') throw new Error('The files of this container take more space than allowed.');
    if (fault !== undefined) throw new Error(`Python could not keep the file ${header.path} (${fault}).`);
  }

  return {
    get alive() {
      return link.alive && !closing;
    },
    run: (code, options) => enqueue((id) => runCode(child, link, id, code, options)),
    isProgram: (text) =>
      enqueue(async (id) => {
        const answer = await ask(id, { type: 'isProgram' }, new TextEncoder().encode(text));
        return (answer as { value?: unknown }).value === true;
      }),
    putFile: (file: PythonFile) => enqueue((id) => change(id, { type: 'put', path: file.path }, file.bytes)),
    removeFile: (path) => enqueue((id) => change(id, { type: 'remove', path })),
    async close() {
      closing = true;
      child.process.stdin?.end();
      const timer = setTimeout(() => link.kill('closed'), link.alive ? closeMs : 0);
      await link.departed;
      clearTimeout(timer);
    },
  };
}

async function runCode(
  child: Child,
  link: ChildLink,
  id: number,
  code: string,
  { signal, timeoutSeconds }: RunOptions,
): Promise<PythonOutcome> {
  if (signal?.aborted) return nothing('interrupted', undefined);
  if (!link.alive) return nothing('died', 'Python had ended before this code could run.');
  let stopped: 'interrupted' | 'timed_out' | undefined;
  let grace: NodeJS.Timeout | undefined;
  const stop = (why: 'interrupted' | 'timed_out'): void => {
    if (stopped) return;
    stopped = why;
    child.interrupt(id);
    grace = setTimeout(() => link.kill('killed'), graceMs);
  };
  const onAbort = (): void => stop('interrupted');
  signal?.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(() => stop('timed_out'), Math.min(timeoutSeconds * 1000, 0x7fff_ffff));

  const result = new Promise<RunResult>((resolve) => link.listen(collectRun(id, resolve)));
  link.send({ type: 'run', id }, new TextEncoder().encode(code));
  try {
    const ended = await Promise.race([result, link.departed]);
    if ('reason' in ended) return departedOutcome(ended, stopped);
    const interrupted = ended.outcome.end === 'interrupted' || ended.interrupts > 0;
    return stopped && interrupted ? { ...ended.outcome, end: stopped } : ended.outcome;
  } finally {
    link.listen(undefined);
    clearTimeout(timer);
    clearTimeout(grace);
    signal?.removeEventListener('abort', onAbort);
    if (stopped) child.interrupt(0);
  }
}

const lost =
  'Python was ended: its variables are gone, output and files of this run are lost; files from before are there.';

function departedOutcome(left: Departure, stopped: 'interrupted' | 'timed_out' | undefined): PythonOutcome {
  switch (left.reason) {
    case 'killed':
      return nothing(
        stopped === 'timed_out' ? 'timed_out' : 'died',
        `The code did not stop when interrupted. ${lost}`,
      );
    case 'memory':
      return nothing('out_of_memory', `The code needed more memory than there is for it. ${lost}`);
    case 'exited':
      return nothing('died', `The code ended Python itself. ${lost}`);
    case 'closed':
      return nothing('died', lost);
    case 'misbehaved':
      return nothing('died', `Python sent what could not be read. ${lost}`);
    case 'crashed':
      return nothing('died', `Python crashed while it ran the code. ${lost}`);
  }
}

function nothing(end: PythonOutcome['end'], remark: string | undefined): PythonOutcome {
  return { end, logs: '', images: [], written: [], removed: [], remark };
}
