/** How much Python may write at all, wherever in its file system: claimed where Emscripten makes room for it. */
import type { FsNode, FsWrite, PyodideFs } from './pyodideTypes.ts';

const noSpace = 51;
/** Files, folders and links that may be there: each takes some 400 bytes besides what is in it (measured). */
const maxNodes = 100_000;
const maxDepth = 256;

export interface FileQuota {
  /** How often something was refused because there was no room for it. */
  readonly refused: number;
}

/**
 * From here on what does not fit is refused with "No space left on device".
 * @param limit bytes that all files written from now on may hold together
 */
export function boundFiles(FS: PyodideFs, limit: number): FileQuota {
  const { MEMFS } = FS.filesystems;
  const bytes = createCounter(limit, () => sumBelow(FS.root, held));
  const nodes = createCounter(maxNodes, () => sumBelow(FS.root, () => 1));
  let refused = 0;

  function claim(counter: Counter, growth: number): void {
    if (counter.take(growth)) return;
    refused += 1;
    throw new FS.ErrnoError(noSpace);
  }

  const { expandFileStorage, resizeFileStorage, createNode } = MEMFS;
  MEMFS.expandFileStorage = (node, capacity) => {
    claim(bytes, capacity - held(node));
    expandFileStorage(node, capacity);
  };
  MEMFS.resizeFileStorage = (node, size) => {
    claim(bytes, size - held(node));
    resizeFileStorage(node, size);
  };
  MEMFS.createNode = (...node) => {
    claim(nodes, 1);
    return createNode(...node);
  };
  const writeBytes = MEMFS.stream_ops.write;
  const write: FsWrite = (stream, buffer, offset, length, position, canOwn) => {
    // Growing past what the node holds is claimed by expandFileStorage; a first write replaces the bytes.
    if (stream.node.usedBytes === 0 && position === 0) claim(bytes, length - held(stream.node));
    return writeBytes(stream, buffer, offset, length, position, canOwn);
  };
  MEMFS.stream_ops.write = write;
  MEMFS.ops_table.file.stream.write = write;
  return {
    get refused() {
      return refused;
    },
  };
}

interface Counter {
  take(count: number): boolean;
}

/** Counts what is taken, and looks at what really is there only when that would be too much. */
function createCounter(limit: number, countAll: () => number): Counter {
  const atStart = countAll();
  let taken = 0;
  return {
    take(count) {
      if (count <= 0) return true;
      if (taken + count > limit) taken = countAll() - atStart;
      if (taken + count > limit) return false;
      taken += count;
      return true;
    },
  };
}

function held(node: FsNode): number {
  return ArrayBuffer.isView(node.contents) ? node.contents.byteLength : 0;
}

function sumBelow(node: FsNode, of: (node: FsNode) => number, depth = 0): number {
  let sum = of(node);
  if (typeof node.contents !== 'object' || node.contents === null || depth > maxDepth) return sum;
  if (ArrayBuffer.isView(node.contents)) return sum;
  for (const child of Object.values(node.contents as Record<string, FsNode>))
    sum += sumBelow(child, of, depth + 1);
  return sum;
}
