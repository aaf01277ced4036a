/** The parts of Pyodide that the sandbox uses, also those that Pyodide's own types leave out (Emscripten's file system). */

export interface FsNode {
  readonly name: string;
  readonly mode: number;
  readonly parent: FsNode;
  /** A folder has an object by name here, a file its bytes (more than `usedBytes` of them). */
  contents: unknown;
  usedBytes: number;
}

export interface FsStream {
  readonly node: FsNode;
}

export type FsWrite = (
  stream: FsStream,
  buffer: Uint8Array,
  offset: number,
  length: number,
  position: number,
  canOwn?: boolean,
) => number;

export interface MemoryFs {
  createNode(parent: FsNode, name: string, mode: number, device: number): FsNode;
  expandFileStorage(node: FsNode, capacity: number): void;
  resizeFileStorage(node: FsNode, size: number): void;
  readonly stream_ops: { write: FsWrite };
  readonly ops_table: { readonly file: { readonly stream: { write: FsWrite } } };
}

export interface PyodideFs {
  readonly filesystems: { readonly MEMFS: MemoryFs };
  readonly ErrnoError: new (errno: number) => Error;
  readonly root: FsNode;
  mkdirTree(path: string): void;
  lookupPath(path: string, options: { readonly follow?: boolean }): { readonly node: FsNode | null };
  isDir(mode: number): boolean;
  isFile(mode: number): boolean;
  isLink(mode: number): boolean;
  writeFile(path: string, bytes: Uint8Array): void;
  unlink(path: string): void;
  rmdir(path: string): void;
}

export interface Pyodide {
  readonly FS: PyodideFs;
  readonly _api: { on_fatal?: (fault: unknown) => void };
  runPython(source: string, options?: { readonly globals?: PyProxy; readonly filename?: string }): unknown;
  setStdin(options: object): void;
  setStdout(options: object): void;
  setStderr(options: object): void;
  setInterruptBuffer(buffer: object): void;
}

/** A Python object; calling it calls the Python function. */
export interface PyProxy {
  (...args: unknown[]): unknown;
  get(name: string): PyProxy;
  toJs(): unknown;
  destroy(): void;
}
