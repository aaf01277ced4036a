/**
 * Makes the folder that the product ships as `dist/python/`: Pyodide's core, numpy, pandas and matplotlib with what
 * they need, compiled and laid out to start fast. Everything is pinned by the npm package `pyodide` and the sha256s in
 * its lock file. `PYTHON_PACK_MIRROR` names another place for the wheels: a folder, or an address, that holds them by
 * file name (as Pyodide's own distribution does).
 */
import { execFile } from 'node:child_process';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { cacheDir } from './cache.mjs';
import { fillOnce } from './locks.mjs';
import { notices } from './pythonNotices.mjs';
import { fetchWheels, fileSha256, sha256 } from './pythonWheels.mjs';

const wantedPackages = ['numpy', 'pandas', 'matplotlib'];
const pyodideVersion = '314.0.4';
const here = path.dirname(fileURLToPath(import.meta.url));

/**
 * The folder with the Python pack, made first where the cache does not have it.
 * @param {{ log?: (text: string) => void }} [options] `log` gets one line a step
 * @returns {Promise<string>} its absolute path
 * @throws {Error} where a part cannot be had or is not the pinned one
 */
export async function ensurePythonPack({ log = () => {} } = {}) {
  const core = path.dirname(createRequire(import.meta.url).resolve('pyodide/package.json'));
  const lock = await readLock(core);
  const wheels = closure(lock, wantedPackages);
  const key = await recipeKey(core);
  const dir = cacheDir('python', `${pyodideVersion}-${key}`);
  await fillOnce(dir, async (temporary) => {
    log(`Making the Python pack: Pyodide ${pyodideVersion}, ${wheels.map(({ name }) => name).join(', ')}`);
    const wheelDir = cacheDir('wheels');
    const mirror = process.env.PYTHON_PACK_MIRROR || undefined;
    const wanted = wheels.map(({ file_name, sha256 }) => ({ file: file_name, sha256 }));
    const origins = await fetchWheels({ wanted, dir: wheelDir, ...(mirror ? { mirror } : {}), log });
    log('compiling, taking the start-up snapshot (about 30 s)');
    await makeImage({ core, out: temporary, wheels: wanted.map(({ file }) => path.join(wheelDir, file)) });
    await writeFile(path.join(temporary, 'NOTICES'), await notices({ core, wheels, wheelDir, origins }));
    await writeManifest(temporary, wheels, key);
  });
  await checkManifest(dir);
  return dir;
}

/** @param {string} core */
async function readLock(core) {
  const found = JSON.parse(await readFile(path.join(core, 'package.json'), 'utf8')).version;
  if (found !== pyodideVersion) {
    throw new Error(
      `npm package pyodide is ${found}; the wheels are pinned for ${pyodideVersion}. Run npm ci.`,
    );
  }
  return JSON.parse(await readFile(path.join(core, 'pyodide-lock.json'), 'utf8'));
}

/**
 * @typedef {{ name: string, version: string, file_name: string, sha256: string, depends: string[] }} LockedPackage
 * @param {{ packages: Record<string, LockedPackage> }} lock
 * @param {readonly string[]} names
 */
function closure(lock, names) {
  /** @type {Map<string, LockedPackage>} */
  const found = new Map();
  const visit = (/** @type {string} */ name) => {
    if (found.has(name)) return;
    const entry = lock.packages[name];
    if (!entry) throw new Error(`pyodide-lock.json has no ${name}`);
    found.set(name, entry);
    for (const next of entry.depends) visit(next);
  };
  for (const name of names) visit(name);
  return [...found.values()].sort((a, b) => (a.file_name < b.file_name ? -1 : 1));
}

/** Changes whenever the core or the way of making changes. @param {string} core */
async function recipeKey(core) {
  const parts = [];
  for (const name of ['pyodide-lock.json', 'pyodide.asm.mjs', 'pyodide.mjs', 'python_stdlib.zip']) {
    parts.push(sha256(await readFile(path.join(core, name))));
  }
  for (const name of (await readdir(here)).filter((file) => /^python.*\.(mjs|py)$/.test(file)).sort()) {
    parts.push(sha256(await readFile(path.join(here, name))));
  }
  return sha256(Buffer.from(parts.join('\n'))).slice(0, 16);
}

/** In a process of its own, on the pinned Node: its clock and random source stand still. @param {object} order */
async function makeImage(order) {
  const args = ['--no-warnings', path.join(here, 'pythonImage.mjs'), JSON.stringify(order)];
  const program = process.platform === 'win32' ? 'bin/node.exe' : 'bin/node';
  const node = path.join(path.dirname(createRequire(import.meta.url).resolve('node/package.json')), program);
  try {
    await promisify(execFile)(node, args, { maxBuffer: 1 << 24 });
  } catch (error) {
    const { stderr, message } = /** @type {{ stderr?: string, message: string }} */ (error);
    // Node shows the source line of a fault, and Pyodide's source is one line of a megabyte.
    const lines = (stderr || message).split('\n').filter((line) => line.length < 1000);
    throw new Error(`The Python pack could not be compiled: ${lines.slice(-25).join('\n')}`, {
      cause: error,
    });
  }
}

/** @param {string} dir @param {readonly LockedPackage[]} wheels @param {string} key */
async function writeManifest(dir, wheels, key) {
  /** @type {Record<string, { bytes: number, sha256: string }>} */
  const files = {};
  for (const name of (await readdir(dir)).sort()) {
    const file = path.join(dir, name);
    files[name] = { bytes: (await stat(file)).size, sha256: await fileSha256(file) };
  }
  const packages = Object.fromEntries(wheels.map(({ name, version }) => [name, version]));
  const sources = Object.fromEntries(wheels.map(({ file_name, sha256 }) => [file_name, sha256]));
  const manifest = { pyodide: pyodideVersion, recipe: key, packages, files, sources };
  await writeFile(path.join(dir, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** @param {string} dir */
async function checkManifest(dir) {
  const { files } = JSON.parse(await readFile(path.join(dir, 'manifest.json'), 'utf8'));
  for (const [name, { bytes, sha256 }] of Object.entries(files)) {
    const file = path.join(dir, name);
    const size = (await stat(file).catch(() => undefined))?.size;
    if (size !== bytes || (await fileSha256(file)) !== sha256) {
      throw new Error(`${file} is damaged. Delete the folder ${dir} and try again.`);
    }
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const started = performance.now();
  try {
    const dir = await ensurePythonPack({ log: (text) => process.stderr.write(`${text}\n`) });
    process.stdout.write(`${dir}\n`);
    process.stderr.write(`ready in ${((performance.now() - started) / 1000).toFixed(2)} s\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    process.exitCode = 1;
  }
}
