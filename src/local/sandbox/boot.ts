import { numberField } from '../../core/json.ts';
import { leave } from './leave.ts';
import type { Pack, PackFile } from './pack.ts';
import type { FsNode, FsWrite, MemoryFs, Pyodide, PyodideFs } from './pyodideTypes.ts';
import { copyBytes } from './realBytes.ts';
import { createScriptGlobals } from './scriptGlobals.ts';
import { serve, withdraw } from './shell.ts';

export const sitePackages = '/lib/python3.14/site-packages';
const readOnlyFile = 0o100444;

/** Starts Pyodide from the pack's snapshot, in the bare shell. */
export async function bootPyodide(pack: Pack): Promise<Pyodide> {
  // Only now: Pyodide looks at the global object as soon as it is evaluated.
  const { loadPyodide } = await import('pyodide/pyodide.mjs');
  const { default: createPyodideModule } = await import('pyodide/pyodide.asm.mjs');
  const folder = '/core/';
  serve(`${folder}pyodide.asm.wasm`, pack.wasm);
  serve(`${folder}python_stdlib.zip`, pack.standardLibrary);
  const pyodide = await loadPyodide({
    indexURL: folder,
    createPyodideModule,
    jsglobals: createScriptGlobals(),
    lockFileContents: {
      info: { abi_version: '2026_0', arch: 'wasm32', platform: 'emscripten_5_0_3', python: '3.14.0' },
      packages: {},
    },
    env: { HOME: '/home/user' },
    stdin: () => null,
    stdout: () => {},
    stderr: () => {},
    _loadSnapshot: pack.snapshot,
  });
  withdraw();
  // os._exit, abort, a trap: without this the promise of the run would stay open for ever.
  pyodide._api.on_fatal = (fault) => {
    leave(numberField(fault, 'status') === undefined ? 'broken' : 'exited', fault);
  };
  return pyodide;
}

/** Puts the packages where Python imports them from. Their bytes are not copied. */
export function installPackages({ FS }: Pyodide, files: readonly PackFile[]): void {
  const { MEMFS } = FS.filesystems;
  const shared = new Set<unknown>();
  // Looking a folder up again for each of 1,800 files took 60 ms.
  const folders = new Map<string, FsNode>();
  for (const { path, bytes } of files) {
    const slash = path.lastIndexOf('/');
    const folder = slash < 0 ? sitePackages : `${sitePackages}/${path.slice(0, slash)}`;
    const parent = folders.get(folder) ?? makeFolder(FS, folder);
    folders.set(folder, parent);
    const node = MEMFS.createNode(parent, path.slice(slash + 1), readOnlyFile, 0);
    node.contents = bytes;
    node.usedBytes = bytes.length;
    shared.add(bytes);
  }
  copyBeforeWriting(MEMFS, shared);
}

function makeFolder(FS: PyodideFs, folder: string): FsNode {
  FS.mkdirTree(folder);
  const { node } = FS.lookupPath(folder, {});
  if (!node) throw new Error(`The folder ${folder} could not be made.`);
  return node;
}

/** Code that writes into a package's file gets a copy: by the bytes of the pack `sealModules.ts` knows what may load. */
function copyBeforeWriting(MEMFS: MemoryFs, shared: ReadonlySet<unknown>): void {
  const writeBytes = MEMFS.stream_ops.write;
  const write: FsWrite = (stream, ...rest) => {
    const { node } = stream;
    if (shared.has(node.contents)) node.contents = copyBytes(node.contents);
    return writeBytes(stream, ...rest);
  };
  MEMFS.stream_ops.write = write;
  MEMFS.ops_table.file.stream.write = write;
}
