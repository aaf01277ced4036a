/** Attacks that leave something behind which would go on when their run is over. */
import type { Probe } from '../../support/attacks.ts';

/** Notes each time at which something of a run was done, to be asked for by {@link whenLate}. */
const noting = `import time
times = []
def late(*_): times.append(time.time())
`;

/** Gives the last of the times that were noted, after waiting for what may still come. */
export const whenLate = `import asyncio
await asyncio.sleep(0.3)
max(times, default=0)`;

/** None of them may be late after the end of its run. */
export const lateProbes: readonly Probe[] = [
  {
    name: 'tasks, callbacks and timers',
    code: `${noting}import asyncio
from pyodide.ffi import create_proxy
import pyodide.webloop as w
async def later():
    while True:
        late()
        await asyncio.sleep(0.01)
loop = asyncio.get_running_loop()
loop.call_later(0.05, late); loop.call_at(loop.time() + 0.05, late)
asyncio.ensure_future(later())
w.scheduleCallback(create_proxy(late), 50)
asyncio.current_task().add_done_callback(lambda _: loop.call_soon(late))`,
  },
  {
    name: 'signals and alarms',
    code: `${noting}import signal
for number in (signal.SIGALRM, signal.SIGINT, signal.SIGTERM, signal.SIGCHLD):
    try: signal.signal(number, late)
    except (OSError, ValueError) as error: print(number, error)
libc = ctypes.CDLL(None)
for name in ('alarm', 'ualarm'):
    try: print(getattr(libc, name)(1, 0))
    except AttributeError as error: print(error)
timer = (ctypes.c_int32 * 8)(0, 0, 50_000, 0, 0, 0, 50_000, 0)
print(libc.setitimer(0, timer, None))`,
  },
  {
    name: 'hooks of the interpreter',
    code: `${noting}import atexit, gc, threading, weakref
def hook(*_): pass
class Kept:
    def __del__(self): hook()
atexit.register(late)
weakref.finalize(late, late)
gc.callbacks.append(hook)
sys.setprofile(hook); sys.settrace(hook); threading.settrace(hook)
sys.excepthook = sys.unraisablehook = sys.displayhook = hook
gc.set_threshold(1)
kept = Kept(); kept.own = kept; del kept`,
  },
  {
    name: 'audit hooks and monitoring',
    code: `${noting}seen = []
sys.addaudithook(lambda event, args: seen.append(event))
sys.monitoring.use_tool_id(3, 'mine')
sys.monitoring.register_callback(3, sys.monitoring.events.PY_START, lambda *_: seen.append('start'))
sys.monitoring.set_events(3, sys.monitoring.events.PY_START)`,
  },
];

/**
 * Starts a chain of a script's own promises, each of which makes the next one, in the very step of the event loop in
 * which the run is said to be over.
 */
export const endlessChain: Probe = {
  name: 'a chain of promises that begins with the end',
  code: `import asyncio
from pyodide.ffi import create_proxy, to_js
async def one(): return 1
promises = create_proxy(asyncio.ensure_future(one())).then(create_proxy(lambda *_: 1)).constructor
again = to_js([0]); again[0] = again; again.then = again.forEach
handle = asyncio.events.Handle
do = handle._run
def chained(self):
    do(self)
    if 'FutureDone' in repr(self._callback): promises.resolve(again)
handle._run = chained`,
};

/** Leaves objects that are let go of once a script's collector finds what stands for them. */
export const lastWords: Probe = {
  name: 'what is done when something is collected',
  code: `${noting}from pyodide.ffi import create_proxy, to_js
class Last:
    def __del__(self):
        late()
        print('let go')
holder = to_js([create_proxy(Last()) for _ in range(5)])
del holder`,
};
