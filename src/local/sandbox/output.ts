/** What Python prints, standard output and standard error in order, up to a limit; the rest is counted only. */
export interface Output {
  write(bytes: Uint8Array): void;
  /** What was kept since the last call, whole characters, and how many bytes were not. */
  drain(): { readonly bytes: Uint8Array; readonly cut: number };
}

/** @param limit bytes kept between two calls of `drain` */
export function createOutput(limit: number): Output {
  let pieces: Uint8Array[] = [];
  let kept = 0;
  let cut = 0;
  return {
    write(bytes) {
      const room = Math.min(limit - kept, bytes.length);
      cut += bytes.length - room;
      if (room <= 0) return;
      // A copy: the bytes given are Python's memory, which it reuses.
      pieces.push(bytes.slice(0, room));
      kept += room;
    },
    drain() {
      const bytes = new Uint8Array(kept);
      let at = 0;
      for (const piece of pieces) {
        bytes.set(piece, at);
        at += piece.length;
      }
      const result = { bytes, cut };
      pieces = [];
      kept = 0;
      cut = 0;
      return result;
    },
  };
}
