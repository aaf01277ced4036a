import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ChildOptions } from '../../src/local/childProcess.ts';

const require = createRequire(import.meta.url);
let parts: Promise<ChildOptions> | undefined;

/** The locked child built from the sources as they are, and the Python pack out of the cache. Made once a process. */
export function sandboxParts(): Promise<ChildOptions> {
  parts ??= make();
  return parts;
}

async function make(): Promise<ChildOptions> {
  const outdir = mkdtempSync(path.join(tmpdir(), 'sandbox-test-'));
  process.once('exit', () => rmSync(outdir, { recursive: true, force: true }));
  const { buildSandbox } = require('../../esbuild.js') as {
    buildSandbox(options: { outdir: string }): Promise<string>;
  };
  const script = new URL('../../scripts/pythonPack.mjs', import.meta.url).href;
  const { ensurePythonPack } = (await import(script)) as { ensurePythonPack(): Promise<string> };
  const [sandboxFile, packDir] = await Promise.all([buildSandbox({ outdir }), ensurePythonPack()]);
  return { sandboxFile, packDir };
}
