/** Attacks through ctypes: Emscripten's own C functions, and machine code (WebAssembly) of the attacker's own. */
import type { Probe } from '../../support/attacks.ts';

/** Each may end its Python. */
export const fatalScriptProbes: readonly Probe[] = [
  {
    name: 'emscripten_run_script',
    code: 'ctypes.CDLL(None).emscripten_run_script(b"globalThis.mark = 1")\nreached("a script")',
  },
  {
    name: 'emscripten_run_script_int',
    code: 'reached(ctypes.CDLL(None).emscripten_run_script_int(b"6 * 7"))',
  },
  {
    name: 'emscripten_run_script_string',
    code: 'f = ctypes.CDLL(None).emscripten_run_script_string\nf.restype = ctypes.c_char_p\nreached(f(b"typeof process"))',
  },
  {
    name: 'emscripten_async_run_script',
    code: 'import asyncio\nctypes.CDLL(None).emscripten_async_run_script(b"globalThis.mark = 1", 0)\nawait asyncio.sleep(0.1)',
  },
  {
    name: 'emscripten_asm_const_int',
    code: 'reached(ctypes.CDLL(None).emscripten_asm_const_int(b"6 * 7", b"", 0))',
  },
  {
    name: 'emscripten_exit_with_live_runtime',
    code: 'ctypes.CDLL(None).emscripten_exit_with_live_runtime()',
  },
  { name: 'emscripten_force_exit', code: 'ctypes.CDLL(None).emscripten_force_exit(0)' },
  { name: 'emscripten_sleep', code: 'ctypes.CDLL(None).emscripten_sleep(10)' },
  {
    name: 'every function with a host’s name',
    code: `libc = ctypes.CDLL(None)
for name in ('popen', 'fork', 'vfork', 'execvp', 'posix_spawn', 'mount', 'umount', 'reboot', 'shm_open', 'ptrace',
             'setuid', 'socketpair', 'sendmsg', 'recvfrom', 'mmap', 'mprotect', 'clone', 'kexec_load', 'syscall'):
    try: print(name, getattr(libc, name)(0, 0, 0))
    except Exception as error: print(name, type(error).__name__)`,
  },
];

const assemble = `
def number(n):
    out = b''
    while True:
        n, low = n >> 7, n & 127
        out += bytes([low | 128 if n else low])
        if not n: return out
def section(kind, body): return bytes([kind]) + number(len(body)) + body
def named(text): return number(len(text)) + text
head = b'\\0asm' + bytes([1, 0, 0, 0]) + section(0, named(b'dylink.0') + bytes([1, 4, 0, 0, 0, 0]))
def answering(*more, code=bytes([0, 0x41, 42, 0x0b])):
    "A library with one function, answer."
    return (head + section(1, bytes([1, 0x60, 0, 1, 0x7f])) + section(3, bytes([1, 0])) + b''.join(more)
        + section(7, bytes([1]) + named(b'answer') + bytes([0, 0])) + section(10, bytes([1]) + named(code)))
`;

export const machineCodeProbes: readonly Probe[] = [
  {
    name: 'a library of one’s own',
    code: `${assemble}open('plain.so', 'wb').write(answering())\nreached(ctypes.CDLL('/mnt/data/plain.so').answer())`,
  },
  {
    name: 'an extension module of one’s own',
    code: `${assemble}
import importlib.machinery, importlib.util
init = answering().replace(b'\\x06answer', b'\\x0bPyInit_mine').replace(section(7, b'')[:1] + b'\\x0a', section(7, b'')[:1] + b'\\x0f')
open('mine.so', 'wb').write(init)
loader = importlib.machinery.ExtensionFileLoader('mine', '/mnt/data/mine.so')
try: importlib.util.module_from_spec(importlib.util.spec_from_loader('mine', loader))
except SystemError as error: reached(error)`,
  },
  {
    name: 'a library with a memory of its own',
    code: `${assemble}
pages = bytes([1, 0]) + number(12000)
open('large.so', 'wb').write(answering(section(5, pages)))
reached(ctypes.CDLL('/mnt/data/large.so').answer())`,
  },
  {
    name: 'a library with a script in it',
    code: `${assemble}
data = b'(void)<::>{ return 42 }\\0'
imports = section(2, bytes([2]) + named(b'env') + named(b'memory') + bytes([2, 0, 1])
    + named(b'env') + named(b'__memory_base') + bytes([3, 0x7f, 0]))
exports = section(7, bytes([1]) + named(b'__em_js__evil') + bytes([3, 1]))
own = (b'\\0asm' + bytes([1, 0, 0, 0]) + section(0, named(b'dylink.0') + bytes([1, 4]) + number(len(data)) + bytes([0, 0, 0]))
    + imports + section(6, bytes([1, 0x7f, 0, 0x41, 0, 0x0b])) + exports
    + section(11, bytes([1, 0, 0x23, 0, 0x0b]) + named(data)))
open('script.so', 'wb').write(own)
reached(ctypes.CDLL('/mnt/data/script.so').evil())`,
  },
  {
    name: 'a package’s library, rewritten',
    code: `${assemble}
names = [os.path.join(root, file) for root, _, files in os.walk('/lib/python3.14/site-packages') for file in files if file.endswith('.so')]
name = min(names, key=os.path.getsize)
size = os.path.getsize(name)
own = answering()
# As long as before, in place: what is left over is a section without a meaning.
rest = size - len(own) - 6
own += b'\\0' + bytes([rest & 127 | 128, rest >> 7 & 127 | 128, rest >> 14 & 127 | 128, rest >> 21 & 127 | 128, 0]) + bytes(rest)
os.chmod(name, 0o644)
with open(name, 'r+b') as file: file.write(own)
print(name, size, os.path.getsize(name), open(name, 'rb').read() == own)
reached(ctypes.CDLL(name).answer())`,
  },
];
