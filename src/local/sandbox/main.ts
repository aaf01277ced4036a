/**
 * The locked child. The parent starts it with permissions for nothing (`lockFlags` in childProcess.ts) and
 * these open descriptors: 0 and 1 the pipe, 3 the control file, 4 this source, 5 the Python pack.
 */
import { parseJson } from '../../core/json.ts';
import { bootPyodide, installPackages } from './boot.ts';
import { boundBuffers } from './boundBuffers.ts';
import { openChannel } from './channel.ts';
import { closeBridge } from './closeBridge.ts';
import { createControl } from './control.ts';
import { watchDataFiles } from './dataFiles.ts';
import { boundFiles } from './fileQuota.ts';
import { freezeIntrinsics } from './freezeIntrinsics.ts';
import { hideConstructors } from './hideConstructors.ts';
import { host } from './host.ts';
import { createInterpreterLoop } from './interpreterLoop.ts';
import { Unlocked } from './layers.ts';
import { leave } from './leave.ts';
import { memoryShares, readLimits } from './limits.ts';
import { isLibrary, readPack } from './pack.ts';
import { proveNode } from './proveNode.ts';
import { provePython } from './provePython.ts';
import { proveScript } from './proveScript.ts';
import { rejectImports } from './rejectImports.ts';
import { removeGlobals, removeLoadGlobals } from './removeGlobals.ts';
import { createRunReport } from './runReport.ts';
import { sealModules } from './sealModules.ts';
import { whenBrokenOff } from './steps.ts';

const controlFile = 3;
const sourceFile = 4;
const packFile = 5;

async function main(): Promise<void> {
  const limits = readLimits(parseJson(host.argument));
  const channel = openChannel({ header: 1 << 20, body: limits.fileBytes });
  host.onFault((fault) => leave('broken', fault));
  whenBrokenOff(() => leave('stopped'));
  rejectImports();
  const reading = readPack(packFile);
  await proveNode(memoryShares(limits));
  const pack = await reading;
  removeGlobals();
  boundBuffers(limits.memoryBytes);
  const seal = sealModules();
  const pyodide = await bootPyodide(pack);
  const files = await pack.files;
  installPackages(pyodide, files);
  host.closeFile(packFile);
  host.closeFile(sourceFile);
  const quota = boundFiles(pyodide.FS, limits.fileBytes);
  const dataFiles = watchDataFiles(pyodide.FS, limits);
  const report = createRunReport({ channel, files: dataFiles, quota, limits });
  const control = createControl(controlFile, limits.memoryBytes, report.look);
  const handle = createInterpreterLoop({ pyodide, control, report, files: dataFiles, channel, limits });
  closeBridge(pyodide);
  seal.close(files.filter(isLibrary).map(({ bytes }) => bytes));
  removeLoadGlobals();
  hideConstructors();
  freezeIntrinsics();
  proveScript(pyodide, files);
  provePython(pyodide);
  channel.send({ type: 'ready' });
  channel.serve(handle);
}

main().catch((error: unknown) => {
  if (error instanceof Unlocked) leave('unlocked', error.layer);
  host.report(`The sandbox could not start: ${error instanceof Error ? error.stack : String(error)}\n`);
  host.end();
});
