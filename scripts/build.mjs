import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cacheDir } from './cache.mjs';
import { withLock } from './locks.mjs';
import { cloneId, nodeBinary, setUpPythonPack } from './setUp.mjs';
import { Fault, root, run, step } from './step.mjs';

const stamps = path.join(root, 'out', 'stamps');
const buildFiles = [
  'package.json',
  'package-lock.json',
  'esbuild.js',
  'scripts/buildExtension.cjs',
  'scripts/buildWebview.cjs',
  'tsconfig.json',
  'src',
  'media',
];
const ignoreFile = '.vscodeignore';
const packageFiles = [
  'package.json',
  'package.nls.json',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
  ignoreFile,
  'media',
  'l10n',
];
/** The lines of `.vscodeignore` that let the local Python in. */
const localPython = ['!dist/localGateway.js', '!dist/sandbox.js', '!dist/python/**'];

/**
 * Bundles the sources into dist/, when they have changed since the last time.
 * @returns {Promise<{ dist: string }>}
 */
export function build() {
  return withLock(cacheDir('locks', `build-${cloneId}`), async () => {
    const pack = await setUpPythonPack();
    await buildWith(pack);
    return { dist: path.join(root, 'dist') };
  });
}

/** @param {string} pack */
async function buildWith(pack) {
  const inputs = `${contentHash(buildFiles)} ${pack}`;
  if (readStamp('build') === `${inputs} ${lookHash('dist')}`) return;
  await step('Building the extension', (progress) =>
    run(nodeBinary(), ['esbuild.js', '--production'], {
      progress,
      log: 'build',
      failure: 'The build failed',
    }),
  );
  writeStamp('build', `${inputs} ${lookHash('dist')}`);
}

/**
 * The installable extension, made anew when anything in it has changed.
 * @param {{ slim?: boolean }} [options] `slim`: without the local Python, for people who have a gateway
 * @returns {Promise<{ file: string, hash: string }>}
 */
export function buildVsix({ slim = false } = {}) {
  return withLock(cacheDir('locks', `build-${cloneId}`), async () => {
    await buildWith(await setUpPythonPack());
    const { name, version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
    const file = path.join(root, 'out', `${name}-${version}${slim ? '-slim' : ''}.vsix`);
    const hash = `${contentHash(packageFiles)} ${lookHash('dist')}`;
    const stamp = slim ? 'vsix-slim' : 'vsix';
    if (existsSync(file) && readStamp(stamp) === hash) return { file, hash };
    await step(slim ? 'Packaging the extension without Python' : 'Packaging the extension', () =>
      packageVsix(file, slim ? writeSlimIgnore() : path.join(root, ignoreFile)),
    );
    writeStamp(stamp, hash);
    return { file, hash };
  });
}

/** What `.vscodeignore` keeps, less the local Python. @returns {string} the file that says so */
function writeSlimIgnore() {
  const lines = readFileSync(path.join(root, ignoreFile), 'utf8').split('\n');
  for (const line of localPython) {
    if (!lines.includes(line)) throw new Error(`${ignoreFile} has no line ${line}`);
  }
  const file = path.join(root, 'out', 'slim.vscodeignore');
  writeFileSync(file, lines.filter((line) => !localPython.includes(line)).join('\n'));
  return file;
}

/** @param {string} file @param {string} ignore */
async function packageVsix(file, ignore) {
  const vsce = path.join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
  rmSync(file, { force: true });
  await run(
    nodeBinary(),
    [
      vsce,
      'package',
      '--no-dependencies',
      '--allow-missing-repository',
      '--no-rewrite-relative-links',
      '--ignoreFile',
      ignore,
      '--out',
      file,
    ],
    { log: 'vsce', failure: 'The extension could not be packaged' },
  );
  if (!existsSync(file)) throw new Fault('vsce ended without an error and without a package (see out/logs)');
}

/** @param {string[]} names */
function contentHash(names) {
  const hash = createHash('sha256');
  for (const file of names.flatMap(filesBelow))
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(path.join(root, file)));
  return hash.digest('hex').slice(0, 16);
}

/** Names, sizes and times: what a build writes is too big to read each time. @param {string} name */
function lookHash(name) {
  const hash = createHash('sha256');
  for (const file of filesBelow(name)) {
    const { size, mtimeMs } = statSync(path.join(root, file));
    hash.update(`${file}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest('hex').slice(0, 16);
}

/** @param {string} name @returns {string[]} */
function filesBelow(name) {
  const full = path.join(root, name);
  if (!existsSync(full)) return [];
  if (statSync(full).isFile()) return [name];
  return readdirSync(full)
    .sort()
    .flatMap((entry) => filesBelow(path.join(name, entry)));
}

/** @param {string} name */
function readStamp(name) {
  const file = path.join(stamps, name);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** @param {string} name @param {string} text */
function writeStamp(name, text) {
  mkdirSync(stamps, { recursive: true });
  writeFileSync(path.join(stamps, name), text);
}
