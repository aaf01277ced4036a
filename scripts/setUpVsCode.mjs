import { existsSync, readFileSync } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import path from 'node:path';
import { cacheDir } from './cache.mjs';
import { fillOnce } from './locks.mjs';
import { unpack } from './npmPackage.mjs';
import { nodeBinary, shortHash } from './setUp.mjs';
import { Fault, npm, root, step } from './step.mjs';

// code-server is VS Code itself with a web server in front: version 4.N is VS Code 1.N.
const version = '4.139.1';
const integrity =
  'sha512-fUYvJVdz4ZoVJfakGiGWXFMpF8K1ObsrpGvX17ZxNpKOzdNHs7lANT670JTr4ZhA8DnWqyvvmFG/d3HV9Yy6ew==';

const args = [
  '--auth',
  'none',
  '--disable-telemetry',
  '--disable-update-check',
  '--disable-workspace-trust',
  '--disable-getting-started-override',
];

/**
 * A real VS Code for a browser, in the cache; `args` are what every start of it should have.
 * @returns {Promise<{ entry: string, args: string[] }>}
 */
export async function setUpVsCode() {
  if (process.platform === 'win32') {
    throw new Fault(
      'VS Code for the browser runs on Linux and macOS only; on Windows use npm start -- --desktop, or WSL',
    );
  }
  const logger = path.join(root, 'scripts', 'spdlog.cjs');
  const dir = cacheDir('vscode', `${version}-${shortHash(readFileSync(logger))}`);
  await fillOnce(dir, (temporary) =>
    step('Fetching VS Code 1.139 for the browser (45 MB, about 20 s)', async (progress) => {
      await unpack('code-server', version, integrity, temporary, progress);
      // Its npm-shrinkwrap.json files pin every package below with a hash, and the hash above pins them.
      // Its server part leaves out one optional peer there, so peers must not be asked for.
      const install = [
        'ci',
        '--omit=dev',
        '--ignore-scripts',
        '--legacy-peer-deps',
        '--no-audit',
        '--no-fund',
      ];
      const env = {
        ...process.env,
        PATH: `${path.dirname(nodeBinary())}${path.delimiter}${process.env.PATH}`,
      };
      const failure = 'npm could not install the parts of VS Code';
      await npm(install, { cwd: temporary, env, progress, failure });
      const server = path.join(temporary, 'lib', 'vscode');
      await npm(install, { cwd: server, env, progress, failure });
      await cp(logger, path.join(server, 'node_modules', '@vscode', 'spdlog', 'index.js'));
      await rm(path.join(temporary, 'src'), { recursive: true, force: true });
    }),
  );
  const entry = path.join(dir, 'out', 'node', 'entry.js');
  if (!existsSync(entry)) {
    throw new Fault(`The VS Code in the cache is not whole: delete the folder ${dir} and try again`);
  }
  return { entry, args };
}
