import { createRequire } from 'node:module';
import { type BuildOptions, build } from 'esbuild';
import { root } from './tools.ts';

const { webviewOptions } = createRequire(import.meta.url)('../../scripts/buildWebview.cjs') as {
  webviewOptions(): BuildOptions & { readonly entryPoints: string[] };
};

/**
 * The panel's script, bundled from the sources as they are in the way the product's is.
 *
 * @param contents another module in place of it; what it imports is looked for from the project's folder on
 */
export async function bundleWebview(contents?: string): Promise<string> {
  const { entryPoints, ...options } = webviewOptions();
  const input = contents === undefined ? { entryPoints } : { stdin: { contents, resolveDir: root } };
  const { outputFiles } = await build({ ...options, ...input, write: false });
  return outputFiles[0]?.text ?? '';
}
