/** Attacks through what JavaScript calls back, waits for, collects or imports. */
import type { Probe } from '../../support/attacks.ts';

const bridge = `
import asyncio, gc
from pyodide.ffi import JsProxy, JsException, create_once_callable, create_proxy, run_sync, to_js
def get(value, name):
    try: return getattr(value, name)
    except Exception: return None
def look(what, values):
    "Says what came that is not Python's own: an object of Node's has a maker, or leads to one."
    for value in values:
        if not isinstance(value, JsProxy): continue
        names = set(dir(value))
        if names & {'process', 'unref', 'hasRef', '_onTimeout', 'getBuiltinModule', 'stylize', 'colors', 'domain', 'asyncId'}: reached((what, value))
        maker = get(get(value, 'constructor'), 'constructor')
        if isinstance(maker, JsProxy) and maker.typeof == 'function': reached((what, maker))
`;

export const callProbes: readonly Probe[] = [
  {
    name: 'this and the arguments of a timer’s callback',
    code: `${bridge}
import pyodide.webloop as w
seen = []
plain = create_proxy(lambda *args: seen.extend(args))
own = plain.captureThis() if get(plain, 'captureThis') else plain
for f in (plain, own):
    for delay in (0, 1, 5): w.scheduleCallback(f, delay)
print(w.scheduleCallback(plain, 1))
look('the timer', [w.scheduleCallback(plain, 10 ** 6)])
await asyncio.sleep(0.05)
look('a callback', seen)
print(len(seen))`,
  },
  {
    name: 'this in a method of an array',
    code: `${bridge}
seen = []
f = create_proxy(lambda *args: seen.extend(args))
own = f.captureThis() if get(f, 'captureThis') else f
for name in ('map', 'forEach', 'filter', 'every', 'find', 'reduce', 'sort', 'flatMap'):
    getattr(to_js([3, 1, 2]), name)(own)
look('an array', seen)`,
  },
  {
    name: 'timers that are none',
    code: `${bridge}
import pyodide.webloop as w
for work, delay in ((1, 0), ('process', 0), (to_js([]), 0), (create_proxy(print), 'x'), (create_proxy(print), float('nan')), (create_proxy(print), -1)):
    try: look('a timer', [w.scheduleCallback(work, delay)])
    except Exception as error: print(type(error).__name__)
await asyncio.sleep(0.02)`,
  },
  {
    name: 'something odd given to the console and to clocks',
    code: `${bridge}
import time
class Odd:
    def __getattr__(self, name): raise RuntimeError(name)
    def __str__(self): raise RuntimeError('str')
print(time.time(), time.perf_counter(), time.monotonic())
for value in (Odd(), create_proxy(Odd())):
    try: print(to_js(value))
    except Exception as error: print(type(error).__name__)`,
  },
  {
    name: 'a promise’s handlers',
    code: `${bridge}
async def work(): raise ValueError('x')
seen = []
note = create_proxy(lambda *args: seen.extend(args))
p = create_proxy(asyncio.ensure_future(work()))
await p.then(note, note)
await p.catch(note)
look('a promise', [*seen, p.then(note, note)])
# A class of Pyodide's own leads to the one that it extends.
E = get(get(seen[0], 'constructor'), '__proto__')
print(E)
try: E.prepareStackTrace = create_proxy(lambda error, sites: reached([site.getThis() for site in sites]))
except Exception as error: print(error)
if E is not None:
    target = to_js([])
    E.captureStackTrace(target)
    print(str(target.stack)[:60])`,
  },
  {
    name: 'waiting without await (stack switching, Node 24 and later)',
    code: `${bridge}
async def inner():
    await asyncio.sleep(0.01)
    return [frame for frame in sys._current_frames().values()]
try: print(len(run_sync(inner())), asyncio.run(asyncio.sleep(0.01, 7)))
except RuntimeError as error: print(error)
try: look('run_sync', [run_sync(create_proxy(asyncio.ensure_future(inner())))])
except RuntimeError as error: print(error)`,
  },
  {
    name: 'generators and iterators',
    code: `${bridge}
def count():
    while True: yield 1
async def later():
    yield 1
things = [create_proxy(count()), create_proxy(later()), to_js([1]).values(), to_js({1: 2})]
for thing in things:
    value, steps = thing, 0
    while value is not None and steps < 8:
        look(f'a chain of {thing}', [value])
        value, steps = get(value, '__proto__'), steps + 1`,
  },
  {
    name: 'weak references and what is collected',
    code: `${bridge}
weak = to_js([1]).to_weakref()
look('a weak reference', [weak, get(weak, 'deref'), get(weak, '__proto__')])
class Last:
    def __del__(self): print('gone')
for _ in range(3):
    holder = to_js([create_proxy(Last())]); del holder
    create_once_callable(lambda: None)
    gc.collect()
await asyncio.sleep(0.02)`,
  },
  {
    name: 'memory through a buffer',
    code: `${bridge}
data = create_proxy(bytearray(b'0123456789'))
buffer = get(data, 'getBuffer')
view = buffer() if buffer else None
memory = get(get(view, 'data'), 'buffer')
print(view, get(memory, 'byteLength'))
for name in ('grow', 'resize', 'transfer', 'constructor'):
    found = get(memory, name)
    if found is not None and (name != 'constructor' or get(found, 'new')): reached(name)`,
  },
  {
    name: 'converters',
    code: `${bridge}
seen = []
def convert(*args):
    seen.extend(args)
    return None
try: to_js({'a': object(), 'b': [1]}, dict_converter=create_proxy(convert), default_converter=create_proxy(convert))
except Exception as error: print(type(error).__name__)
entries = to_js({'a': 1})
look('a converter', [*seen, entries, entries.__proto__])
for value in seen:
    if isinstance(value, JsProxy) and value.typeof == 'function' and get(value, 'name') in ('Object', 'fromEntries'): reached(value)`,
  },
  {
    name: 'keys that are no names',
    code: `${bridge}
for target in (to_js([]), to_js({'a': 1}), to_js([]).push):
    for key in ('__proto__', 'constructor', '__defineGetter__', '__lookupGetter__', 'Symbol(Symbol.iterator)', '@@iterator', '\\0', '\\ud800', 'x' * 10 ** 6, '$$', '$destroy'):
        try: look(key[:20], [getattr(target, key)])
        except Exception as error: continue
    for key in ('__proto__', 'constructor'):
        try: look(key, [target.as_object_map()[key]])
        except Exception as error: continue`,
  },
  {
    name: 'a script’s import',
    code: `${bridge}
import importlib
attempts = [lambda name=name: importlib.import_module(name) for name in ('node:fs', 'fs', 'node:process', 'js.process', 'data:text/javascript,1', 'file:///etc/passwd')]
attempts += [lambda: __import__('pyodide.code').code.run_js("import('node:fs')"), lambda: __import__('js')['import']]
for attempt in attempts:
    try: reached(attempt())
    except Exception as error: print(type(error).__name__, str(error)[:60])`,
  },
  {
    name: 'the files of Pyodide’s shell',
    code: `${bridge}
import pyodide.http, pyodide._package_loader as loader
for name in dir(loader):
    value = getattr(loader, name)
    if isinstance(value, JsProxy) and len(list(value.object_keys())): reached(name)
for attempt in (lambda: ctypes.CDLL('/core/pyodide.asm.wasm'), lambda: open('/core/python_stdlib.zip', 'rb').read(4)):
    try: reached(attempt())
    except Exception as error: print(type(error).__name__)`,
  },
];

/** Each may end its Python. */
export const fatalCallProbes: readonly Probe[] = [
  {
    name: 'import in a script of Emscripten’s',
    code: "ctypes.CDLL(None).emscripten_run_script(b\"import('node:fs').then((fs) => fs.writeFileSync('MARK', ''))\")\nreached(\"a script\")",
  },
  {
    name: 'a fault in a callback',
    code: `import asyncio
from pyodide.ffi import create_proxy, to_js
import pyodide.webloop as w
class Odd(Exception):
    def __str__(self): raise SystemExit
def fail(*_): raise Odd
w.scheduleCallback(create_proxy(fail), 0)
to_js([2, 1]).sort(create_proxy(fail))`,
  },
  {
    name: 'a fault that is no error',
    code: `import asyncio
from pyodide.ffi import create_proxy
async def fail(): raise KeyboardInterrupt
create_proxy(asyncio.ensure_future(fail())).then(create_proxy(print))
await asyncio.sleep(0.1)`,
  },
];
