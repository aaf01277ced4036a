/**
 * Bundles the product into dist/. `node esbuild.js [--production]`; `--production` minifies.
 */
const { existsSync } = require('node:fs');
const { copyFile, cp, mkdir, readdir, readFile, rm, writeFile } = require('node:fs/promises');
const path = require('node:path');
const esbuild = require('esbuild');
const { buildExtension } = require('./scripts/buildExtension.cjs');
const { webviewOptions } = require('./scripts/buildWebview.cjs');

const root = __dirname;
const dist = path.join(root, 'dist');

/** @typedef {{ production?: boolean, outdir?: string, plugins?: import('esbuild').Plugin[] }} BuildOptions */

/**
 * What each program is made of. Sources that do not exist yet are skipped.
 * @param {BuildOptions} options
 * @returns {(import('esbuild').BuildOptions & { entryPoints: string[] })[]}
 */
function programs({ production = false, outdir = dist }) {
  /** @type {import('esbuild').BuildOptions} */
  const common = {
    absWorkingDir: root,
    bundle: true,
    minify: production,
    sourcemap: production ? false : 'linked',
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
  };
  /** @type {import('esbuild').BuildOptions} */
  const node = { ...common, platform: 'node', format: 'cjs', target: 'node22' };
  return [
    { ...node, entryPoints: ['src/local/main.ts'], outfile: path.join(outdir, 'localGateway.js') },
    sandboxOptions({ production, outdir }),
    { ...common, ...webviewOptions(), outfile: path.join(outdir, 'webview.js') },
  ];
}

/**
 * The locked child: one script without any module system. Pyodide is part of it, and finds `shell.ts` wherever it asks
 * for a global of Node or of a browser.
 * @param {BuildOptions} options
 */
function sandboxOptions({ production = false, outdir = dist, plugins = [] } = {}) {
  return {
    absWorkingDir: root,
    entryPoints: ['src/local/sandbox/main.ts'],
    outfile: path.join(outdir, 'sandbox.js'),
    bundle: true,
    minify: production,
    platform: /** @type {const} */ ('neutral'),
    format: /** @type {const} */ ('iife'),
    target: 'node22',
    legalComments: /** @type {const} */ ('none'),
    logLevel: /** @type {const} */ ('warning'),
    metafile: true,
    banner: { js: "'use strict';" },
    loader: { '.py': /** @type {const} */ ('text') },
    inject: ['src/local/sandbox/shell.ts'],
    define: { 'import.meta.url': '"sandbox"' },
    plugins: [...plugins, noImports],
  };
}

/** Pyodide's ways to load Node's modules: gone from its source, not only out of reach. */
const noImports = {
  name: 'no-imports',
  /** @param {import('esbuild').PluginBuild} build */
  setup(build) {
    build.onLoad({ filter: /node_modules[\\/]pyodide[\\/].*\.mjs$/ }, async ({ path: file }) => {
      const source = await readFile(file, 'utf8');
      return { contents: source.replace(/\bimport\(/g, 'load('), loader: 'js' };
    });
  },
};

/** Builds the locked child alone, for tests; `plugins` may change its sources on the way. @param {BuildOptions} [options] @returns {Promise<string>} its file */
async function buildSandbox(options = {}) {
  const settings = sandboxOptions(options);
  await esbuild.build(settings);
  return settings.outfile;
}

/** @param {BuildOptions} options */
async function build(options) {
  await mkdir(dist, { recursive: true });
  const present = programs(options).filter(({ entryPoints }) =>
    existsSync(path.join(root, entryPoints[0] ?? '')),
  );
  const results = await Promise.all([
    buildExtension({ production: options.production ?? false, outdir: options.outdir ?? dist }),
    ...present.map((program) => esbuild.build(program).then(({ metafile }) => metafile)),
  ]);
  const inputs = new Set(results.flatMap((metafile) => Object.keys(metafile?.inputs ?? {})));
  if (options.production) await removeMaps();
  await copyIcons();
  await copyPython();
  await writeFile(path.join(dist, 'NOTICES'), await notices(inputs));
}

/** Those of an earlier build for development would go into the package. */
async function removeMaps() {
  for (const file of await readdir(dist)) if (file.endsWith('.map')) await rm(path.join(dist, file));
}

async function copyIcons() {
  const folder = path.join(path.dirname(require.resolve('@vscode/codicons/package.json')), 'dist');
  for (const file of ['codicon.ttf', 'codicon.css'])
    await copyFile(path.join(folder, file), path.join(dist, file));
}

async function copyPython() {
  const { ensurePythonPack } = await import('./scripts/pythonPack.mjs');
  const pack = await ensurePythonPack({ log: (text) => process.stderr.write(`  ${text}\n`) });
  const target = path.join(dist, 'python');
  const manifest = path.join(target, 'manifest.json');
  const wanted = await readFile(path.join(pack, 'manifest.json'), 'utf8');
  if (existsSync(manifest) && (await readFile(manifest, 'utf8')) === wanted) return;
  await rm(target, { recursive: true, force: true });
  await cp(pack, target, { recursive: true });
}

/** The licences of the npm packages that are in the bundles. @param {Set<string>} inputs */
async function notices(inputs) {
  const names = new Set(['@vscode/codicons']);
  for (const input of inputs) {
    const name = /^(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
    if (name) names.add(name);
  }
  const out = [
    'Third-party software in this extension. The parts of dist/python have a NOTICES file of their own.',
    '',
  ];
  for (const name of [...names].sort()) {
    const folder = path.join(root, 'node_modules', name);
    const { version, license, homepage } = JSON.parse(
      await readFile(path.join(folder, 'package.json'), 'utf8'),
    );
    out.push('='.repeat(80), `${name} ${version}`, `Licence: ${license}`);
    if (homepage) out.push(homepage);
    const text = ['LICENSE', 'LICENSE.md', 'LICENSE.txt', 'license', 'LICENSE-MIT']
      .map((file) => path.join(folder, file))
      .find((file) => existsSync(file));
    out.push(
      '',
      text ? (await readFile(text, 'utf8')).trim() : 'The text of the licence: https://spdx.org/licenses/',
      '',
    );
  }
  return `${out.join('\n')}\n`;
}

module.exports = { build, buildSandbox };

if (require.main === module) {
  build({ production: process.argv.includes('--production') }).catch((error) => {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    process.exitCode = 1;
  });
}
