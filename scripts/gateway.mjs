import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { build } from './build.mjs';
import { whenOrphaned } from './processes.mjs';
import { nodeBinary, setUpNpm } from './setUp.mjs';
import { main, root } from './step.mjs';

// Everything said here goes to stderr: stdout carries the gateway's one JSON line and nothing else.
await main(async () => {
  await setUpNpm();
  await build();
  const child = spawn(nodeBinary(), [path.join(root, 'dist', 'localGateway.js'), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.removeAllListeners(signal);
    process.on(signal, () => child.kill(signal));
  }
  whenOrphaned(() => child.kill());
  const [code] = await once(child, 'exit');
  return code ?? 0;
});
