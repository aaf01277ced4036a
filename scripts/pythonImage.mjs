/**
 * The part of pythonPack.mjs that runs Pyodide, as a process of its own: takes one JSON argument
 * `{core, out, wheels}`, writes `python.pack` into `out`. Clock and random source stand still here, zone and language
 * are fixed, so that the result is the same from run to run.
 *
 * python.pack is: the 8 bytes "PYPACK1\n", the index length (u32, little endian), the index (JSON), the parts, each
 * compressed with zstd. The index is `{parts: {name: [offset, length, bytes]}, files: [[path, offset, length], …]}`:
 * offsets of parts count from the first byte after the index, those of files from the start of the part "files" once
 * it is decompressed; paths are below site-packages. (A zip would be inflated file by file at each start.)
 */
import crypto from 'node:crypto';
import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import zlib from 'node:zlib';

const { core, out, wheels } = JSON.parse(process.argv[2] ?? '{}');
const recipe = await readFile(fileURLToPath(new URL('pythonImage.py', import.meta.url)), 'utf8');
const standardLibrary = path.join(out, 'python_stdlib.zip');
const site = '/lib/python3.14/site-packages/';

standStill();
const { loadPyodide } = await import(pathToFileURL(path.join(core, 'pyodide.mjs')).href);
try {
  await storeStandardLibrary();
  const files = await compiledFiles();
  const snapshot = await takeSnapshot(files);
  await writeFile(path.join(out, 'python.pack'), await pack(files, snapshot));
  await rm(standardLibrary);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}

function standStill() {
  // Python reads the zone once, at its start: that of this machine would be in the snapshot.
  process.env.TZ = 'UTC';
  const instant = Date.UTC(2026, 0, 1);
  Date.now = () => instant;
  Math.random = () => 0.5;
  performance.now = () => 0;
  const fill = (/** @type {Uint8Array} */ view) => view.fill(7);
  crypto.randomFillSync = /** @type {never} */ (fill);
}

/** The zip of the standard library without compression of its own: imports are faster, the pack is smaller. */
async function storeStandardLibrary() {
  await copyFile(path.join(core, 'python_stdlib.zip'), standardLibrary);
  const pyodide = await start();
  pyodide.FS.writeFile('/tmp/packed.zip', await readFile(standardLibrary));
  pyodide.runPython(recipe);
  pyodide.runPython("store_zip('/tmp/packed.zip', '/tmp/stored.zip')");
  await writeFile(standardLibrary, pyodide.FS.readFile('/tmp/stored.zip'));
}

/** @param {object} [env] @param {object} [more] */
function start(env, more) {
  return loadPyodide({
    indexURL: core,
    stdLibURL: standardLibrary,
    // Without LANG it would be the language of this machine.
    env: { PYTHONHASHSEED: '0', HOME: '/home/user', LANG: 'en_US.UTF-8', ...env },
    jsglobals: {},
    // By default the path of this script, which would be in the snapshot.
    _sysExecutable: '/usr/bin/python3',
    ...more,
  });
}

/** @returns {Promise<[string, Uint8Array][]>} path below site-packages and content */
async function compiledFiles() {
  // Without columns: what errors inside packages would show with them is not shown to users anyway.
  const pyodide = await start({ PYTHONNODEBUGRANGES: '1' });
  const names = [];
  for (const wheel of wheels) {
    const name = `/tmp/${path.basename(wheel)}`;
    pyodide.FS.writeFile(name, await readFile(wheel));
    names.push(name);
  }
  pyodide.runPython(recipe);
  pyodide.globals.set('wheels', pyodide.toPy(names));
  pyodide.runPython('unpack(wheels); compile_all(); font_list()');
  const found = pyodide.runPython('files(SITE)').toJs();
  return found
    .filter((/** @type {string} */ name) => !name.includes('__pycache__'))
    .map((/** @type {string} */ name) => [name.slice(site.length), pyodide.FS.readFile(name)]);
}

/** @param {[string, Uint8Array][]} files @returns {Promise<Uint8Array>} */
async function takeSnapshot(files) {
  const pyodide = await start({}, { _makeSnapshot: true });
  for (const [name, bytes] of files) {
    pyodide.FS.mkdirTree(path.posix.dirname(site + name));
    pyodide.FS.writeFile(site + name, bytes);
  }
  const scope = pyodide.runPython('{}');
  pyodide.runPython(recipe, { globals: scope });
  pyodide.runPython('preload()', { globals: scope });
  scope.destroy();
  return pyodide.makeMemorySnapshot();
}

/** @param {[string, Uint8Array][]} files @param {Uint8Array} snapshot */
async function pack(files, snapshot) {
  let offset = 0;
  const list = files.map(([name, bytes]) => {
    const entry = [name, offset, bytes.length];
    offset += bytes.length;
    return entry;
  });
  const parts = {
    wasm: await readFile(path.join(core, 'pyodide.asm.wasm')),
    stdlib: await readFile(standardLibrary),
    snapshot,
    files: Buffer.concat(files.map(([, bytes]) => bytes)),
  };
  const level = { [zlib.constants.ZSTD_c_compressionLevel]: 19, [zlib.constants.ZSTD_c_windowLog]: 27 };
  const compress = promisify(zlib.zstdCompress);
  const packed = await Promise.all(Object.values(parts).map((bytes) => compress(bytes, { params: level })));
  let position = 0;
  const places = Object.entries(parts).map(([name, bytes], index) => {
    const place = [name, [position, packed[index]?.length ?? 0, bytes.length]];
    position += packed[index]?.length ?? 0;
    return place;
  });
  const index = Buffer.from(JSON.stringify({ parts: Object.fromEntries(places), files: list }));
  const head = Buffer.alloc(12);
  head.write('PYPACK1\n', 'latin1');
  head.writeUInt32LE(index.length, 8);
  return Buffer.concat([head, index, ...packed]);
}
