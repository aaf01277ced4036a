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
  readonly filesystems: { readonly MEMFS: MemoryFs; readonly NODEFS: object };
  readonly ErrnoError: new (errno: number) => Error;
  readonly root: FsNode;
  mkdirTree(path: string): void;
  mount(type: object, options: object, path: string): void;
  readdir(path: string): string[];
  lookupPath(path: string, options: { readonly follow?: boolean }): { readonly node: FsNode | null };
  isDir(mode: number): boolean;
  isFile(mode: number): boolean;
  isLink(mode: number): boolean;
  writeFile(path: string, bytes: Uint8Array): void;
  unlink(path: string): void;
  rmdir(path: string): void;
}

export interface Pyodide {
  readonly version: string;
  readonly FS: PyodideFs;
  /** Emscripten's module; after its memory has grown it has other views of it. */
  readonly _module: { readonly HEAPU32: Uint32Array; _PyThreadState_Get(): number };
  readonly _api: {
    on_fatal?: (fault: unknown) => void;
    readonly runtimeEnv: { readonly IN_NODE: boolean };
  };
  pyimport(name: 'builtins'): Builtins;
  toPy(value: object): PyProxy;
  setStdin(options: object): void;
  setStdout(options: object): void;
  setStderr(options: object): void;
  setInterruptBuffer(buffer: object): void;
}

export interface Builtins {
  compile(source: string, filename: string, mode: 'exec'): PyProxy;
  exec(code: PyProxy, globals: PyProxy): void;
  destroy(): void;
}

/** A Python object; calling it calls the Python function. */
export interface PyProxy {
  (...args: unknown[]): unknown;
  get(name: string): PyProxy;
  toJs(): unknown;
  destroy(): void;
}
