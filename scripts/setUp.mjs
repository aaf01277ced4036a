import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { cacheDir } from './cache.mjs';
import { withLock } from './locks.mjs';
import { Fault, main, npm, root, step } from './step.mjs';

/** @param {...(string | Buffer)} parts */
export function shortHash(...parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex').slice(0, 12);
}

/** A name for this clone, so that two clones share downloads but not state. */
export const cloneId = shortHash(root);

/** The Node that tests, VS Code and the local gateway run on: the pinned one, not the one on PATH. */
export function nodeBinary() {
  return path.join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

export function checkNode() {
  if (Number(process.versions.node.split('.')[0]) < 20) {
    throw new Fault(`Node 20 or later is needed, and this is Node ${process.versions.node}`);
  }
}

/** Installs exactly what package-lock.json says, when it is not there already. */
export async function setUpNpm() {
  checkNode();
  await withLock(cacheDir('locks', `npm-${cloneId}`), async () => {
    if (npmIsCurrent()) return;
    await step('Installing the npm packages of package-lock.json', (progress) =>
      npm(['ci', '--no-audit', '--no-fund'], {
        progress,
        failure: 'npm could not install the packages (is the package registry reachable?)',
      }),
    );
  });
  if (!existsSync(nodeBinary())) {
    throw new Fault(
      'The npm package "node" has no program: npm runs without install scripts (check ignore-scripts in your npm settings)',
    );
  }
}

function npmIsCurrent() {
  const installed = path.join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed) || !existsSync(nodeBinary())) return false;
  const wanted = readPackages(path.join(root, 'package-lock.json'));
  const present = readPackages(installed);
  return Object.entries(wanted).every(
    ([name, entry]) => name === '' || entry.optional || present[name]?.version === entry.version,
  );
}

/** @param {string} file @returns {Record<string, { version?: string, optional?: boolean }>} */
function readPackages(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}

/** The parts of the built-in Python, made once; answers with their folder. @returns {Promise<string>} */
export async function setUpPythonPack() {
  const { ensurePythonPack } = await import('./pythonPack.mjs');
  return step('Checking the built-in Python (Pyodide with numpy, pandas, matplotlib)', async (progress) => {
    try {
      return await ensurePythonPack({ log: progress });
    } catch (error) {
      throw new Fault(`The built-in Python could not be made: ${error.message}`);
    }
  });
}

/**
 * What tests need beyond npm packages, by name.
 * @type {Record<string, () => Promise<unknown>>}
 */
export const tools = {
  python: async () => ({ dir: await setUpPythonPack() }),
  nodes: async () => (await import('./setUpNodes.mjs')).setUpNodes(),
  vscode: async () => (await import('./setUpVsCode.mjs')).setUpVsCode(),
  browser: async () => (await import('./setUpBrowser.mjs')).setUpBrowser(),
  litellm: async () => (await import('./setUpVenv.mjs')).setUpLitellm(),
  native: async () => (await import('./setUpVenv.mjs')).setUpNativePython(),
  build: async () => (await import('./build.mjs')).build(),
  vsix: async () => (await import('./build.mjs')).buildVsix(),
  slimVsix: async () => (await import('./build.mjs')).buildVsix({ slim: true }),
};

/** @param {string[]} names */
export async function setUpTools(names) {
  /** @type {Record<string, unknown>} */
  const found = { node: nodeBinary() };
  for (const name of names) found[name] = await tools[name]();
  return found;
}

// As a program it prints one JSON object: `node scripts/setUp.mjs vscode browser`.
if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  // Not awaited here: the steps import this module, which would then never finish loading.
  void main(async () => {
    const names = process.argv.slice(2);
    const unknown = names.find((name) => !(name in tools));
    if (unknown !== undefined) {
      throw new Fault(`There is no set-up step "${unknown}"; there are ${Object.keys(tools).join(', ')}`);
    }
    await setUpNpm();
    process.stdout.write(`${JSON.stringify(await setUpTools(names))}\n`);
    return 0;
  });
}
