/** Answers the parent's messages with the one Python of this process. */
import { field, numberField, parseJson, stringField } from '../../core/json.ts';
import type { Frame } from '../frame.ts';
import type { Channel } from './channel.ts';
import { type Control, createInterruptBuffer } from './control.ts';
import { type DataFiles, TooManyFiles } from './dataFiles.ts';
import figuresSource from './figures.py';
import { host } from './host.ts';
import { type Limits, tailLength } from './limits.ts';
import programTextSource from './programText.py';
import type { Pyodide, PyProxy } from './pyodideTypes.ts';
import { runSources } from './pythonSource.ts';
import { viewOf } from './realBytes.ts';
import runnerSource from './runner.py';
import type { RunReport } from './runReport.ts';
import { dropTimers, letGoOfCollected, takeTimers } from './shell.ts';
import { renewSteps } from './steps.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();
/** Milliseconds between looks for an interrupt while Python waits for something asynchronous. */
const watchEvery = 25;

export interface Parts {
  readonly pyodide: Pyodide;
  readonly control: Control;
  readonly report: RunReport;
  readonly files: DataFiles;
  readonly channel: Channel;
  readonly limits: Limits;
}

/** Prepares Python and gives the handler for the parent's messages. */
export function createInterpreterLoop({
  pyodide,
  control,
  report,
  files,
  channel,
  limits,
}: Parts): (frame: Frame) => Promise<void> {
  const sink = {
    write(bytes: Uint8Array): number {
      report.print(bytes);
      return bytes.length;
    },
  };
  pyodide.setStdin({ error: true });
  pyodide.setStdout(sink);
  pyodide.setStderr(sink);
  const runner = startRunner(pyodide, control, report, limits);
  pyodide.setInterruptBuffer(createInterruptBuffer(control, () => attendToSignals(pyodide)));

  async function run(id: number, code: string): Promise<void> {
    const timer = host.setInterval(() => {
      if (control.take()) runner.cancel();
    }, watchEvery);
    let result: unknown;
    renewSteps();
    // What it prints is of no run; it is stopped as this one is.
    control.arm(id);
    letGoOfCollected();
    report.begin(id);
    takeTimers();
    try {
      result = parseJson(String(await runner.run(code, id)));
    } finally {
      control.disarm();
      host.clearInterval(timer);
      // Tasks and callbacks that the code left behind: nothing of a run goes on after its end.
      dropTimers();
    }
    const tail = encoder.encode(stringField(result, 'tail') ?? '');
    report.end(stringField(result, 'end') ?? 'error', tail, control.taken);
  }

  return async ({ header, body }) => {
    const id = numberField(header, 'id') ?? 0;
    const path = stringField(header, 'path') ?? '';
    switch (field(header, 'type')) {
      case 'run':
        return run(id, decoder.decode(body));
      case 'ping':
        return channel.send({ type: 'answer', id });
      case 'isProgram':
        return channel.send({ type: 'answer', id, value: runner.isProgram(decoder.decode(body)) === true });
      case 'put':
        return channel.send({ type: 'answer', id, ...attempt(() => files.put(path, body)) });
      case 'remove':
        return channel.send({ type: 'answer', id, ...attempt(() => files.remove(path)) });
    }
  };
}

/**
 * CPython has its main thread look at a signal. Code inside `asyncio.run` runs on another thread state of Pyodide's and
 * would not look before the end of it: here whichever runs now is told to, in the third field of its struct
 * (`eval_breaker`, cpython/Include/cpython/pystate.h of 3.14), by the bit for signals (pycore_ceval.h).
 */
function attendToSignals({ _module }: Pyodide): void {
  const field = _module._PyThreadState_Get() / 4 + 3;
  const signalsPending = 2;
  _module.HEAPU32[field] = (_module.HEAPU32[field] ?? 0) | signalsPending;
}

interface Runner {
  run(code: string, id: number): unknown;
  cancel(): void;
  isProgram(text: string): unknown;
}

function startRunner(pyodide: Pyodide, control: Control, report: RunReport, limits: Limits): Runner {
  const scope = runSources(pyodide, 'runner', [runnerSource, figuresSource, programTextSource]);
  scope.get('setup')(
    Object.freeze({
      arm: (id: number) => control.arm(id),
      disarm: () => control.disarm(),
      taken: () => control.taken,
      pause(seconds: number): boolean {
        host.block(Math.min(Math.max(Number(seconds) * 1000, 0), 50));
        return control.take();
      },
      has_room_for_figure: () => report.hasRoomForFigure(),
      figure(bytes: PyProxy): void {
        const png = viewOf(bytes.toJs());
        if (png) report.figure(png);
      },
      tail_length: tailLength(limits),
    }),
  );
  const [run, cancel, isProgram] = ['run', 'cancel', 'is_program'].map((name) => scope.get(name)) as [
    PyProxy,
    PyProxy,
    PyProxy,
  ];
  return {
    run: (code, id) => run(code, id),
    cancel: () => void cancel(),
    isProgram: (text) => isProgram(text),
  };
}

function attempt(work: () => void): { error?: string } {
  try {
    work();
    return {};
  } catch (error) {
    if (error instanceof TooManyFiles) return { error: 'many' };
    const errno = numberField(error, 'errno') ?? (error as { errno?: unknown }).errno;
    return { error: errno === 51 ? 'full' : `errno ${String(errno)}` };
  }
}
