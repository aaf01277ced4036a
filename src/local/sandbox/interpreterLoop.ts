/** Answers the parent's messages with the one Python of this process. */
import { field, numberField, parseJson, stringField } from '../../core/json.ts';
import type { Frame } from '../frame.ts';
import type { Channel } from './channel.ts';
import { type Control, createInterruptBuffer } from './control.ts';
import type { DataFiles } from './dataFiles.ts';
import figuresSource from './figures.py';
import { host } from './host.ts';
import type { Output } from './output.ts';
import programTextSource from './programText.py';
import type { Pyodide, PyProxy } from './pyodideTypes.ts';
import runnerSource from './runner.py';
import { dropTimers } from './shell.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();
/** Milliseconds between looks for an interrupt while Python waits for something asynchronous. */
const watchEvery = 25;

export interface Parts {
  readonly pyodide: Pyodide;
  readonly control: Control;
  readonly output: Output;
  readonly files: DataFiles;
  readonly channel: Channel;
}

/** Prepares Python and gives the handler for the parent's messages. */
export function createInterpreterLoop({
  pyodide,
  control,
  output,
  files,
  channel,
}: Parts): (frame: Frame) => Promise<void> {
  const sink = {
    write(bytes: Uint8Array): number {
      output.write(bytes);
      return bytes.length;
    },
  };
  pyodide.setStdin({ error: true });
  pyodide.setStdout(sink);
  pyodide.setStderr(sink);
  const runner = startRunner(pyodide, control);
  pyodide.setInterruptBuffer(createInterruptBuffer(control));

  async function run(id: number, code: string): Promise<void> {
    const timer = host.setInterval(() => {
      if (control.take()) runner.cancel();
    }, watchEvery);
    let result: unknown;
    // What was printed after the end of a run belongs to none.
    output.drain();
    try {
      result = parseJson(String(await runner.run(code, id)));
    } finally {
      control.disarm();
      host.clearInterval(timer);
      // Tasks and callbacks that the code left behind: nothing of a run goes on after its end.
      dropTimers();
    }
    const figures = Math.min(numberField(result, 'figures') ?? 0, 50);
    for (let index = 0; index < figures; index++) {
      channel.send({ type: 'image', id }, runner.takeFigure(index));
    }
    const { written, removed } = files.takeChanges();
    for (const { path, bytes } of written) channel.send({ type: 'file', id, path }, bytes);
    const printed = output.drain();
    const tail = encoder.encode(stringField(result, 'tail') ?? '');
    const needsBreak = tail.length > 0 && printed.bytes.length > 0 && printed.bytes.at(-1) !== 10;
    const logs = join([printed.bytes, needsBreak ? encoder.encode('\n') : new Uint8Array(0), tail]);
    const end = stringField(result, 'end') ?? 'error';
    channel.send(
      { type: 'done', id, end, removed: [...removed], cut: printed.cut, interrupts: control.taken },
      logs,
    );
  }

  return async ({ header, body }) => {
    const id = numberField(header, 'id') ?? 0;
    const path = stringField(header, 'path') ?? '';
    switch (field(header, 'type')) {
      case 'run':
        return run(id, decoder.decode(body));
      case 'isProgram':
        return channel.send({ type: 'answer', id, value: runner.isProgram(decoder.decode(body)) === true });
      case 'put':
        return channel.send({ type: 'answer', id, ...attempt(() => files.put(path, body)) });
      case 'remove':
        return channel.send({ type: 'answer', id, ...attempt(() => files.remove(path)) });
    }
  };
}

interface Runner {
  run(code: string, id: number): unknown;
  cancel(): void;
  isProgram(text: string): unknown;
  takeFigure(index: number): Uint8Array;
}

function startRunner(pyodide: Pyodide, control: Control): Runner {
  const scope = pyodide.runPython("{'__name__': 'runner'}") as PyProxy;
  for (const source of [runnerSource, figuresSource, programTextSource]) {
    pyodide.runPython(source, { globals: scope, filename: 'runner.py' });
  }
  scope.get('setup')(
    Object.freeze({
      arm: (id: number) => control.arm(id),
      disarm: () => control.disarm(),
      taken: () => control.taken,
      pause(seconds: number): boolean {
        host.block(Math.min(Math.max(Number(seconds) * 1000, 0), 50));
        return control.take();
      },
    }),
  );
  const [run, cancel, isProgram, takeFigure] = ['run', 'cancel', 'is_program', 'take_figure'].map((name) =>
    scope.get(name),
  ) as [PyProxy, PyProxy, PyProxy, PyProxy];
  return {
    run: (code, id) => run(code, id),
    cancel: () => void cancel(),
    isProgram: (text) => isProgram(text),
    takeFigure(index) {
      const bytes = takeFigure(index) as PyProxy;
      const copy = bytes.toJs();
      bytes.destroy();
      return copy instanceof Uint8Array ? copy : new Uint8Array(0);
    },
  };
}

function attempt(work: () => void): { error?: string } {
  try {
    work();
    return {};
  } catch (error) {
    const errno = numberField(error, 'errno') ?? (error as { errno?: unknown }).errno;
    return { error: errno === 51 ? 'full' : `errno ${String(errno)}` };
  }
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
