const { readFile } = require('node:fs/promises');
const path = require('node:path');

const root = path.dirname(__dirname);

const FIELD = /_defineProperty\(\s*this,(?:\s*\/\*[\s\S]*?\*\/)?\s*"(\w+)",\s*([\s\S]*?)\n?\t*\);/g;

const LEFT = /_defineProperty\(\s*this\b/;

/**
 * markdown-it is published with a helper of old engines around each field of its classes, which is a fifth of the time
 * of parsing: its fields are assigned here, as in its sources.
 * @type {import('esbuild').Plugin}
 */
const plainFields = {
  name: 'plain-fields',
  setup(build) {
    build.onLoad({ filter: /node_modules[\\/]markdown-it[\\/]dist[\\/].*\.mjs$/ }, async ({ path: file }) => {
      const source = await readFile(file, 'utf8');
      const contents = source.replace(FIELD, 'this.$1 = $2;');
      if (contents === source || LEFT.test(contents))
        throw new Error(`${file} has other fields than known here.`);
      return { contents, loader: 'js' };
    });
  },
};

/** How the panel's page is bundled, also for tests: one script, always small. */
function webviewOptions() {
  return {
    absWorkingDir: root,
    entryPoints: ['src/webview/main.ts'],
    bundle: true,
    minify: true,
    platform: /** @type {const} */ ('browser'),
    format: /** @type {const} */ ('iife'),
    target: 'es2022',
    legalComments: /** @type {const} */ ('none'),
    logLevel: /** @type {const} */ ('warning'),
    plugins: [plainFields],
  };
}

module.exports = { webviewOptions };
