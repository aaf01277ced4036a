/**
 * The container's files: which of those below /mnt/data a run made, changed or removed. Writes are noted where
 * Emscripten's file system makes them, so neither a time nor a size is trusted.
 */
import { isDataPath } from '../dataPath.ts';
import { DATA_DIR } from '../python.ts';
import { host } from './host.ts';
import type { Limits } from './limits.ts';
import type { FsNode, FsWrite, PyodideFs } from './pyodideTypes.ts';
import { viewOf } from './realBytes.ts';

export interface Changes {
  readonly removed: readonly string[];
  readonly written: readonly { readonly path: string; readonly bytes: Uint8Array }[];
  /** How many files are not kept because there are too many of them, or too much is in them. */
  readonly leftOut: number;
  /** How many have a path that cannot be kept. */
  readonly unnamed: number;
}

/** Which changes to take while more may come. */
export interface Settled {
  /** Milliseconds since the last write to a file. */
  readonly quietFor: number;
  /** Bytes, together. */
  readonly most: number;
}

/** As many files are there as may be. */
export class TooManyFiles extends Error {
  override readonly name = 'TooManyFiles';
}

export interface DataFiles {
  /** @throws TooManyFiles, or Emscripten's error where it has no room */
  put(path: string, bytes: Uint8Array): void;
  remove(path: string): void;
  /** What changed since it was last taken, or since a file was put or removed from outside. */
  takeChanges(only?: Settled): Changes;
}

const maxDepth = 64;

export function watchDataFiles(FS: PyodideFs, limits: Limits): DataFiles {
  const { MEMFS } = FS.filesystems;
  /** When each file was last written to, of those that were since they were taken. */
  const touched = new Map<FsNode, number>();
  /** The files as they were taken, and their sizes then: what the other side has. */
  const known = new Map<string, { readonly node: FsNode; readonly size: number }>();

  const { resizeFileStorage } = MEMFS;
  MEMFS.resizeFileStorage = (node, size) => {
    touched.set(node, host.now());
    resizeFileStorage(node, size);
  };
  const writeBytes = MEMFS.stream_ops.write;
  const write: FsWrite = (stream, ...rest) => {
    touched.set(stream.node, host.now());
    return writeBytes(stream, ...rest);
  };
  MEMFS.stream_ops.write = write;
  MEMFS.ops_table.file.stream.write = write;

  /** Those that are kept: files that are known already come first, so that new ones never push them out. */
  function choose(found: ReadonlyMap<string, FsNode>): Map<string, FsNode> {
    const kept = new Map<string, FsNode>();
    let bytes = 0;
    const keep = (path: string): void => {
      const node = found.get(path);
      if (!node || kept.has(path) || kept.size >= limits.files) return;
      // More than there is room for, where links show one file several times.
      if (bytes + node.usedBytes > limits.fileBytes) return;
      bytes += node.usedBytes;
      kept.set(path, node);
    };
    for (const path of known.keys()) keep(path);
    for (const path of found.keys()) keep(path);
    return kept;
  }

  function isSettled(node: FsNode, { quietFor }: Settled): boolean {
    return host.now() - (touched.get(node) ?? 0) >= quietFor;
  }

  return {
    put(path, bytes) {
      if (!known.has(path) && known.size >= limits.files) throw new TooManyFiles('There are too many files.');
      const isNew = !lookup(FS, path);
      FS.mkdirTree(path.slice(0, path.lastIndexOf('/')));
      try {
        FS.writeFile(path, bytes);
      } catch (error) {
        // It was made before its bytes found no room.
        if (isNew && lookup(FS, path)) FS.unlink(path);
        throw error;
      }
      const node = lookup(FS, path);
      if (!node) return;
      touched.delete(node);
      known.set(path, { node, size: bytes.length });
    },
    remove(path) {
      if (lookup(FS, path)) FS.unlink(path);
      known.delete(path);
    },
    takeChanges(only) {
      const { found, unnamed } = list(FS);
      const kept = choose(found);
      const removed = [...known.keys()].filter((path) => !found.has(path));
      for (const path of removed) known.delete(path);
      const written = [];
      const taken = new Set<FsNode>();
      const owed = new Set([...found].filter(([path]) => !kept.has(path)).map(([, node]) => node));
      let room = only?.most ?? Number.POSITIVE_INFINITY;
      let told = 0;
      for (const { size } of known.values()) told += size;
      for (const [path, node] of kept) {
        const before = known.get(path);
        if (before?.node === node && !touched.has(node)) continue;
        const growth = node.usedBytes - (before?.size ?? 0);
        // The other side holds what it was told before until it is told anew: never more than there is room for.
        if (only && (!isSettled(node, only) || node.usedBytes > room || told + growth > limits.fileBytes))
          continue;
        room -= node.usedBytes;
        told += growth;
        known.set(path, { node, size: node.usedBytes });
        taken.add(node);
        written.push({ path, bytes: contentOf(node) });
      }
      for (const node of only ? taken : touched.keys()) if (!owed.has(node)) touched.delete(node);
      return { removed, written, leftOut: found.size - kept.size, unnamed };
    },
  };
}

function list(FS: PyodideFs): { readonly found: Map<string, FsNode>; readonly unnamed: number } {
  const found = new Map<string, FsNode>();
  let unnamed = 0;
  const visit = (folder: FsNode, path: string, depth: number): void => {
    for (const [name, child] of Object.entries(folder.contents as Record<string, FsNode>)) {
      const place = `${path}/${name}`;
      if (FS.isDir(child.mode)) {
        if (depth < maxDepth) visit(child, place, depth + 1);
        else unnamed += 1;
        continue;
      }
      const file = FS.isLink(child.mode) ? lookup(FS, place) : child;
      if (!file || !FS.isFile(file.mode)) continue;
      if (isDataPath(place)) found.set(place, file);
      else unnamed += 1;
    }
  };
  const top = lookup(FS, DATA_DIR);
  if (top && FS.isDir(top.mode)) visit(top, DATA_DIR, 0);
  return { found, unnamed };
}

function lookup(FS: PyodideFs, path: string): FsNode | undefined {
  try {
    return FS.lookupPath(path, { follow: true }).node ?? undefined;
  } catch {
    // Emscripten throws where there is nothing, and for links that lead nowhere or in circles.
    return undefined;
  }
}

function contentOf(node: FsNode): Uint8Array {
  return viewOf(node.contents)?.subarray(0, node.usedBytes) ?? new Uint8Array(0);
}
