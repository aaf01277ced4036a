/** What the locked child itself tries with Node's own handles from before the lock: the layers below those of Python. */
import type { InsideProbe } from '../../support/lockVariants.ts';

const isRefused = "const { code } = error; return code !== 'ERR_ACCESS_DENIED';";

export const insideProbes: readonly InsideProbe[] = [
  { name: 'reads a folder', code: "return node.getBuiltinModule('node:fs').readdirSync('/').length > 0;" },
  {
    name: 'reads a file',
    code: "return node.getBuiltinModule('node:fs').readFileSync(node.execPath).length > 0;",
  },
  {
    name: 'writes a file',
    code: `try { node.getBuiltinModule('node:fs').writeFileSync('/no-such-folder/file', ''); } catch (error) { ${isRefused} }`,
  },
  {
    name: 'starts a program',
    code: "return node.getBuiltinModule('node:child_process').spawnSync(node.execPath, ['--version']).status === 0;",
  },
  {
    name: 'starts a thread',
    code: "const { Worker } = node.getBuiltinModule('node:worker_threads'); new Worker('', { eval: true }); return true;",
  },
  {
    name: 'loads an add-on',
    code: "try { node.dlopen({ exports: {} }, '/no-such-file'); } catch (error) { return error.code === 'ERR_DLOPEN_FAILED'; }",
  },
  { name: 'was started without --no-addons', code: "return !node.execArgv.includes('--no-addons');" },
  {
    name: 'calls foreign functions',
    code: `const ffi = node.getBuiltinModule('node:ffi');
      try { ffi?.dlopen('/no-such-file', {}); } catch (error) { ${isRefused} }`,
  },
  {
    name: 'attaches a debugger',
    code: "new (node.getBuiltinModule('node:inspector').Session)().connect(); return true;",
  },
  {
    name: 'opens a connection',
    code: `const socket = node.getBuiltinModule('node:net').connect(9, '127.0.0.1');
      const error = await new Promise((resolve) => { socket.on('error', resolve); socket.on('connect', () => resolve({})); });
      ${isRefused}`,
  },
  { name: 'makes a function out of text', code: "return new before.Function('return 6 * 7')() === 42;" },
  { name: 'evaluates text', code: "return before.eval('6 * 7') === 42;" },
  {
    name: 'makes a memory larger than allowed',
    code: 'new before.Memory({ initial: memoryShares(limits).wasmPages + 1 }); return true;',
  },
  {
    name: 'has a heap larger than allowed',
    code: `const { heap_size_limit } = node.getBuiltinModule('node:v8').getHeapStatistics();
      return heap_size_limit > (memoryShares(limits).scriptHeap + 384) * 2 ** 20;`,
  },
  { name: 'sees the environment of the gateway', code: "return 'SECRET_OF_THE_HOST' in node.env;" },
  {
    name: 'holds the files of its start open',
    code: `const bytes = new Uint8Array(6);
      for (let fd = 3; fd < 64; fd++) {
        try { node.getBuiltinModule('node:fs').readSync(fd, bytes, 0, 6, 0); } catch { continue; }
        if (/^PYPACK|use st/.test(String.fromCharCode(...bytes))) return true;
      }`,
  },
  {
    name: 'requires a module',
    code: "return node.getBuiltinModule('node:module').createRequire(node.execPath)('node:fs') !== undefined;",
  },
  { name: 'imports a module', code: "const name = 'node:fs'; await import(name); return true;" },
  {
    name: 'has an import that is refused by nothing but the hooks',
    code: "const name = 'node:fs'; try { await import(name); } catch (error) { return error.code !== 'ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING'; }",
  },
  {
    name: 'sees globals of Node’s',
    code: `return ['process', 'Buffer', 'fetch', 'require', 'WebSocket', 'setImmediate', 'setTimeout', 'console', 'MessageChannel',
      'TextDecoder', 'performance', 'navigator', 'crypto', 'global', 'URL', 'Blob', 'structuredClone', 'queueMicrotask']
      .some((name) => name in globalThis);`,
  },
  {
    name: 'leaves functions of Node’s on shared objects',
    code: `const ours = new Set(['Guarded', 'counted', 'compile', 'instantiate', 'validate', 'get', 'set']);
      return [...reachableIntrinsics()].some((one) => typeof one === 'function'
        && !Function.prototype.toString.call(one).includes('[native code]') && !ours.has(one.name));`,
  },
  {
    name: 'gives Pyodide an object of Node’s',
    code: `const reached = below(true, pyodide);
      if (nodes.size < 1000 || reached.size < 5000) throw leave('broken', '["walked too little"]');
      return [...reached].some((one) => nodes.has(one));`,
  },
  {
    name: 'gives Python references to more than it needs',
    code: `const wanted = new Set(['version', 'loadedPackages', '_api', 'scheduleCallback', 'config', 'enableRunUntilComplete', 'noValueMarker',
        'arm', 'disarm', 'taken', 'pause', 'has_room_for_figure', 'figure', 'tail_length']);
      const table = (pyodide as any)._module;
      for (const list of ['__hiwire_get', '__hiwire_immortal_get']) for (let at = 0; at < 64; at++) {
        let held;
        try { held = table[list](at); } catch { break; }
        if (typeof held === 'object' && held !== null && !(held instanceof Error)
          && Object.prototype.toString.call(held) === '[object Object]'
          && Reflect.ownKeys(held).some((key) => !wanted.has(String(key)))) return true;
      }`,
  },
];
