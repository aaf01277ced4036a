const { mkdir, rm, writeFile } = require('node:fs/promises');
const path = require('node:path');
const esbuild = require('esbuild');

const root = path.dirname(__dirname);

/**
 * The extension: what is loaded at activation, as one file, and beside it, in `host/`, what follows at the first command
 * and the first request. The bundler splits ES modules only, so those are made first and then made CommonJS: VS Code
 * loads that without the detour through its module hooks, and a class is the same one in all files.
 * @param {{ production: boolean, outdir: string }} options
 * @returns {Promise<import('esbuild').Metafile>}
 */
async function buildExtension({ production, outdir }) {
  const settings = /** @type {const} */ ({
    platform: 'node',
    target: 'node22',
    minifySyntax: production,
    minifyIdentifiers: production,
    sourcemap: production ? false : 'inline',
    legalComments: 'none',
    logLevel: 'warning',
  });
  const split = await esbuild.build({
    ...settings,
    absWorkingDir: root,
    entryPoints: ['src/extension.ts'],
    outdir,
    chunkNames: 'host/[name]-[hash]',
    external: ['vscode'],
    bundle: true,
    splitting: true,
    format: 'esm',
    metafile: true,
    write: false,
  });
  /** @type {Map<string, string>} */
  const modules = new Map(split.outputFiles.map(({ path: file, text }) => [file, text]));
  const entry = path.join(outdir, 'extension.js');
  const first = requiredAtOnce(split.metafile, entry);
  /** @type {import('esbuild').TransformOptions} */
  const commonJs = {
    ...settings,
    minifyWhitespace: production,
    format: 'cjs',
    supported: { 'dynamic-import': false },
    // As modules are, by the language; the change of format alone would lose it.
    banner: '"use strict";',
  };
  await rm(path.join(outdir, 'host'), { recursive: true, force: true });
  await mkdir(path.join(outdir, 'host'), { recursive: true });
  await Promise.all(
    [...modules].map(async ([file, text]) => {
      const part = first.indexOf(file);
      if (part > 0) return writeFile(file, `module.exports = require('../extension.js').part${part};\n`);
      const source = oneVsCode(part === 0 ? await asOne(first, modules, outdir) : text);
      const { code } = await esbuild.transform(source, { ...commonJs, sourcefile: path.basename(file) });
      await writeFile(file, code);
    }),
  );
  return split.metafile;
}

/**
 * What is loaded first as one module, for a file for each part would take the editor twice as long to load. It gives
 * out its parts for what follows.
 * @param {readonly string[]} parts files, of which the first is the entry
 * @param {ReadonlyMap<string, string>} modules
 * @param {string} outdir
 * @returns {Promise<string>}
 */
async function asOne(parts, modules, outdir) {
  const lines = parts.map((file, place) =>
    place === 0
      ? `export { activate, deactivate } from '${relativeTo(outdir, file)}';`
      : `export * as part${place} from '${relativeTo(outdir, file)}';`,
  );
  const { outputFiles } = await esbuild.build({
    stdin: { contents: lines.join('\n'), resolveDir: outdir },
    outfile: path.join(outdir, 'extension.js'),
    plugins: [
      {
        name: 'outputs',
        setup(build) {
          build.onResolve({ filter: /^\./ }, ({ path: wanted, resolveDir }) => {
            const file = path.resolve(resolveDir, wanted);
            return parts.includes(file)
              ? { path: file, namespace: 'output' }
              : { path: relativeTo(outdir, file), external: true };
          });
          build.onLoad({ filter: /./, namespace: 'output' }, ({ path: file }) => ({
            contents: modules.get(file) ?? '',
            resolveDir: path.dirname(file),
          }));
        },
      },
    ],
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    external: ['vscode'],
    sourcemap: 'inline',
    logLevel: 'warning',
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

/**
 * An ES module whose imports of the editor's API are one `require`: made CJS by the bundler, each of twenty would be a
 * copy of all of it.
 * @param {string} source
 * @returns {string}
 */
function oneVsCode(source) {
  let first = '';
  return source.replace(/^import \* as ([\w$]+) from ?"vscode";$/gm, (_, name) => {
    const from = first || 'require("vscode")';
    first ||= name;
    return `const ${name} = ${from};`;
  });
}

/**
 * The outputs that an output needs before it can begin, itself among them.
 * @param {import('esbuild').Metafile} metafile
 * @param {string} entry
 * @returns {string[]}
 */
function requiredAtOnce({ outputs }, entry) {
  const found = new Set([entry]);
  for (const file of found) {
    const output = outputs[path.relative(root, file).replaceAll(path.sep, '/')];
    for (const { path: wanted, kind, external } of output?.imports ?? [])
      if (kind === 'import-statement' && !external) found.add(path.join(root, wanted));
  }
  return [...found];
}

/** @param {string} folder @param {string} file @returns {string} as in an import */
function relativeTo(folder, file) {
  return `./${path.relative(folder, file).replaceAll(path.sep, '/')}`;
}

module.exports = { buildExtension };
