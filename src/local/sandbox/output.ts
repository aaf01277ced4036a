import { host } from './host.ts';

/** Bytes, and milliseconds, after which what was printed is sent on. */
const sentAt = 64 << 10;
const sentEvery = 50;

/** What one run prints, standard output and standard error in order, up to a limit; the rest is counted only. */
export interface Output {
  /** From here on a run prints. */
  begin(): void;
  write(bytes: Uint8Array): void;
  /** Sends on what was not sent yet. */
  flush(): void;
  /** What is printed from here on belongs to no run. */
  end(): void;
  /** How many bytes of this run were left out. */
  readonly cut: number;
}

/** @param limit bytes kept of one run */
export function createOutput(limit: number, send: (bytes: Uint8Array) => void): Output {
  let pieces: Uint8Array[] = [];
  let pending = 0;
  let room = 0;
  let cut = 0;
  let sent = 0;

  function flush(): void {
    if (pending === 0) return;
    const bytes = new Uint8Array(pending);
    let at = 0;
    for (const piece of pieces) {
      bytes.set(piece, at);
      at += piece.length;
    }
    pieces = [];
    pending = 0;
    sent = host.now();
    send(bytes);
  }

  return {
    begin() {
      room = limit;
      cut = 0;
    },
    write(bytes) {
      const taken = Math.min(room, bytes.length);
      cut += bytes.length - taken;
      if (taken === 0) return;
      // A copy: the bytes given are Python's memory, which it reuses.
      pieces.push(bytes.slice(0, taken));
      room -= taken;
      pending += taken;
      if (pending >= sentAt || host.now() - sent >= sentEvery) flush();
    },
    flush,
    end() {
      flush();
      room = 0;
    },
    get cut() {
      return cut;
    },
  };
}
