/**
 * The locked child. The parent starts it with permissions for nothing (`lockFlags` in childProcess.ts) and
 * these open descriptors: 0 and 1 the pipe, 3 the control file, 4 this source, 5 the Python pack.
 */
import { bootPyodide, installPackages } from './boot.ts';
import { openChannel } from './channel.ts';
import { createControl } from './control.ts';
import { watchDataFiles } from './dataFiles.ts';
import { freezeIntrinsics } from './freezeIntrinsics.ts';
import { host } from './host.ts';
import { createInterpreterLoop } from './interpreterLoop.ts';
import { leave } from './leave.ts';
import { limits } from './limits.ts';
import { createOutput } from './output.ts';
import { readPack } from './pack.ts';
import { rejectImports } from './rejectImports.ts';
import { removeGlobals, removeLoadGlobals } from './removeGlobals.ts';

const controlFile = 3;
const sourceFile = 4;
const packFile = 5;

async function main(): Promise<void> {
  const channel = openChannel({ header: 1 << 20, body: limits.fileBytes });
  host.onFault((fault) => leave('broken', fault));
  rejectImports();
  const pack = readPack(packFile);
  removeGlobals();
  const pyodide = await bootPyodide(pack);
  installPackages(pyodide, await pack.files);
  host.closeFile(packFile);
  host.closeFile(sourceFile);
  const parts = {
    pyodide,
    channel,
    control: createControl(controlFile, limits.residentBytes),
    output: createOutput(limits.outputBytes),
    files: watchDataFiles(pyodide.FS, limits.fileBytes),
  };
  const handle = createInterpreterLoop(parts);
  removeLoadGlobals();
  freezeIntrinsics();
  channel.send({ type: 'ready' });
  channel.serve(handle);
}

main().catch((error: unknown) => {
  host.report(`The sandbox could not start: ${error instanceof Error ? error.stack : String(error)}\n`);
  host.end();
});
