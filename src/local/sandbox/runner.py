"""Runs the user's code inside the locked child. Loaded once, after Pyodide has started.

The host gives functions: `arm(number)` and `disarm()` let interrupts reach this code or keep them away,
`pause(seconds)` blocks for a moment and says whether an interrupt came, `taken()` counts the interrupts of this run,
`has_room_for_figure()` and `figure(bytes)` show a picture; and `tail_length`, the characters shown after the output.
"""

import ast
import asyncio
import builtins
import importlib.metadata
import importlib.util
import io
import json
import linecache
import os
import random
import signal
import sys
import time
import traceback
import types

DATA = '/mnt/data'
KEPT_CELLS = 50

main = types.ModuleType('__main__')
cells = []
begun = 0
host = None
current = None
armed = False


def setup(functions):
    """Makes this interpreter the container's: its folder, its streams, its clock and a fresh source of randomness."""
    global host
    host = functions
    sys.modules['__main__'] = main
    main.__builtins__ = builtins
    os.makedirs(DATA, exist_ok=True)
    os.chdir(DATA)
    os.environ.update(HOME='/home/user', MPLBACKEND='agg', MPLCONFIGDIR='/tmp/matplotlib')
    os.environ['PYTHONTZPATH'] = zones = '/lib/python3.14/site-packages/pytz/zoneinfo'
    __import__('zoneinfo').reset_tzpath([zones])
    importlib.invalidate_caches()
    random.seed()
    for number, name in ((1, 'stdout'), (2, 'stderr')):
        # Unbuffered, so that what is printed to the two stays in order.
        stream = io.TextIOWrapper(
            io.FileIO(number, 'w', closefd=False), 'utf-8', 'backslashreplace', newline='\n', write_through=True
        )
        setattr(sys, name, stream)
        setattr(sys, f'__{name}__', stream)
    builtins.input = no_input
    time.sleep = sleep
    sys.meta_path.insert(0, ShowHook())


def no_input(prompt=''):
    raise EOFError('input() cannot ask anyone here: put the value into the code instead')


def sleep(seconds, /):
    """time.sleep in slices, so that it can be interrupted."""
    if seconds != seconds or seconds < 0:
        raise ValueError('sleep length must be non-negative')
    end = time.monotonic() + seconds
    while True:
        left = end - time.monotonic()
        if host.pause(max(0.0, min(left, 0.02))):
            raise KeyboardInterrupt
        if left <= 0:
            return


async def run(code, number):
    """Runs one piece of code; gives JSON: how it ended, and what is said after its output."""
    global current, begun, armed
    take_signals()
    begun += 1
    name = f'<cell {begun}>'
    remember(name, code)
    current = asyncio.current_task()
    loop = asyncio.get_running_loop()
    # Of a task of the code's own: it ends the task, and then the loop passes it on to whoever runs the loop.
    loop._keyboard_interrupt_handler = cancel
    loop._system_exit_handler = lambda _status: cancel()
    end, tail = 'ok', ''
    try:
        try:
            value = await execute(code, name, number)
            if value is not None:
                tail = repr(value) + '\n'
            collect_figures()
        finally:
            host.disarm()
            armed = False
    except BaseException as error:
        end = kind_of(error)
        tail = '' if end == 'ok' else describe(error)
        del error
    current = None
    close_figures()
    for task in asyncio.all_tasks():
        if task is not asyncio.current_task():
            # The host drops the step in which it would end; what is left of it is no fault to be reported.
            task._log_destroy_pending = False
            task.cancel()
    return json.dumps({'end': end, 'tail': shorten(tail)})


def take_signals():
    """Each time: code may put a handler of its own in the place of ours."""
    try:
        signal.signal(signal.SIGINT, interrupt)
    except KeyboardInterrupt:
        # It came at the very end of the code before, for a handler of that code's own.
        signal.signal(signal.SIGINT, interrupt)


def arm(number):
    global armed
    armed = True
    host.arm(number)


def shorten(text):
    most = int(host.tail_length)
    if len(text) <= most:
        return text
    return f'{text[:most // 2]}\n… {len(text) - most} characters left out …\n{text[-most // 2:]}'


async def execute(code, name, number):
    """Runs the statements; gives the value of the last one where it is an expression."""
    tree = ast.parse(code, name)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) and not ends_quietly(code) else None
    value = None
    arm(number)
    for part, mode in ((tree, 'exec'), (last and ast.Expression(last.value), 'eval')):
        if part is None:
            continue
        compiled = compile(part, name, mode, flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
        value = eval(compiled, main.__dict__)
        if compiled.co_flags & 0x80:
            value = await value
    return value


def ends_quietly(code):
    """As in IPython, a semicolon at the end keeps the last value from being shown."""
    return code.rstrip().endswith(';')


def interrupt(_number, frame):
    """Raises KeyboardInterrupt where code of a run is on the stack. In the event loop itself that would break the loop:
    its tasks are cancelled between two of its steps. What comes behind the end of a run is for nobody: Python hands it on
    only when it next looks, which can be in the beginning of the run after."""
    if not armed:
        return
    while frame is not None:
        if frame.f_code is cancel.__code__:
            return
        if frame.f_code.co_filename.startswith(('<cell ', DATA, __name__)):
            raise KeyboardInterrupt
        frame = frame.f_back
    if current is not None:
        current.get_loop().call_soon(cancel)


def cancel():
    """Interrupts code that waits for something asynchronous."""
    if current is None:
        return
    for task in asyncio.all_tasks():
        # Inside asyncio.run the run's own task is in the middle of a step: cancelled, it would be so only after its end.
        if task is not current or not task.get_coro().cr_running:
            task.cancel()


def remember(name, code):
    """Lets tracebacks show the lines of this code."""
    lines = code.splitlines(keepends=True)
    linecache.cache[name] = (len(code), None, lines, name)
    cells.append(name)
    if len(cells) > KEPT_CELLS:
        linecache.cache.pop(cells.pop(0), None)


def kind_of(error):
    if isinstance(error, SystemExit):
        return 'ok' if error.code in (None, 0) else 'error'
    if isinstance(error, (KeyboardInterrupt, asyncio.CancelledError)) and host.taken() > 0:
        return 'interrupted'
    return 'out_of_memory' if isinstance(error, MemoryError) else 'error'


def describe(error):
    """The traceback without the frames that are not the user's."""
    if isinstance(error, ModuleNotFoundError):
        say_what_is_there(error)
    try:
        report = traceback.TracebackException.from_exception(error)
        trim(report, set())
        return ''.join(report.format())
    except BaseException as failure:
        return f'{type(error).__name__} (it cannot be shown: {type(failure).__name__})\n'


def trim(report, seen):
    if report is None or id(report) in seen:
        return
    seen.add(id(report))
    own = [frame for frame in report.stack if frame.filename.startswith(('<cell ', DATA))]
    report.stack = traceback.StackSummary.from_list(own)
    for other in (report.__cause__, report.__context__, *(report.exceptions or ())):
        trim(other, seen)


def say_what_is_there(error):
    missing = (error.name or '').partition('.')[0]
    if not missing or missing in sys.modules or importlib.util.find_spec(missing):
        return
    names = sorted({found.name for found in importlib.metadata.distributions()}, key=str.lower)
    there = f'Here are {", ".join(names)} and the standard library; nothing can be installed.'
    error.msg = f'{error.msg}. {there}'
    error.args = (error.msg,)
