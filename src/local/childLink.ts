/**
 * The pipe to one child, seen from the parent. Everything that comes from it is hostile: sizes are bounded before
 * bytes are kept, and whatever is not a proper message ends the child.
 */

import type { JsonObject } from '../core/json.ts';
import { stringField } from '../core/json.ts';
import type { Child } from './childProcess.ts';
import { createFrameReader, encodeFrame, type Frame } from './frame.ts';
import { nodeSetting } from './nodeProgram.ts';
import { type Layer, layers } from './sandbox/layers.ts';
import type { Limits } from './sandbox/limits.ts';

/** Why a child is gone. */
export interface Departure {
  readonly reason:
    | 'closed'
    | 'killed'
    | 'memory'
    | 'exited'
    | 'crashed'
    | 'misbehaved'
    | 'silent'
    | 'unlocked';
  /** What it said about it; for the log, not for people. */
  readonly detail: string;
}

export interface ChildLink {
  /** Fulfilled when Python can work. Rejects with one plain sentence. */
  readonly ready: Promise<void>;
  /** Fulfilled when the child is gone; never rejects. */
  readonly departed: Promise<Departure>;
  /**
   * Calls back when the child is gone. For what comes and goes while it lives: on {@link departed} every waiter, and
   * what it holds, would stay to the end.
   *
   * @returns takes the wish back
   */
  onDeparted(watcher: (departure: Departure) => void): () => void;
  readonly alive: boolean;
  send(header: JsonObject, body?: Uint8Array): void;
  /** Who gets the messages from now on. Throwing says that the message is not acceptable. */
  listen(handler: ((frame: Frame) => void) | undefined): void;
  /** Ends the child at once. */
  kill(reason: Departure['reason'], detail?: string): void;
  /** Has the child break off what it does, send what is there, and end; ends it anyhow where it does not soon. */
  breakOff(reason: Departure['reason']): void;
}

/** What the child says about its end, as it is seen here. */
const leaving: Readonly<Record<string, Departure['reason'] | undefined>> = {
  orphan: 'closed',
  stopped: 'closed',
  memory: 'memory',
  exited: 'exited',
  broken: 'crashed',
  unlocked: 'unlocked',
};

/** Bytes of the longest path in a message, with all its characters escaped, and of what else a message says. */
const longestPath = 6200;
const longestHeader = 1 << 20;
const startMs = 60_000;
/** Milliseconds before a child that does not look is broken off by a signal, and between two of them. */
const signalEvery = 300;
/** Milliseconds that a child gets to hear of it, and then to send what it has. */
const breakOffMs = 1000;
const lastWordsMs = 5000;
const keptErrorText = 4096;

const living = new Set<Child>();

// The pipe closes when this process ends, but a child that computes looks at it only later.
process.once('exit', () => {
  for (const child of living) child.process.kill('SIGKILL');
});

export function openLink(child: Child, limits: Limits): ChildLink {
  const { stdin, stdout, stderr } = child.process;
  let alive = true;
  let ending = false;
  let finishing = false;
  let handler: ((frame: Frame) => void) | undefined;
  let cause: Departure | undefined;
  let errorText = '';
  let signals: NodeJS.Timeout | undefined;
  let deadline: NodeJS.Timeout | undefined;
  living.add(child);

  const watchers = new Set<(departure: Departure) => void>();
  const departed = new Promise<Departure>((resolve) => {
    const leave = (code: number | null, signal: NodeJS.Signals | null): void => {
      if (!living.delete(child)) return;
      alive = false;
      clearInterval(signals);
      clearTimeout(deadline);
      cause ??= departureOf(code, signal, errorText);
      resolve(cause);
      for (const watcher of [...watchers]) watcher(cause);
    };
    child.process.once('close', leave);
    child.process.on('error', (error) => {
      errorText += error.message;
      leave(null, null);
    });
  });

  function kill(reason: Departure['reason'], detail = ''): void {
    cause ??= { reason, detail };
    alive = false;
    child.process.kill('SIGKILL');
  }

  function breakOff(reason: Departure['reason']): void {
    if (!alive || ending) return;
    ending = true;
    cause = { reason, detail: '' };
    child.breakOff();
    killAfter(breakOffMs, reason);
    // Again and again: one that comes between two steps of Python's event loop meets nobody.
    signals = setInterval(() => signal(child.pid()), signalEvery);
  }

  function killAfter(milliseconds: number, reason: Departure['reason']): void {
    clearTimeout(deadline);
    deadline = setTimeout(() => kill(reason), milliseconds);
  }

  /** The child has heard, and sends what there is. */
  function letItFinish(): void {
    // Said again and again it would put the deadline off for ever.
    if (finishing) return;
    finishing = true;
    ending = true;
    clearInterval(signals);
    killAfter(lastWordsMs, 'crashed');
  }

  const reader = createFrameReader({
    header: longestHeader + limits.files * longestPath,
    body: Math.max(limits.fileBytes, limits.figureBytes),
  });
  stdout?.on('data', (bytes: Uint8Array) => {
    if (!alive) return;
    try {
      for (const frame of reader.push(bytes)) deliver(frame);
    } catch (error) {
      kill('misbehaved', String(error));
    }
  });
  stderr?.on('data', (bytes: Uint8Array) => {
    errorText = (errorText + new TextDecoder().decode(bytes)).slice(-keptErrorText);
  });
  // A child that dies while it is written to or read from: `departed` tells.
  for (const stream of [stdin, stdout, stderr]) stream?.on('error', () => {});

  let started: () => void = () => {};
  const first = new Promise<void>((resolve) => {
    started = resolve;
  });

  function deliver(frame: Frame): void {
    const type = stringField(frame.header, 'type');
    if (type === 'ready') {
      started();
    } else if (type === 'stopping') {
      letItFinish();
    } else if (type === 'leaving') {
      const reason = leaving[stringField(frame.header, 'reason') ?? ''] ?? 'crashed';
      kill(reason, stringField(frame.header, 'detail')?.slice(0, keptErrorText));
    } else if (handler) {
      handler(frame);
    } else {
      throw new Error('A message came that nobody asked for.');
    }
  }

  const timer = setTimeout(() => kill('crashed', 'It did not start in time.'), startMs);
  const ready = Promise.race([first, departed.then((left) => Promise.reject(startFault(left)))]).finally(() =>
    clearTimeout(timer),
  );

  return {
    ready,
    departed,
    onDeparted(watcher) {
      watchers.add(watcher);
      if (!living.has(child)) void departed.then(watcher);
      return () => watchers.delete(watcher);
    },
    get alive() {
      return alive && !ending;
    },
    send(header, body) {
      if (!alive || !stdin?.writable) return;
      for (const piece of encodeFrame(header, body)) if (piece.length > 0) stdin.write(piece);
    },
    listen(next) {
      handler = next;
    },
    kill,
    breakOff,
  };
}

/** Breaks off a step that looks at nothing. Windows has no such signal: Node would end the process. */
function signal(pid: number | undefined): void {
  if (pid === undefined || process.platform === 'win32') return;
  try {
    process.kill(pid, 'SIGINT');
  } catch {
    // It is gone: that is what was wanted.
  }
}

function departureOf(code: number | null, signal: NodeJS.Signals | null, detail: string): Departure {
  const said = detail || `exit code ${code}, signal ${signal}`;
  return { reason: /out of memory|allocation failed/i.test(detail) ? 'memory' : 'crashed', detail: said };
}

function startFault(left: Departure): Error {
  return new Error(startSentence(left), { cause: left.detail });
}

function startSentence({ reason, detail }: Departure): string {
  if (reason === 'unlocked') {
    const missing = Object.hasOwn(layers, detail) ? layers[detail as Layer] : 'a part of the lock is missing';
    return `Python is not started because it could not be locked in: ${missing}. Name Node 22.15 or later in the setting ${nodeSetting}.`;
  }
  return /bad option|not allowed in NODE_OPTIONS/.test(detail)
    ? `Python cannot be locked in on this Node: name Node 22.15 or later in the setting ${nodeSetting}.`
    : `Python could not start; a Node 22.15 or later named in the setting ${nodeSetting} may help.`;
}
