/** Files of containers that are kept by the extension, so that the end of a container costs nobody their work. */
export interface KeptFile {
  readonly containerId: string;
  readonly fileId: string;
  readonly filename: string;
  readonly bytes: number;
  /** ms since the epoch. */
  readonly keptAt: number;
  /** Under which its bytes are kept. */
  readonly kept: string;
  /** What its container was called, and where that was. */
  readonly container: string;
  readonly gateway: string;
}

/** All that is kept, oldest first. Immutable. */
export interface KeptFiles {
  readonly version: 1;
  readonly files: readonly KeptFile[];
}

export const NOTHING_KEPT: KeptFiles = { version: 1, files: [] };

/** How much is kept: bytes of one file and of all, and how many. */
export interface KeepLimits {
  readonly file: number;
  readonly all: number;
  readonly count: number;
}

export interface Kept {
  readonly files: KeptFiles;
  /** Those that had to make room, or were replaced. */
  readonly dropped: readonly KeptFile[];
}

/** After one more file was kept: the oldest make room for it, and a file that was kept before is kept once. */
export function withKept({ files }: KeptFiles, file: KeptFile, limits: KeepLimits): Kept {
  const others = files.filter((other) => !isSame(other, file));
  let room = limits.all - file.bytes;
  let count = limits.count - 1;
  const left: KeptFile[] = [];
  for (const other of others.toReversed()) {
    room -= other.bytes;
    count--;
    // Those older than one that did not fit go too: what is left is what was kept last.
    if (room < 0 || count < 0) break;
    left.unshift(other);
  }
  const staying = new Set(left);
  return {
    files: { version: 1, files: [...left, file] },
    dropped: files.filter((other) => !staying.has(other)),
  };
}

/** After these were deleted. */
export function withoutKept({ files }: KeptFiles, gone: readonly KeptFile[]): Kept {
  const isGone = (file: KeptFile) => gone.some((other) => isSame(other, file));
  return {
    files: { version: 1, files: files.filter((file) => !isGone(file)) },
    dropped: files.filter(isGone),
  };
}

/** Whether a file is kept: its id never comes to mean other bytes. */
export function isKept(
  { files }: KeptFiles,
  file: { readonly containerId: string; readonly fileId: string },
): boolean {
  return files.some((other) => isSame(other, file));
}

function isSame(
  a: { readonly containerId: string; readonly fileId: string },
  b: { readonly containerId: string; readonly fileId: string },
): boolean {
  return a.containerId === b.containerId && a.fileId === b.fileId;
}
