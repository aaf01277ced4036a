/**
 * The pipe to one child, seen from the parent. Everything that comes from it is hostile: sizes are bounded before
 * bytes are kept, and whatever is not a proper message ends the child.
 */

import type { JsonObject } from '../core/json.ts';
import { stringField } from '../core/json.ts';
import type { Child } from './childProcess.ts';
import { createFrameReader, encodeFrame, type Frame } from './frame.ts';
import { limits } from './sandbox/limits.ts';

/** Why a child is gone. */
export interface Departure {
  readonly reason: 'closed' | 'killed' | 'memory' | 'exited' | 'crashed' | 'misbehaved';
  /** What it said about it; for the log, not for people. */
  readonly detail: string;
}

export interface ChildLink {
  /** Fulfilled when Python can work. Rejects with one plain sentence. */
  readonly ready: Promise<void>;
  /** Fulfilled when the child is gone; never rejects. */
  readonly departed: Promise<Departure>;
  readonly alive: boolean;
  send(header: JsonObject, body?: Uint8Array): void;
  /** Who gets the messages from now on. Throwing says that the message is not acceptable. */
  listen(handler: ((frame: Frame) => void) | undefined): void;
  /** Ends the child at once. */
  kill(reason: Departure['reason'], detail?: string): void;
}

/** What the child says about its end, as it is seen here. */
const leaving: Readonly<Record<string, Departure['reason'] | undefined>> = {
  orphan: 'closed',
  memory: 'memory',
  exited: 'exited',
  broken: 'crashed',
};

const frameLimits = { header: 16 << 20, body: limits.fileBytes };
const startMs = 60_000;
const keptErrorText = 4096;

const living = new Set<Child>();

// The pipe closes when this process ends, but a child that computes looks at it only later.
process.once('exit', () => {
  for (const child of living) child.process.kill('SIGKILL');
});

export function openLink(child: Child): ChildLink {
  const { stdin, stdout, stderr } = child.process;
  let alive = true;
  let handler: ((frame: Frame) => void) | undefined;
  let cause: Departure | undefined;
  let errorText = '';
  living.add(child);

  const departed = new Promise<Departure>((resolve) => {
    const leave = (code: number | null, signal: NodeJS.Signals | null): void => {
      if (!living.delete(child)) return;
      alive = false;
      resolve(cause ?? departureOf(code, signal, errorText));
    };
    child.process.once('close', leave);
    child.process.once('error', (error) => {
      errorText += error.message;
      leave(null, null);
    });
  });

  function kill(reason: Departure['reason'], detail = ''): void {
    cause ??= { reason, detail };
    alive = false;
    child.process.kill('SIGKILL');
  }

  const reader = createFrameReader(frameLimits);
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
  // A child that dies while it is written to: `departed` tells.
  stdin?.on('error', () => {});

  let started: () => void = () => {};
  const first = new Promise<void>((resolve) => {
    started = resolve;
  });

  function deliver(frame: Frame): void {
    const type = stringField(frame.header, 'type');
    if (type === 'ready') {
      started();
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
    get alive() {
      return alive;
    },
    send(header, body) {
      if (!alive || !stdin?.writable) return;
      for (const piece of encodeFrame(header, body)) if (piece.length > 0) stdin.write(piece);
    },
    listen(next) {
      handler = next;
    },
    kill,
  };
}

function departureOf(code: number | null, signal: NodeJS.Signals | null, detail: string): Departure {
  const said = detail || `exit code ${code}, signal ${signal}`;
  return { reason: /heap out of memory/i.test(detail) ? 'memory' : 'crashed', detail: said };
}

function startFault(left: Departure): Error {
  const sentence = /bad option|not allowed in NODE_OPTIONS/.test(left.detail)
    ? 'Python cannot be locked in on this Node: name Node 22.15 or later in the setting codeInterpreter.localGateway.nodePath.'
    : 'Python could not start; a Node 22.15 or later named in the setting codeInterpreter.localGateway.nodePath may help.';
  return new Error(sentence, { cause: left.detail });
}
