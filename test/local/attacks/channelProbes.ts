/**
 * Attacks on the pipe between the locked child and the gateway: messages made by hand, written to whatever could be
 * the pipe. A forged message would name the file that the tests look for.
 */
import type { Probe } from '../../support/attacks.ts';

/** What a forged message would make the gateway keep. */
export const forgedPath = '/mnt/data/forged.txt';

const frames = `
import json, struct
def frame(header, body=b''):
    text = json.dumps(header).encode()
    return struct.pack('<II', len(text), len(body)) + text + body
forged = b''.join(frame({'type': 'file', 'id': number, 'path': '${forgedPath}'}, b'forged') + frame(
    {'type': 'done', 'id': number, 'end': 'ok', 'removed': [], 'cut': 0, 'interrupts': 0}, b'FORGED') for number in range(1, 60))
def each(*attempts):
    for attempt in attempts:
        try: attempt()
        except Exception as error: print(type(error).__name__)
`;

export const channelProbes: readonly Probe[] = [
  {
    name: 'frames to every descriptor',
    code: `${frames}each(*(lambda fd=fd: os.write(fd, forged) for fd in range(0, 64)))`,
  },
  {
    name: 'frames to the files of descriptors',
    code: `${frames}
def write(name):
    with open(name, 'wb', 0) as file: file.write(forged)
each(*(lambda name=name: write(name) for name in ('/dev/stdin', '/dev/stdout', '/dev/stderr', '/dev/tty', '/dev/tty1',
    *(f'/dev/fd/{fd}' for fd in range(20)), *(f'/proc/self/fd/{fd}' for fd in range(20)))))`,
  },
  {
    name: 'frames through the C library',
    code: `${frames}
libc = ctypes.CDLL(None)
each(*(lambda fd=fd: libc.write(fd, forged, len(forged)) for fd in range(0, 20)))
each(*(lambda fd=fd: libc.__getattr__('dprintf')(fd, b'%s', forged) for fd in range(0, 5)))`,
  },
  {
    name: 'frames as output',
    code: `${frames}
sys.stdout.buffer.write(forged); sys.stderr.buffer.write(forged); sys.__stdout__.buffer.write(forged)
print(forged.decode('latin1'))`,
  },
  {
    name: 'descriptors changed and closed',
    code: `${frames}
keep = [os.dup(fd) for fd in (1, 2)]
each(*(lambda fd=fd: os.close(fd) for fd in (0, 1, 2, 3, 4, 5)))
each(*(lambda fd=fd: os.write(os.open('/dev/tty', os.O_WRONLY), forged) for fd in range(3)))
for fd, old in zip((1, 2), keep): os.dup2(old, fd)`,
  },
  {
    name: 'pipes and sockets made by hand',
    code: `${frames}
each(*(lambda: os.write(os.pipe()[1], forged) for _ in range(30)))`,
  },
  {
    name: 'a file whose name is a message',
    code: `${frames}
for name in ('a"b', 'x\\n{"type":"done"}', 'ü\\u2028', '..', '__proto__', 'constructor', 'toJSON', 'con', 'a\\\\b', '\\x07'):
    try: open(name, 'w').write('x')
    except OSError as error: print(error)`,
  },
  {
    name: 'a file whose name is no text',
    code: `for name in (b'\\xed\\xa0\\x80.txt', b'\\xff\\xfe', b'\\x80', b'a\\xed\\xb0\\x80/', '\\udc80'):
    try: open(name, 'wb').write(b'x')
    except (OSError, UnicodeError) as error: print(error)`,
  },
  {
    name: 'links out of the folder',
    code: `os.symlink('/lib', 'lib'); os.symlink('/mnt/data', 'again'); os.symlink('/dev/urandom', 'random')
os.symlink('circle', 'circle'); os.symlink('/mnt/../mnt/data/../../etc', 'up')`,
  },
];

/** Finds what our own Python in the child goes by. */
const ours = `
frame = sys._getframe()
while frame and 'collect_figures' not in frame.f_globals: frame = frame.f_back
assert frame, 'our runner is not among the callers'
runner = frame.f_globals
host = runner['host']
`;

/** What the child says of itself, said by the code instead: it may end its own Python, and forge nothing. */
export const runnerProbes: readonly Probe[] = [
  {
    name: 'another result',
    code: `${ours}runner['json'] = type('J', (), {'dumps': staticmethod(lambda _: '{"end":"ok","tail":"FORGED","figures":1e9,"id":7}')})`,
  },
  {
    name: 'a figure that is none',
    code: `${ours}
from pyodide.ffi import create_proxy, to_js
class Odd:
    def toJs(self, *_): return self
    def destroy(self): pass
for figure in (create_proxy(Odd()), to_js([]), to_js({'toJs': create_proxy(lambda *_: 1)})):
    try: host.figure(figure)
    except Exception as error: print(type(error).__name__)`,
  },
  { name: 'bytes that are no picture', code: `${ours}host.figure(b'<svg onload="alert(1)">')` },
  {
    name: 'a result that is no text',
    code: `${ours}
class Odd:
    def __str__(self): return '{"end":"died","tail":7,"figures":-1}'
runner['json'].dumps = lambda _: Odd()`,
  },
  {
    name: 'a result that waits for ever',
    seconds: 1,
    code: `${ours}
class Wait:
    def __await__(self):
        while True: yield
runner['json'].dumps = lambda _: Wait()`,
  },
  {
    name: 'interrupts kept away',
    seconds: 1,
    code: `${ours}host.disarm(); host.arm(2 ** 40)
for wrong in (lambda: host.arm('x'), lambda: host.pause('x'), lambda: host.pause(float('nan'))):
    try: wrong()
    except Exception as error: print(type(error).__name__)
while True: pass`,
  },
  {
    name: 'the names that our runner goes by',
    code: `${ours}
import builtins
builtins.isinstance = builtins.repr = None
runner['DATA'] = runner['cells'] = runner['main'] = None
1 / 0`,
  },
];
