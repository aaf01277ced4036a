import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { nodePath, outDir, root } from './support/tools.ts';

/** What each part may import, as paths below src, packages, `node:` for all of Node's own, `vscode`. */
const mayImport: Record<string, readonly string[]> = {
  core: ['core/'],
  'protocol.ts': ['core/'],
  gateway: ['core/', 'gateway/', 'node:'],
  'gateway/network/dispatchers': ['core/', 'gateway/', 'node:', 'undici'],
  host: ['core/', 'protocol.ts', 'gateway/', 'host/', 'node:', 'vscode', 'papaparse'],
  webview: ['core/', 'protocol.ts', 'webview/', 'markdown-it', 'remend', 'highlight.js'],
  local: ['core/', 'local/', 'node:', 'pyodide'],
  'extension.ts': ['core/', 'gateway/', 'host/', 'vscode'],
};

describe('the parts of the product', () => {
  const sources = filesBelow('src').filter((file) => file.endsWith('.ts'));

  it('are all known', () => {
    const unknown = sources.filter((file) => rulesFor(file) === undefined);
    assert.deepEqual(unknown, []);
  });

  it('import only what they may', () => {
    const wrong: string[] = [];
    for (const file of sources) {
      for (const target of imports(file)) {
        const allowed = rulesFor(file)?.some((rule) => matches(target, rule)) ?? false;
        if (!allowed) wrong.push(`${file} imports ${target}`);
      }
    }
    assert.deepEqual(wrong, []);
  });

  it('take nothing but types, and the means to check them, from core into the protocol', () => {
    const text = read('src/protocol.ts');
    const runs = [...text.matchAll(/^import (?!type )[^;]*from '\.\/core\/(?!json\.ts)[^']+'/gm)].map(
      (match) => match[0],
    );
    assert.deepEqual(runs, []);
  });

  it('compile with the globals of their own platform alone', async () => {
    const dir = mkdtempSync(path.join(outDir(), 'types-'));
    try {
      writeFileSync(path.join(dir, 'everywhere.d.ts'), everywhere);
      writeFileSync(path.join(dir, 'webAssembly.d.ts'), webAssembly);
      const failures = await Promise.all([
        typeErrors(dir, 'pure', {
          lib: ['ES2024'],
          types: [],
          include: ['core', 'protocol.ts'],
          files: ['everywhere.d.ts'],
        }),
        typeErrors(dir, 'node', {
          lib: ['ES2024', 'ESNext.Disposable'],
          types: ['node', 'vscode'],
          include: ['gateway', 'local', 'host', 'extension.ts'],
          files: ['webAssembly.d.ts'],
        }),
        typeErrors(dir, 'browser', {
          lib: ['ES2024', 'DOM', 'DOM.Iterable'],
          types: [],
          include: ['webview'],
        }),
      ]);
      assert.equal(failures.join(''), '');
    } finally {
      rmSync(dir, { recursive: true });
    }
  });

  it('let core be bundled for no platform at all', async () => {
    const result = await build({
      absWorkingDir: root,
      entryPoints: sources.filter((file) => file.startsWith('src/core/')),
      bundle: true,
      platform: 'neutral',
      write: false,
      outdir: 'out',
      logLevel: 'silent',
    });
    assert.deepEqual(result.errors, []);
  });

  it('are files of at most 300 lines', () => {
    const long = [...sources, ...filesBelow('test'), ...filesBelow('scripts'), ...filesBelow('media')]
      .filter((file) => /\.(ts|mjs|cjs|js|py|css)$/.test(file))
      .map((file) => ({ file, lines: read(file).trimEnd().split('\n').length }))
      .filter(({ lines }) => lines > 300);
    assert.deepEqual(long, []);
  });
});

/** What both Node and browsers have, beyond the language. */
const everywhere = `
declare class TextEncoder { encode(text?: string): Uint8Array<ArrayBuffer>; }
declare class TextDecoder { decode(bytes?: Uint8Array, options?: { stream?: boolean }): string; }
`;

/** Node has it; only the browser's types, and not Node's, declare it. */
const webAssembly = `
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array<ArrayBuffer>);
    static customSections(module: Module, name: string): ArrayBuffer[];
    static exports(module: Module): object[];
    static imports(module: Module): object[];
  }
  class Memory { constructor(descriptor: { initial: number; maximum?: number; shared?: boolean }); readonly buffer: ArrayBuffer; grow(pages: number): number; }
  class CompileError extends Error {}
  function compile(bytes: Uint8Array<ArrayBuffer>): Promise<Module>;
  function instantiate(module: Module | Uint8Array<ArrayBuffer>, imports?: object): Promise<object>;
  function validate(bytes: Uint8Array<ArrayBuffer>): boolean;
}
`;

interface Platform {
  readonly lib: readonly string[];
  readonly types: readonly string[];
  readonly include: readonly string[];
  /** Declarations of what the platform has and its types lack. */
  readonly files?: readonly string[];
}

async function typeErrors(dir: string, name: string, platform: Platform): Promise<string> {
  const config = path.join(dir, `${name}.json`);
  const source = path.relative(dir, path.join(root, 'src'));
  writeFileSync(
    config,
    JSON.stringify({
      extends: path.relative(dir, path.join(root, 'tsconfig.json')).replaceAll('\\', '/'),
      // Unused names are for the check of the whole project to find.
      compilerOptions: {
        lib: platform.lib,
        types: platform.types,
        noUnusedLocals: false,
        noUnusedParameters: false,
      },
      files: platform.files ?? [],
      include: platform.include.map((part) => path.join(source, part).replaceAll('\\', '/')),
    }),
  );
  const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  return promisify(execFile)(nodePath(), [tsc, '-p', config], { cwd: root }).then(
    () => '',
    (error: { stdout?: string }) => `${name}:\n${error.stdout ?? String(error)}`,
  );
}

function rulesFor(file: string): readonly string[] | undefined {
  const inside = file.replace(/^src\//, '');
  const [part = ''] = inside.split('/');
  // The one place that knows the HTTP library, with its declarations.
  if (/^gateway\/network\/(dispatchers|undici)(\.d)?\.ts$/.test(inside))
    return mayImport['gateway/network/dispatchers'];
  return mayImport[part];
}

function matches(target: string, rule: string): boolean {
  if (rule.endsWith('/') || rule.endsWith(':')) return target.startsWith(rule);
  return target === rule || target.startsWith(`${rule}/`);
}

/** What a file imports: paths below src for its own parts, the specifier for all others. */
function imports(file: string): string[] {
  const found = read(file).matchAll(/(?:\bfrom\s+|\bimport\s+|\bimport\(\s*)'([^'\n]+)'/g);
  return [...found].map((match) => {
    const target = match[1] ?? '';
    if (!target.startsWith('.')) return target;
    return path.posix.normalize(path.posix.join(path.posix.dirname(file), target)).replace(/^src\//, '');
  });
}

function filesBelow(folder: string): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => path.posix.join(folder, file.replaceAll('\\', '/')))
    .sort();
}

function read(file: string): string {
  return readFileSync(path.join(root, file), 'utf8');
}
