/**
 * What the parent says while Python holds the only thread: a small file that the parent writes and this process reads
 * by position. CPython polls it through its interrupt buffer.
 */
import { controlLayout } from '../controlLayout.ts';
import { host } from './host.ts';
import { leave } from './leave.ts';

/** Milliseconds between looks at the file, between two interrupts of one run, and until a silent parent is dead. */
const lookEvery = 15;
const interruptEvery = 1000;
const silentFor = 10_000;
const memoryEvery = 200;

export interface Control {
  /** From here on interrupts for this run reach Python. */
  arm(run: number): void;
  disarm(): void;
  /** Whether Python shall raise KeyboardInterrupt now. Cheap: looks at the file only now and then. */
  take(): boolean;
  /** How many interrupts this run got. */
  readonly taken: number;
}

/**
 * Watches the parent's file at `fd`; ends this process when the parent is dead or too much memory is held.
 * @param onLook called at each look at the file: what else is to be done now and then while Python computes
 */
export function createControl(fd: number, maxResidentBytes: number, onLook: () => void): Control {
  const bytes = new Uint8Array(controlLayout.length);
  const view = new DataView(bytes.buffer);
  let armed = 0;
  let taken = 0;
  let takenAt = 0;
  let lookedAt = 0;
  let measuredAt = 0;
  let heartbeat = 0;
  let silence = 0;
  const parent = host.parentId();

  function look(now: number): void {
    // A machine that slept jumps ahead: one look counts for no more than a second of silence.
    const passed = Math.min(now - lookedAt, 1000);
    lookedAt = now;
    if (!host.readAt(fd, bytes, 0)) return;
    const beat = view.getUint32(controlLayout.heartbeat, true);
    silence = beat === heartbeat ? silence + passed : 0;
    heartbeat = beat;
    if (silence > silentFor || host.parentId() !== parent) leave('orphan');
    if (view.getUint32(controlLayout.breakOff, true) !== 0) leave('stopped');
    if (now - measuredAt >= memoryEvery) {
      measuredAt = now;
      if (host.residentBytes() > maxResidentBytes) leave('memory');
    }
    onLook();
  }

  return {
    arm(run) {
      armed = run;
      taken = 0;
      takenAt = Number.NEGATIVE_INFINITY;
    },
    disarm() {
      armed = 0;
    },
    take() {
      const now = host.now();
      if (now - lookedAt >= lookEvery) look(now);
      if (
        armed === 0 ||
        view.getUint32(controlLayout.interrupt, true) !== armed ||
        now - takenAt < interruptEvery
      )
        return false;
      taken += 1;
      takenAt = now;
      return true;
    },
    get taken() {
      return taken;
    },
  };
}

/**
 * The object that CPython polls in place of a shared buffer: it reads `[0]` and writes 0 back.
 * @param attend called before an interrupt is given
 */
export function createInterruptBuffer(control: Control, attend: () => void): object {
  const interrupt = 2;
  return Object.freeze(
    Object.defineProperty(Object.create(null), '0', {
      get() {
        if (!control.take()) return 0;
        attend();
        return interrupt;
      },
      set: () => {},
    }),
  );
}
