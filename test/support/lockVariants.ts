/**
 * The locked Python with a part of its lock taken out: built anew from sources that are changed on the way, so that the
 * product needs no switch for it.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { type ChildLink, openLink } from '../../src/local/childLink.ts';
import { type ChildOptions, spawnChild as plainSpawn } from '../../src/local/childProcess.ts';
import { startPython } from '../../src/local/interpreter.ts';
import type { Python } from '../../src/local/python.ts';
import { completeLimits } from '../../src/local/sandbox/limits.ts';
import { sandboxParts } from './sandboxParts.ts';
import { root } from './tools.ts';

/** Text of one source below src/local that is replaced, wherever it stands. It must stand there. */
export interface Edit {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

export interface Variant {
  /** The product's own parent with the child of this variant. */
  startPython(options?: Partial<ChildOptions>): Promise<Python>;
  /** The child alone, to look at what it says. */
  spawn(options?: Partial<ChildOptions>): Promise<ChildLink>;
}

const folders: string[] = [];
process.once('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/**
 * Builds the child, and what starts it, with these changes. Without the operating system's own sandbox, which would
 * hide that a layer of ours is missing.
 */
export async function buildVariant(edits: readonly Edit[]): Promise<Variant> {
  const outdir = mkdtempSync(path.join(tmpdir(), 'lock-variant-'));
  folders.push(outdir);
  const done = new Set<Edit>();
  const plugins = [editing(edits, done)];
  const [sandboxFile, parts, spawnChild] = await Promise.all([
    buildChild(outdir, plugins),
    sandboxParts(),
    edits.some(({ file }) => file === starter) ? buildStarter(outdir, plugins) : plainSpawn,
  ]);
  for (const edit of edits) assert.ok(done.has(edit), `${edit.file} has no ${JSON.stringify(edit.from)}`);
  const complete = (options: Partial<ChildOptions> = {}): ChildOptions => ({
    ...parts,
    sandboxFile,
    osSandbox: false,
    ...options,
  });
  return {
    startPython(options) {
      assert.equal(spawnChild, plainSpawn, 'only the child can be another here');
      return startPython(complete(options));
    },
    async spawn(options) {
      const limits = completeLimits();
      return openLink(await spawnChild(complete(options), limits), limits);
    },
  };
}

const starter = 'childProcess.ts';

async function buildChild(outdir: string, plugins: Plugin[]): Promise<string> {
  const { buildSandbox } = createRequire(import.meta.url)('../../esbuild.js') as {
    buildSandbox(options: { outdir: string; plugins: Plugin[] }): Promise<string>;
  };
  return await buildSandbox({ outdir, plugins });
}

async function buildStarter(outdir: string, plugins: Plugin[]): Promise<typeof plainSpawn> {
  const outfile = path.join(outdir, 'starter.mjs');
  await build({
    absWorkingDir: root,
    entryPoints: [`src/local/${starter}`],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    plugins,
    logLevel: 'warning',
  });
  const built = (await import(pathToFileURL(outfile).href)) as { spawnChild: typeof plainSpawn };
  return built.spawnChild;
}

function editing(edits: readonly Edit[], done: Set<Edit>): Plugin {
  return {
    name: 'edits',
    setup({ onLoad }) {
      onLoad({ filter: /src[\\/]local[\\/].*\.ts$/ }, async ({ path: file }) => {
        const own = edits.filter((edit) => file.endsWith(path.join('src', 'local', ...edit.file.split('/'))));
        if (own.length === 0) return undefined;
        let contents = await readFile(file, 'utf8');
        for (const edit of own) {
          if (contents.includes(edit.from)) done.add(edit);
          contents = contents.replaceAll(edit.from, () => edit.to);
        }
        return { contents, loader: 'ts' };
      });
    },
  };
}

const main = 'sandbox/main.ts';

/** Leaves out the proof, so that a child without a part of its lock starts all the same. */
export const unproven: readonly Edit[] = [
  { file: main, from: 'await proveNode(', to: 'void (' },
  { file: main, from: 'proveScript(pyodide, files);', to: '' },
  { file: main, from: 'provePython(pyodide);', to: '' },
];

/** One thing that the child itself tries, with handles from before the lock: it says what it could do. */
export interface InsideProbe {
  readonly name: string;
  /** Statements of an async function over `node` (Node's process) and `before` (the global object's things). */
  readonly code: string;
}

/** What Node brings along, to be recognised where it should not be. */
const walking = `
function below(asks: boolean, ...starts: unknown[]): Set<object> {
  const seen = new Set<object>();
  const queue = [...starts];
  while (queue.length > 0) {
    const next = queue.pop();
    if ((typeof next !== 'object' && typeof next !== 'function') || next === null || seen.has(next)) continue;
    seen.add(next);
    if (ArrayBuffer.isView(next)) continue;
    for (const key of Reflect.ownKeys(next)) {
      const property = Reflect.getOwnPropertyDescriptor(next, key);
      if (property) queue.push(property.value, property.get, property.set);
      if (!asks || !property?.get) continue;
      try { queue.push(Reflect.get(next, key)); } catch {}
    }
    queue.push(Reflect.getPrototypeOf(next));
    for (const list of [Map.prototype.entries, Set.prototype.values]) {
      try { for (const held of list.call(next as any)) queue.push(held); } catch {}
    }
  }
  return seen;
}
const syntax = [async () => {}, function* () {}, async function* () {}];
const languages = below(false, ...syntax, ...[...scriptNames].filter((name) => name !== 'globalThis').map((name) => Reflect.get(globalThis, name)));
const brought = ['fs', 'child_process', 'net', 'dgram', 'http', 'tls', 'dns', 'vm', 'v8', 'module', 'os', 'worker_threads',
  'zlib', 'crypto', 'util', 'events', 'stream', 'buffer', 'url', 'timers', 'async_hooks', 'perf_hooks'];
const nodes = new Set([...below(false, node, ...brought.map((name) => node.getBuiltinModule('node:' + name)))].filter((one) => !languages.has(one)));
`;

/** Has the child try these when it is locked, instead of waiting for work. Use with {@link inside}. */
export function trying(probes: readonly InsideProbe[]): readonly Edit[] {
  const attempts = probes.map(({ name, code }) => `[${JSON.stringify(name)}, async () => { ${code} }],`);
  return [
    {
      file: main,
      from: 'const controlFile = 3;',
      to: `import { reachableIntrinsics } from './intrinsics.ts';
import { scriptNames } from './scriptNames.ts';
const node = globalThis.process as any;
const before = { Function: globalThis.Function, Memory: WebAssembly.Memory, eval: globalThis.eval };
${walking}
const controlFile = 3;`,
    },
    {
      file: main,
      from: "channel.send({ type: 'ready' });",
      to: `const could: string[] = [];
  for (const [name, attempt] of [${attempts.join('\n')}] as [string, () => Promise<unknown>][]) {
    try { if (await attempt()) could.push(name); } catch (error) {
      // A refusal is none of these: the attempt itself is wrong.
      if (error instanceof ReferenceError || (error instanceof TypeError && !('code' in error))) could.push(String(error.stack));
    }
  }
  leave('broken', JSON.stringify(could));`,
    },
  ];
}

/** Runs a child that was built with {@link trying}; gives the names of what it could do. */
export async function inside(variant: Variant, options: Partial<ChildOptions> = {}): Promise<string[]> {
  const link = await variant.spawn(options);
  link.ready.catch(() => {});
  const { reason, detail } = await link.departed;
  assert.equal(reason, 'crashed', detail);
  assert.match(detail, /^\[/, detail);
  return JSON.parse(detail) as string[];
}
