/**
 * The container's files: how many bytes Python may write at all, and which files below /mnt/data a run made, changed
 * or removed. Writes are noted where Emscripten's file system makes them, so neither a time nor a size is trusted.
 */
import { DATA_DIR } from '../python.ts';
import type { FsNode, FsWrite, PyodideFs } from './pyodideTypes.ts';

export interface Changes {
  readonly written: readonly { readonly path: string; readonly bytes: Uint8Array }[];
  readonly removed: readonly string[];
}

export interface DataFiles {
  put(path: string, bytes: Uint8Array): void;
  remove(path: string): void;
  /** What changed since the last call, or since a file was put or removed from outside. */
  takeChanges(): Changes;
}

const noSpace = 51;
const maxDepth = 64;
const maxFiles = 10_000;

/** @param limit bytes that all files written from now on may hold together */
export function watchDataFiles(FS: PyodideFs, limit: number): DataFiles {
  const { MEMFS } = FS.filesystems;
  let touched = new Set<FsNode>();
  let known = new Map<string, FsNode>();
  const atStart = bytesBelow(FS.root, 0);
  let grown = 0;

  function claim(growth: number): void {
    if (growth <= 0) return;
    if (grown + growth > limit) grown = bytesBelow(FS.root, 0) - atStart;
    if (grown + growth > limit) throw new FS.ErrnoError(noSpace);
    grown += growth;
  }

  const { expandFileStorage, resizeFileStorage } = MEMFS;
  MEMFS.expandFileStorage = (node, capacity) => {
    claim(capacity - held(node));
    expandFileStorage(node, capacity);
  };
  MEMFS.resizeFileStorage = (node, size) => {
    claim(size - held(node));
    touched.add(node);
    resizeFileStorage(node, size);
  };
  const writeBytes = MEMFS.stream_ops.write;
  const write: FsWrite = (stream, buffer, offset, length, position, canOwn) => {
    // Growing past what the node holds is claimed by expandFileStorage; a first write replaces the bytes.
    if (stream.node.usedBytes === 0 && position === 0) claim(length - held(stream.node));
    touched.add(stream.node);
    return writeBytes(stream, buffer, offset, length, position, canOwn);
  };
  MEMFS.stream_ops.write = write;
  MEMFS.ops_table.file.stream.write = write;

  function list(): Map<string, FsNode> {
    const found = new Map<string, FsNode>();
    const visit = (folder: FsNode, path: string, depth: number): void => {
      for (const [name, child] of Object.entries(folder.contents as Record<string, FsNode>)) {
        if (found.size >= maxFiles) return;
        const place = `${path}/${name}`;
        if (FS.isDir(child.mode)) {
          if (depth < maxDepth) visit(child, place, depth + 1);
          continue;
        }
        const file = FS.isLink(child.mode) ? lookup(FS, place) : child;
        if (file && FS.isFile(file.mode)) found.set(place, file);
      }
    };
    const top = lookup(FS, DATA_DIR);
    if (top && FS.isDir(top.mode)) visit(top, DATA_DIR, 0);
    return found;
  }

  return {
    put(path, bytes) {
      FS.mkdirTree(path.slice(0, path.lastIndexOf('/')));
      FS.writeFile(path, bytes);
      const node = lookup(FS, path);
      if (!node) return;
      touched.delete(node);
      known.set(path, node);
    },
    remove(path) {
      if (lookup(FS, path)) FS.unlink(path);
      known.delete(path);
    },
    takeChanges() {
      const now = list();
      const written = [...now]
        .filter(([path, node]) => known.get(path) !== node || touched.has(node))
        .map(([path, node]) => ({ path, bytes: (node.contents as Uint8Array).subarray(0, node.usedBytes) }));
      const removed = [...known.keys()].filter((path) => !now.has(path));
      known = now;
      touched = new Set();
      return { written, removed };
    },
  };
}

function lookup(FS: PyodideFs, path: string): FsNode | undefined {
  try {
    return FS.lookupPath(path, { follow: true }).node ?? undefined;
  } catch {
    // Emscripten throws where there is nothing, and for links that lead nowhere or in circles.
    return undefined;
  }
}

function held(node: FsNode): number {
  return ArrayBuffer.isView(node.contents) ? node.contents.byteLength : 0;
}

function bytesBelow(node: FsNode, depth: number): number {
  if (ArrayBuffer.isView(node.contents)) return node.contents.byteLength;
  if (typeof node.contents !== 'object' || node.contents === null || depth > maxDepth * 4) return 0;
  let sum = 0;
  for (const child of Object.values(node.contents as Record<string, FsNode>))
    sum += bytesBelow(child, depth + 1);
  return sum;
}
