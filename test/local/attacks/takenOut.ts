/** Each layer of the lock, how it is taken out, and what notices that it is missing. */
import assert from 'node:assert/strict';
import type { Layer } from '../../../src/local/sandbox/layers.ts';
import type { Probe } from '../../support/attacks.ts';
import type { Edit } from '../../support/lockVariants.ts';
import { machineCodeProbes } from './nativeProbes.ts';
import { networkProbes } from './networkProbes.ts';
import { pollutionProbes } from './pollutionProbes.ts';
import { bridgeProbes, constructorProbes } from './scriptProbes.ts';

export interface TakenOut {
  readonly what: string;
  readonly edits: readonly Edit[];
  /** What the proof at the start says is missing; undefined where the child cannot know. */
  readonly named: Layer | undefined;
  /** What succeeds without the proof: an attack from Python, or something that the child itself tries. */
  readonly noticed: Probe | string;
  /** The first major version of Node that has the layer, where not all do. */
  readonly since?: number;
  /** The last major version of Node on which `noticed` succeeds, where later ones have one more layer against it. */
  readonly noticedUntil?: number;
}

const flags = 'childProcess.ts';
const main = 'sandbox/main.ts';

function flag(from: string, to: string): Edit {
  return { file: flags, from, to };
}

export function without(text: string): Edit {
  return { file: main, from: text, to: '' };
}

function probe(probes: readonly Probe[], name: string): Probe {
  const found = probes.find((one) => one.name === name);
  assert.ok(found, name);
  return found;
}

const permission = "'--permission',";
/** As in the source: the values are put in there. */
const pagesFlag = '`--wasm-max-mem-pages=$' + '{wasmPages}`,';
const heapFlag = '`--max-old-space-size=$' + '{scriptHeap}`,';

export const takenOut: readonly TakenOut[] = [
  { what: 'the permission model', edits: [flag(permission, '')], named: 'files', noticed: 'reads a folder' },
  {
    what: 'the refusal to read',
    edits: [flag(permission, `${permission} '--allow-fs-read=*',`)],
    named: 'files',
    noticed: 'reads a file',
  },
  {
    what: 'the refusal to write',
    edits: [flag(permission, `${permission} '--allow-fs-write=*',`)],
    named: 'files',
    noticed: 'writes a file',
  },
  {
    what: 'the refusal of programs',
    edits: [flag(permission, `${permission} '--allow-child-process',`)],
    named: 'programs',
    noticed: 'starts a program',
  },
  {
    what: 'the refusal of threads',
    edits: [flag(permission, `${permission} '--allow-worker',`)],
    named: 'threads',
    noticed: 'starts a thread',
  },
  {
    what: 'the refusal of a debugger',
    edits: [flag(permission, `${permission} '--allow-inspector',`)],
    named: 'debugger',
    noticed: 'attaches a debugger',
    // Before, the permission to have it cannot be given.
    since: 24,
  },
  {
    what: 'the refusal of foreign functions (Node 26 and later)',
    edits: [flag(permission, `${permission} '--allow-ffi',`)],
    named: 'addons',
    noticed: 'calls foreign functions',
    since: 26,
  },
  {
    what: 'the refusal of add-ons',
    edits: [flag("'--no-addons',", ''), flag(permission, `${permission} '--allow-addons',`)],
    named: 'addons',
    noticed: 'loads an add-on',
  },
  {
    what: 'the flag against add-ons',
    edits: [flag("'--no-addons',", '')],
    named: 'addons',
    noticed: 'was started without --no-addons',
  },
  {
    what: 'the refusal of the network (Node 25 and later)',
    edits: [flag(permission, `${permission} '--allow-net',`)],
    named: 'network',
    noticed: 'opens a connection',
    since: 25,
  },
  {
    what: 'the refusal of code out of text',
    edits: [flag("'--disallow-code-generation-from-strings',", '')],
    named: 'evaluation',
    noticed: 'makes a function out of text',
  },
  {
    what: 'the bound on Python’s memory',
    edits: [flag(pagesFlag, '')],
    named: 'pages',
    noticed: 'makes a memory larger than allowed',
  },
  {
    what: 'the bound on the memory of scripts',
    edits: [flag(heapFlag, '')],
    named: 'heap',
    noticed: 'has a heap larger than allowed',
  },
  {
    what: 'the hooks that refuse modules',
    edits: [without('rejectImports();')],
    named: 'imports',
    noticed: 'requires a module',
  },
  {
    what: 'the start as a script that cannot import',
    edits: [
      flag(
        "{ filename: 'sandbox.js' }",
        "{ filename: 'sandbox.js', importModuleDynamically: process.getBuiltinModule('node:vm').constants.USE_MAIN_CONTEXT_DEFAULT_LOADER }",
      ),
    ],
    named: 'imports',
    noticed: 'has an import that is refused by nothing but the hooks',
  },
  {
    what: 'the removal of some of Node’s globals',
    edits: [
      {
        file: 'sandbox/removeGlobals.ts',
        from: 'Names.has(key)) remove(key)',
        to: "Names.has(key) && !['fetch', 'Buffer', 'setImmediate'].includes(String(key))) remove(key)",
      },
      {
        file: 'sandbox/removeGlobals.ts',
        from: 'staying.has(key)) remove(key)',
        to: "staying.has(key) && !['fetch', 'Buffer', 'setImmediate'].includes(String(key))) remove(key)",
      },
    ],
    named: 'globals',
    noticed: 'sees globals of Node’s',
  },
  {
    what: 'the removal of globals after loading',
    edits: [without('removeLoadGlobals();')],
    named: 'globals',
    noticed: 'sees globals of Node’s',
  },
  {
    what: 'the bare shell: a real WebSocket',
    edits: [
      {
        file: 'sandbox/shell.ts',
        from: 'absent as WebSocket,',
        to: 'RealWebSocket as WebSocket,',
      },
      {
        file: 'sandbox/shell.ts',
        from: 'const absent = undefined;',
        to: `const absent = undefined;
          const net = globalThis.process.getBuiltinModule('node:net');
          function RealWebSocket(url: string) {
            net.connect(Number(/\\d+/.exec(url.slice(14))?.[0]), '127.0.0.1').on('error', () => {});
            return {};
          }`,
      },
    ],
    named: 'shell',
    noticed: probe(networkProbes, 'a socket that does not wait'),
    // From 25 on Node itself refuses the network.
    noticedUntil: 24,
  },
  {
    what: 'the empty module js: Node’s global object in it',
    edits: [
      {
        file: 'sandbox/scriptGlobals.ts',
        from: 'Object.freeze(Object.create(null))',
        to: 'globalThis',
      },
    ],
    named: 'names',
    noticed: probe(bridgeProbes, 'names of js'),
  },
  {
    what: 'the frozen module js',
    edits: [
      {
        file: 'sandbox/scriptGlobals.ts',
        from: 'Object.freeze(Object.create(null))',
        to: 'Object.create(null)',
      },
    ],
    named: 'names',
    noticed: probe(bridgeProbes, 'putting a name into js'),
  },
  {
    what: 'the closed module pyodide_js',
    edits: [without('closeBridge(pyodide);')],
    named: 'bridge',
    noticed: probe(bridgeProbes, 'the insides of Pyodide'),
  },
  {
    what: 'the hiding of constructors',
    edits: [without('hideConstructors();')],
    named: 'constructors',
    noticed: probe(constructorProbes, 'memory by an array’s constructor'),
  },
  {
    what: 'the frozen intrinsics',
    edits: [without('freezeIntrinsics();')],
    named: 'intrinsics',
    noticed: probe(pollutionProbes, 'a mark on a shared prototype'),
  },
  {
    what: 'the count of what buffers take',
    edits: [without('boundBuffers(limits.memoryBytes);')],
    named: 'buffers',
    noticed: probe(constructorProbes, 'a larger buffer'),
  },
  {
    what: 'the seal on machine code',
    edits: [
      { file: main, from: 'const seal = sealModules();', to: 'const seal = { close(_: unknown) {} };' },
    ],
    named: 'modules',
    noticed: probe(machineCodeProbes, 'a library of one’s own'),
  },
  {
    what: 'the copies of packages that code writes into',
    edits: [{ file: 'sandbox/boot.ts', from: 'copyBeforeWriting(MEMFS, shared);', to: '' }],
    named: 'modules',
    noticed: probe(machineCodeProbes, 'a package’s library, rewritten'),
  },
  {
    what: 'the empty environment',
    edits: [flag('env: bareEnvironment(),', 'env: process.env,')],
    named: undefined,
    noticed: 'sees the environment of the gateway',
  },
  {
    what: 'the closing of the files of its start',
    edits: [without('host.closeFile(packFile);')],
    named: undefined,
    noticed: 'holds the files of its start open',
  },
];
