/** Attacks through JavaScript: what Python is given of it, and what it makes of that. */
import type { Probe } from '../../support/attacks.ts';
import { bridge } from './bridge.ts';

export const bridgeProbes: readonly Probe[] = [
  { name: 'process of js', code: 'from js import process\nreached(process.pid)' },
  {
    name: 'names of js',
    code: `import js
for name in ('process', 'require', 'fetch', 'globalThis', 'self', 'window', 'global', 'Function', 'eval', 'WebSocket',
             'Object', 'Array', 'Reflect', 'Proxy', 'WebAssembly', 'Atomics', 'SharedArrayBuffer', 'setTimeout', 'console'):
    if hasattr(js, name): reached(name)`,
  },
  { name: 'putting a name into js', code: 'import js\njs.mark = 1\nreached(js.mark)' },
  { name: 'what js inherits', code: 'import js\nreached(js.__proto__.constructor)' },
  { name: 'run_js', code: 'from pyodide.code import run_js\nreached(run_js("1 + 1"))' },
  {
    name: 'the insides of Pyodide',
    code: `import pyodide_js
for name in ('FS', '_module', 'globals', 'runPython', 'mountNodeFS', 'loadPackage', 'registerJsModule', 'toPy', 'ffi'):
    if hasattr(pyodide_js, name): reached(name)
for name in ('public_api', 'rawRun', 'loadBinaryFile', 'package_loader', 'on_fatal', 'tests', 'makeSnapshot'):
    if hasattr(pyodide_js._api, name): reached(f'_api.{name}')`,
  },
  {
    name: 'NODEFS, WORKERFS, IDBFS, PROXYFS',
    code: `${bridge}import pyodide_js
for kind in ('NODEFS', 'WORKERFS', 'IDBFS', 'PROXYFS'):
    try:
        os.makedirs(f'/mnt/{kind}', exist_ok=True)
        F = pyodide_js.FS
        F.mount(getattr(F.filesystems, kind), to_js({'root': '/'}), f'/mnt/{kind}')
        if os.listdir(f'/mnt/{kind}'): reached(kind)
    except Exception as error: print(kind, error)`,
  },
  {
    name: 'mountNodeFS and mountNativeFS',
    code: 'import pyodide_js\nos.makedirs("/mnt/host", exist_ok=True)\npyodide_js.mountNodeFS("/mnt/host", "/")\nreached(os.listdir("/mnt/host"))',
  },
  {
    name: 'other names for the same modules',
    code: `import importlib
for name in ('pyodide_js._module', 'pyodide_js.FS', 'pyodide_js._api.public_api', 'pyodide_js.ffi', 'js.process'):
    try: reached(importlib.import_module(name))
    except ImportError as error: print(error)`,
  },
  {
    name: 'a module found in the collector',
    code: `${bridge}import gc
for holder in gc.get_objects():
    for value in gc.get_referents(holder):
        if isinstance(value, JsProxy):
            names = set(dir(value))
            if names & {'FS', '_module', 'HEAP8', 'runPython', 'process', 'getBuiltinModule', 'readFileSync', 'spawn'}: reached(value)`,
  },
  {
    name: 'the finder of the modules',
    code: `from _pyodide._importhook import jsfinder
for name, value in jsfinder.jsproxies.items():
    if len(set(value.object_keys()) - {'version', '_api', 'loadedPackages'}): reached(name)`,
  },
  {
    name: 'the functions that the runner was given',
    code: `frame = sys._getframe()
while frame:
    host = frame.f_globals.get('host')
    if host is not None:
        print(list(host.object_keys()))
        for key in host.object_keys():
            f = getattr(host, key)
            if hasattr(f, 'constructor') and hasattr(f.constructor, 'constructor'): reached(key)
    frame = frame.f_back`,
  },
  {
    name: 'everything that leads on from what Python is given',
    seconds: 20,
    code: `${bridge}
import asyncio, js, pyodide_js, time
async def fail(): raise ValueError
task = asyncio.ensure_future(fail())
seen = []
await create_proxy(task).then(create_proxy(seen.append), create_proxy(seen.append))
def count(): yield 1
queue = [('js', js), ('pyodide_js', pyodide_js), ('array', to_js([1])), ('bytes', to_js(b'x')), ('memory', to_js(b'x').buffer),
    ('object', to_js({'a': 1})), ('error', fault(lambda: to_js([]).reduce())), ('python error', seen[0]),
    ('proxy', create_proxy([1])), ('function', create_proxy(len)), ('generator', create_proxy(count())),
    ('promise', create_proxy(task).then(create_proxy(print), create_proxy(print))), ('iterator', to_js([1]).values()),
    ('timer', __import__('pyodide').webloop.scheduleCallback)]
bad = {'getBuiltinModule', 'binding', 'reallyExit', 'execPath', 'spawnSync', 'readFileSync', 'createConnection', 'registerHooks',
    'mainModule', 'FS', '_module', 'HEAP8', 'runPython', 'rawRun', 'unref', 'getOwnPropertyDescriptors', 'allocUnsafe', 'prepareStackTrace'}
makers = {'Function', 'AsyncFunction', 'GeneratorFunction', 'AsyncGeneratorFunction', 'Object', 'Reflect', 'Proxy', 'ArrayBuffer',
    'SharedArrayBuffer', 'Uint8Array', 'Memory', 'Module', 'Instance', 'Table', 'eval', 'FinalizationRegistry', 'WeakRef'}
ids, number, end = set(), 0, time.monotonic() + 10
while queue and time.monotonic() < end:
    name, value = queue.pop(0)
    if value.js_id in ids: continue
    ids.add(value.js_id); number += 1
    try: names = {key for key in dir(value) if key not in ('to_py', 'as_py_json', 'as_object_map', 'to_weakref')}
    except Exception: continue
    if names & bad: reached((name, names & bad))
    if callable_js(value) and get(value, 'name') in makers and get(value, 'new'): reached((name, value.name))
    if name.count('.') > 6: continue
    for key in names:
        if key.startswith('__') and key != '__proto__': continue
        found = get(value, key)
        if isinstance(found, JsProxy): queue.append((f'{name}.{key}', found))
print(number, len(queue))
assert number > 100`,
  },
  {
    name: 'callers on the stack',
    code: `${bridge}
for f in (to_js([]).map, to_js([]).push, __import__('pyodide').webloop.scheduleCallback):
    for name in ('caller', 'callee', 'arguments'):
        try: value = getattr(f, name)
        except Exception as error: continue
        if value is not None: reached((name, value))`,
  },
];

export const constructorProbes: readonly Probe[] = [
  {
    name: 'Function, from anything',
    code: `${bridge}
async def wait(): pass
def count(): yield 1
things = dict(array=to_js([]), buffer=to_js(b'x'), memory=to_js(b'x').buffer, method=to_js([]).push,
    proxy=create_proxy(len), error=fault(lambda: to_js([]).reduce()), iterator=to_js([1]).values(),
    mapped=to_js({1: 2}), generator=create_proxy(count), coroutine=create_proxy(wait))
for name, thing in things.items():
    for step in ('constructor', '__proto__'):
        value = get(thing, step)
        while value is not None:
            maker = get(value, 'constructor')
            if callable_js(maker):
                print(name, step, maker.name)
                if maker.name in ('Function', 'AsyncFunction', 'GeneratorFunction'): reached((name, maker('return globalThis')()))
            value = get(value, '__proto__')`,
  },
  {
    name: 'texts, numbers and patterns as objects',
    code: `${bridge}
boxes = [to_js([]).concat.call(value)[0] for value in ('abc', 5, True, 2 ** 70)]
for thing in (*boxes, boxes[0].matchAll('b'), boxes[0].match('b'), to_js([1]).values().map(create_proxy(len))):
    value = thing
    while value is not None:
        maker = get(value, 'constructor')
        if callable_js(maker) or callable_js(get(maker, 'constructor')): reached((str(thing), maker))
        value = get(value, '__proto__')
print(len(boxes))`,
  },
  {
    name: 'the Function constructor',
    code: `${bridge}\nreached(to_js([]).constructor.constructor('return globalThis')())`,
  },
  {
    name: 'what stands on Object',
    code: `${bridge}
o = to_js([]).__proto__.__proto__.constructor
for name in ('getPrototypeOf', 'defineProperty', 'getOwnPropertyDescriptors', 'getOwnPropertySymbols', 'fromEntries'):
    if hasattr(o, name): reached(name)`,
  },
  {
    name: 'memory by an array’s constructor',
    code: `${bridge}\nfor thing in (to_js(b''), to_js(b'').buffer): reached(thing.constructor.new(8))`,
  },
  {
    name: 'a larger buffer',
    code: `${bridge}\nfor name in ('transfer', 'resize', 'transferToFixedLength'):\n    f = getattr(to_js(b'x').buffer, name, None)\n    if f: reached(f(2 ** 20))`,
  },
  {
    name: 'a Promise’s constructor',
    code: `${bridge}
import asyncio
async def wait(): return 1
p = create_proxy(asyncio.ensure_future(wait())).then(create_proxy(print))
print(p.constructor, await p)
if callable_js(p.constructor.constructor): reached(p.constructor.constructor('return 1')())`,
  },
  {
    name: 'CallSites of a stack',
    code: `${bridge}
error = fault(lambda: to_js([]).reduce())
E = error.__proto__
def prepare(e, sites): reached([(site.getThis(), site.getFunction()) for site in sites])
for target in (E, getattr(error, 'constructor', None), E.__proto__):
    try: target.prepareStackTrace = create_proxy(prepare)
    except Exception as refused: print(refused)
print(str(fault(lambda: to_js([]).reduce()).stack)[:40])
capture = getattr(error.constructor, 'captureStackTrace', None)
if capture: reached(capture)`,
  },
  {
    name: 'paths of the machine in a stack',
    code: `${bridge}
stack = str(fault(lambda: to_js([]).reduce()).stack)
print(stack[:200])
if 'ROOT' in stack or 'FOLDER' in stack or '/home/' in stack: reached(stack)`,
  },
  {
    name: 'Node’s own errors and what they inspect with',
    code: `${bridge}
for attempt in (lambda: to_js(b'abc').to_string('no-such-encoding'), lambda: to_js(b'\\xff').to_string('utf-8')):
    try: attempt()
    except JsException as error:
        if 'ERR_' in str(error) or hasattr(error.js_error, 'code'): reached(error)
    except Exception as error: print(error)`,
  },
  {
    name: 'revoked and odd proxies',
    code: `${bridge}
p = create_proxy([1])
p.destroy()
for use in (lambda: to_js([p]), lambda: p.length, lambda: to_js([1]).map(p)):
    try: print(use())
    except Exception as error: print(type(error).__name__)`,
  },
];

/**
 * The number of the object that a proxy stands for is in its own memory, which ctypes can write. A number that is not
 * taken ends the process.
 */
export const forgedProbes: readonly Probe[] = [3, 5, 7, 0x400_0003, 0x400_0005, 0x400_0007].map((number) => ({
  name: `a forged reference to object ${number.toString(16)}`,
  code: `${bridge}
first, second = to_js([1]), to_js([2])
words = [(ctypes.c_uint32 * 16).from_address(id(proxy)) for proxy in (first, second)]
at = next(i for i in range(3, 16) if words[0][i] != words[1][i])
words[0][at] = ${number}
names = set(dir(first))
print(sorted(name for name in names if not name.startswith('__')))
if names & {'FS', '_module', 'HEAP8', 'process', 'public_api', 'memory'}: reached(names)`,
}));
