/** What a container may use. Read by both sides: the child keeps them, the parent does not take its word for it. */
export const limits = {
  /** Bytes of printed output kept of one run. */
  outputBytes: 1 << 20,
  /** Bytes that all files Python writes may hold together. */
  fileBytes: 256 << 20,
  /** Files below /mnt/data that are reported. */
  files: 10_000,
  /** Figures of one run. */
  images: 50,
  /** Bytes that the whole child may hold: Python's memory, the packages, its files. */
  residentBytes: 2048 * 2 ** 20,
  /** 64 KiB pages of Python's own memory: 768 MiB. */
  wasmPages: 12_288,
  /** MiB for JavaScript objects. */
  scriptHeap: 512,
} as const;
