import { numberField } from '../../core/json.ts';
import { leave } from './leave.ts';
import type { Pack, PackFile } from './pack.ts';
import type { Pyodide } from './pyodideTypes.ts';
import { createScriptGlobals } from './scriptGlobals.ts';
import { serve, withdraw } from './shell.ts';

const sitePackages = '/lib/python3.14/site-packages';
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
  for (const { path, bytes } of files) {
    const slash = path.lastIndexOf('/');
    const folder = slash < 0 ? sitePackages : `${sitePackages}/${path.slice(0, slash)}`;
    FS.mkdirTree(folder);
    const parent = FS.lookupPath(folder, {}).node;
    if (!parent) throw new Error(`The folder ${folder} could not be made.`);
    const node = MEMFS.createNode(parent, path.slice(slash + 1), readOnlyFile, 0);
    node.contents = bytes;
    node.usedBytes = bytes.length;
  }
}
