/**
 * What the parent says to a child while Python holds its only thread: a file without a name, open twice, writable here
 * and read-only for the child. A pipe would block there, and shared memory does not cross processes.
 */
import { randomUUID } from 'node:crypto';
import { closeSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { controlLayout } from './controlLayout.ts';

export interface ControlFile {
  /** The descriptor for the child; to be closed here once the child has it. */
  readonly readOnly: number;
  /** Interrupts the run of this number; 0 takes it back. */
  interrupt(run: number): void;
  /** Has the child leave, once it looks. */
  breakOff(): void;
  close(): void;
}

const beatEvery = 2000;

export function openControlFile(): ControlFile {
  const file = path.join(tmpdir(), `code-interpreter-${randomUUID()}`);
  const writable = openSync(file, 'wx+', 0o600);
  try {
    writeSync(writable, new Uint8Array(controlLayout.length));
    const readOnly = openSync(file, 'r');
    return { readOnly, ...keep(writable) };
  } catch (error) {
    closeSync(writable);
    throw error;
  } finally {
    unlinkSync(file);
  }
}

function keep(descriptor: number): Omit<ControlFile, 'readOnly'> {
  const bytes = new Uint8Array(controlLayout.length);
  const view = new DataView(bytes.buffer);
  let open = true;
  const put = (place: number, value: number): void => {
    view.setUint32(place, value, true);
    if (open) writeSync(descriptor, bytes, 0, bytes.length, 0);
  };
  const beat = setInterval(() => {
    const beats = view.getUint32(controlLayout.heartbeat, true);
    put(controlLayout.heartbeat, beats + 1);
  }, beatEvery);
  beat.unref();
  return {
    interrupt: (run) => put(controlLayout.interrupt, run),
    breakOff: () => put(controlLayout.breakOff, 1),
    close() {
      if (!open) return;
      open = false;
      clearInterval(beat);
      closeSync(descriptor);
    },
  };
}
