import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { whenOrphaned } from './processes.mjs';
import { nodeBinary, setUpNpm } from './setUp.mjs';
import { Fault, main, root } from './step.mjs';

// npm run bench -- NAME [--json] [--runs N]; each file of test/bench is one benchmark of that name.
await main(async () => {
  const names = readdirSync(path.join(root, 'test', 'bench'))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => path.basename(file, '.ts'));
  const { name, json, runs } = read(names);
  await setUpNpm();
  const child = spawn(
    nodeBinary(),
    [
      '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON',
      '--disable-warning=ExperimentalWarning',
      path.join(root, 'test', 'support', 'benchMain.ts'),
      JSON.stringify({ name, json, runs }),
    ],
    { cwd: root, stdio: 'inherit' },
  );
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.removeAllListeners(signal);
    process.on(signal, () => child.kill(signal));
  }
  whenOrphaned(() => child.kill());
  const [code] = await once(child, 'exit');
  return code ?? 1;
});

/** @param {string[]} names */
function read(names) {
  const usage = `npm run bench -- NAME [--json] [--runs N], where NAME is one of: ${names.join(', ')}`;
  try {
    const { values, positionals } = parseArgs({
      options: { json: { type: 'boolean', default: false }, runs: { type: 'string' } },
      allowPositionals: true,
    });
    const [name] = positionals;
    const runs = values.runs === undefined ? undefined : Number(values.runs);
    const counted = runs === undefined || (Number.isInteger(runs) && runs > 0 && runs <= 1000);
    if (name !== undefined && positionals.length === 1 && names.includes(name) && counted) {
      return { name, json: values.json, runs };
    }
  } catch (error) {
    if (!String(error.code).startsWith('ERR_PARSE_ARGS')) throw error;
  }
  throw new Fault(`Usage: ${usage}`);
}
