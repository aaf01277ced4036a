/** Real Python in a locked child process: the parent's side. */
import { stringField } from '../core/json.ts';
import { type ChildLink, type Departure, openLink } from './childLink.ts';
import { type Child, type ChildOptions, spawnChild } from './childProcess.ts';
import { isDataPath } from './dataPath.ts';
import { endOf, sayDeparture } from './departures.ts';
import { watchMemory } from './memoryWatch.ts';
import type { Python, PythonFile, PythonOutcome, RunOptions } from './python.ts';
import { collectRun, type RunResult } from './runResult.ts';
import { completeLimits, inWords, type Limits } from './sandbox/limits.ts';

export type InterpreterOptions = ChildOptions;

/**
 * Milliseconds that interrupted code gets to end by itself; it is interrupted again after the first second. Then it is
 * broken off, which takes a second at most.
 */
const graceMs = 1500;
const closeMs = 1000;
/** Milliseconds for what needs none of the user's code; longer means that the code broke Python from inside. */
const answerMs = 15_000;
/** The same, where a healthy one answers within some milliseconds. */
const pingMs = 5000;

/**
 * Starts a Python with nothing in its namespace.
 * @throws RangeError where a limit is out of its range
 * @throws Error with one plain sentence where it cannot be had
 */
export async function startPython(options: InterpreterOptions): Promise<Python> {
  const limits = completeLimits(options.limits);
  const child = await spawnChild(options, limits);
  const link = openLink(child, limits);
  await link.ready;
  return createPython({ child, link, limits, held: new Set() });
}

interface Parts {
  readonly child: Child;
  readonly link: ChildLink;
  readonly limits: Limits;
  /** Paths of the files that the child has, by what was said between the two. */
  readonly held: Set<string>;
}

function createPython(parts: Parts): Python {
  const { child, link, limits, held } = parts;
  let queue: Promise<unknown> = Promise.resolve();
  let queued = 0;
  let lastId = 0;
  let closing = false;

  function enqueue<T>(work: (id: number) => Promise<T>): Promise<T> {
    queued += 1;
    const result = queue
      .then(() => work(++lastId))
      .finally(() => {
        queued -= 1;
      });
    queue = result.catch(() => {});
    return result;
  }

  /** Sends one request; gives the child's one answer. Rejects where it is gone. */
  async function ask(
    id: number,
    header: { type: string; path?: string },
    body?: Uint8Array,
    within = answerMs,
  ): Promise<unknown> {
    const answer = new Promise<unknown>((resolve) => {
      link.listen((frame) => {
        if (frame.header['type'] !== 'answer' || frame.header['id'] !== id)
          throw new Error('Not the answer.');
        resolve(frame.header);
      });
    });
    link.send({ ...header, id }, body);
    const timer = setTimeout(() => link.kill('silent', 'No answer.'), within);
    let forget = () => {};
    const gone = new Promise<never>((_, reject) => {
      forget = link.onDeparted(() => reject(new Error('Python has ended.')));
    });
    try {
      return await Promise.race([answer, gone]);
    } finally {
      forget();
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
    if (fault === 'full')
      throw new Error(
        `The files of this container would take more space than the ${inWords(limits.fileBytes)} it has.`,
      );
    if (fault === 'many')
      throw new Error(`This container has as many files as it may have: ${limits.files}.`);
    if (fault !== undefined) throw new Error(`Python could not keep the file ${header.path} (${fault}).`);
  }

  let asked: Promise<boolean> | undefined;
  async function answers(): Promise<boolean> {
    if (!asked && (!link.alive || queued > 0)) return link.alive;
    asked ??= enqueue((id) => ask(id, { type: 'ping' }, undefined, pingMs))
      .then(
        () => true,
        () => false,
      )
      .finally(() => {
        asked = undefined;
      });
    return await asked;
  }

  return {
    get alive() {
      return link.alive && !closing;
    },
    async run(code, options) {
      const outcome = await enqueue((id) => runCode(parts, id, code, options));
      // Nothing of a run goes on after its end. What keeps the child from answering does, and ends with it.
      void answers();
      return outcome;
    },
    isProgram: (text) =>
      enqueue(async (id) => {
        const answer = await ask(id, { type: 'isProgram' }, new TextEncoder().encode(text), pingMs);
        return (answer as { value?: unknown }).value === true;
      }),
    putFile: (file: PythonFile) =>
      enqueue(async (id) => {
        await change(id, { type: 'put', path: file.path }, file.bytes);
        held.add(file.path);
      }),
    removeFile: (path) =>
      enqueue(async (id) => {
        await change(id, { type: 'remove', path });
        held.delete(path);
      }),
    answers,
    async close() {
      closing = true;
      child.process.stdin?.end();
      // One that is at work does not see the end of its pipe.
      const timer = setTimeout(() => link.kill('closed'), queued > 0 ? 0 : closeMs);
      await link.departed;
      clearTimeout(timer);
    },
  };
}

async function runCode(
  { child, link, limits, held }: Parts,
  id: number,
  code: string,
  { signal, timeoutSeconds }: RunOptions,
): Promise<PythonOutcome> {
  const collector = collectRun(id, limits, held);
  if (signal?.aborted) return collector.broken('interrupted', undefined);
  if (!link.alive) return collector.broken('died', 'Python had ended before this code could run.');
  let stopped: 'interrupted' | 'timed_out' | undefined;
  let grace: NodeJS.Timeout | undefined;
  const stop = (why: 'interrupted' | 'timed_out'): void => {
    if (stopped) return;
    stopped = why;
    child.interrupt(id);
    grace = setTimeout(() => link.breakOff('killed'), graceMs);
  };
  const onAbort = (): void => stop('interrupted');
  signal?.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(() => stop('timed_out'), Math.min(timeoutSeconds * 1000, 0x7fff_ffff));
  const pid = child.pid();
  const unwatch =
    pid === undefined ? () => {} : watchMemory(pid, limits.memoryBytes, () => link.breakOff('memory'));

  const result = new Promise<RunResult>((resolve) => {
    link.listen((frame) => {
      const ended = collector.take(frame);
      if (ended) resolve(ended);
    });
  });
  let forget = () => {};
  const gone = new Promise<Departure>((resolve) => {
    forget = link.onDeparted(resolve);
  });
  link.send({ type: 'run', id }, new TextEncoder().encode(code));
  try {
    const ended = await Promise.race([result, gone]);
    if ('reason' in ended) {
      return collector.broken(endOf(ended, stopped), sayDeparture(ended, collector.rescued, limits));
    }
    for (const { path } of ended.outcome.written) held.add(path);
    for (const path of ended.outcome.removed) held.delete(path);
    if (held.size > limits.files) link.kill('misbehaved', 'It has more files than it may.');
    const interrupted = ended.outcome.end === 'interrupted' || ended.interrupts > 0;
    return stopped && interrupted ? { ...ended.outcome, end: stopped } : ended.outcome;
  } finally {
    forget();
    link.listen(undefined);
    unwatch();
    clearTimeout(timer);
    clearTimeout(grace);
    signal?.removeEventListener('abort', onAbort);
    if (stopped) child.interrupt(0);
  }
}
