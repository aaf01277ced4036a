/** Attacks on the machine's files, processes, environment and other processes, from Python. */
import type { Probe } from '../../support/attacks.ts';

/** Each call runs by itself, so that one that raises hides none of the others. */
const each = `
def each(*attempts):
    for attempt in attempts:
        try: attempt()
        except Exception as error: print(type(error).__name__, error)
`;

export const fileProbes: readonly Probe[] = [
  { name: 'reading a file', code: 'print(open("SECRET_FILE").read())' },
  { name: 'writing a file', code: 'open("MARK", "w").write("x")' },
  { name: 'making a folder', code: 'os.mkdir("MARK")' },
  {
    name: 'the folder of the secret',
    code: 'if "secret.txt" in os.listdir("FOLDER"): reached("the folder")',
  },
  { name: 'the state of a file', code: 'reached(os.stat("SECRET_FILE").st_size)' },
  { name: 'the list of users', code: 'if "root:" in open("/etc/passwd").read(): reached("users")' },
  {
    name: '/proc',
    code: `${each}
def read(name):
    text = open(name, 'rb').read()
    if b'node' in text or b'SECRET' in text: reached(name)
each(*(lambda name=name: read(f'/proc/{name}') for name in (
    'self/environ', 'self/cmdline', 'self/maps', 'self/status', '1/cmdline', 'VICTIM/cmdline', 'version', 'mounts')))`,
  },
  {
    name: 'inherited descriptors as files',
    code: `${each}
def read(name):
    bytes = open(name, 'rb').read(8)
    if bytes[:6] == b'PYPACK' or b'use strict' in bytes: reached(name)
each(*(lambda fd=fd, place=place: read(f'{place}/{fd}') for fd in range(3, 21) for place in ('/dev/fd', '/proc/self/fd')))`,
  },
  {
    name: 'inherited descriptors by number',
    code: `${each}
def read(fd):
    bytes = os.pread(fd, 64, 0)
    if bytes: reached(f'descriptor {fd}: {bytes[:8]}')
each(*(lambda fd=fd: read(fd) for fd in range(3, 30)))`,
  },
  {
    name: 'a symbolic link',
    code: 'os.symlink("SECRET_FILE", "link")\nprint(open("link").read())',
  },
  {
    name: 'a symbolic link to the root',
    code: 'os.symlink("/..", "up")\nprint(open("up/" + "SECRET_FILE").read())',
  },
  { name: 'a hard link', code: 'os.link("SECRET_FILE", "hard")\nprint(open("hard").read())' },
  { name: 'renaming over the border', code: 'open("own", "w").write("x")\nos.rename("own", "MARK")' },
  { name: 'copying in', code: 'import shutil\nshutil.copy("SECRET_FILE", "copy.txt")' },
  { name: 'copying out', code: 'import shutil\nopen("own", "w").write("x")\nshutil.copy("own", "MARK")' },
  {
    name: 'paths with dots and NUL',
    code: `${each}
each(lambda: print(open('../' * 30 + 'SECRET_FILE').read()), lambda: print(open('/mnt/data/../../SECRET_FILE').read()),
     lambda: print(open('SECRET_FILE\\0').read()), lambda: print(open(b'SECRET_FILE').read()))`,
  },
  {
    name: 'a memory map',
    code: 'import mmap\nf = os.open("SECRET_FILE", os.O_RDONLY)\nprint(mmap.mmap(f, 0, prot=mmap.PROT_READ)[:])',
  },
  {
    name: 'a database',
    code: `import sqlite3
c = sqlite3.connect(':memory:')
c.execute("ATTACH 'MARK' AS host"); c.execute('CREATE TABLE host.t (x)'); c.commit()`,
  },
  {
    name: 'numpy and pandas',
    code: `${each}
import numpy, pandas
each(lambda: print(bytes(numpy.fromfile('SECRET_FILE', 'u1'))), lambda: print(bytes(numpy.memmap('SECRET_FILE', 'u1', 'r'))),
     lambda: print(pandas.read_csv('file://SECRET_FILE')), lambda: numpy.zeros(3).tofile('MARK'),
     lambda: pandas.DataFrame({'a': [1]}).to_csv('MARK'))`,
  },
  { name: 'a chart', code: 'import matplotlib.pyplot as p\np.plot([1])\np.savefig("MARK")' },
  {
    name: 'a file address',
    code: 'import urllib.request\nprint(urllib.request.urlopen("file://SECRET_FILE").read())',
  },
  {
    name: 'an archive that climbs',
    code: `import io, zipfile, tarfile
data = io.BytesIO()
with zipfile.ZipFile(data, 'w') as z: z.writestr('../' * 20 + 'MARK', 'x')
zipfile.ZipFile(data).extractall('/mnt/data')
data = io.BytesIO()
with tarfile.open(fileobj=data, mode='w') as t: t.addfile(tarfile.TarInfo('../' * 20 + 'MARK'))
data.seek(0)
tarfile.open(fileobj=data).extractall('/mnt/data', filter='fully_trusted')`,
  },
  {
    name: 'the C library',
    code: `libc = ctypes.CDLL(None)
fd = libc.open(b'SECRET_FILE', 0)
data = ctypes.create_string_buffer(64)
print(libc.read(fd, data, 64), data.value)
print(libc.open(b'MARK', 0o101, 0o600))`,
  },
  { name: 'a module of the host', code: 'sys.path.insert(0, "FOLDER")\nimport host_module' },
  { name: 'another root', code: 'os.chroot("/")\nprint(open("SECRET_FILE").read())' },
  {
    name: 'shared memory',
    code: 'from multiprocessing import shared_memory\nreached(shared_memory.SharedMemory("x", True, 16).name)',
  },
  {
    name: 'devices',
    code: `${each}\neach(lambda: reached(open('/dev/mem', 'rb').read(1)), lambda: reached(open('/dev/sda', 'rb').read(1)))`,
  },
  {
    name: 'a device made by hand',
    code: `for major in range(1, 12):
    try:
        os.mknod(f'dev{major}', 0o20666, os.makedev(major, 1)); data = open(f'dev{major}', 'rb', 0).read(1)
        if data: print(major, data)
    except OSError as error: print(major, error)`,
  },
  {
    name: 'what the root folder shows',
    code: `own = {'dev', 'home', 'lib', 'mnt', 'proc', 'tmp'}
if set(os.listdir('/')) - own: reached(set(os.listdir('/')) - own)`,
  },
];

export const processProbes: readonly Probe[] = [
  { name: 'os.system', code: 'print(os.system("touch MARK"))' },
  { name: 'os.popen', code: 'print(os.popen("cat SECRET_FILE").read())' },
  { name: 'subprocess', code: 'import subprocess\nsubprocess.run(["touch", "MARK"])' },
  {
    name: 'subprocess with a shell',
    code: 'import subprocess\nsubprocess.Popen("touch MARK", shell=True).wait()',
  },
  { name: 'posix_spawn', code: 'os.posix_spawn("/bin/sh", ["sh", "-c", "touch MARK"], {})' },
  { name: 'spawnv', code: 'os.spawnv(os.P_WAIT, "/bin/sh", ["sh", "-c", "touch MARK"])' },
  { name: 'exec', code: 'os.execv("/bin/sh", ["sh", "-c", "touch MARK"])' },
  { name: 'fork', code: 'if os.fork() == 0: open("MARK", "w")\nreached("fork")' },
  { name: 'a pseudo terminal', code: 'import pty\npty.spawn(["touch", "MARK"])' },
  {
    name: 'asyncio',
    code: 'import asyncio\nawait asyncio.create_subprocess_exec("touch", "MARK")\nreached("a process")',
  },
  {
    name: 'multiprocessing',
    code: 'import multiprocessing as m\nm.Process(target=open, args=("MARK", "w")).start()\nreached("one")',
  },
  {
    name: 'a pool',
    code: 'from concurrent.futures import ProcessPoolExecutor\nreached(ProcessPoolExecutor(1).submit(os.getpid).result())',
  },
  {
    name: 'a thread',
    code: 'import threading\nthreading.Thread(target=reached, args=("a thread",)).start()',
  },
  { name: 'system of the C library', code: 'print(ctypes.CDLL(None).system(b"touch MARK"))' },
  { name: 'execve of the C library', code: 'ctypes.CDLL(None).execve(b"/bin/touch", None, None)' },
  {
    name: 'a library of the host',
    code: 'ctypes.CDLL("/lib/x86_64-linux-gnu/libc.so.6").system(b"touch MARK")\nreached("libc")',
  },
  {
    name: 'a browser',
    code: 'import webbrowser\nif webbrowser.open("file://SECRET_FILE"): reached("a browser")',
  },
];

export const neighbourProbes: readonly Probe[] = [
  { name: 'ending a process', code: 'import signal\nos.kill(VICTIM, signal.SIGKILL)' },
  { name: 'ending the parent', code: 'import signal\nos.kill(os.getppid(), signal.SIGKILL)' },
  { name: 'ending a group', code: 'import signal\nos.killpg(os.getpgid(0), signal.SIGTERM)' },
  { name: 'ending all', code: 'import signal\nos.kill(-1, signal.SIGTERM)' },
  {
    name: 'kill of the C library',
    code: 'print(ctypes.CDLL(None).kill(VICTIM, 9), ctypes.CDLL(None).kill(-1, 9))',
  },
  { name: 'looking for a process', code: 'os.kill(VICTIM, 0)\nos.kill(1, 0)' },
  { name: 'a debugger', code: 'if ctypes.CDLL(None).ptrace(16, VICTIM, 0, 0) == 0: reached("ptrace")' },
  {
    name: 'own numbers',
    code: 'if os.getppid() > 1 and os.getpid() != 42: reached((os.getpid(), os.getppid()))',
  },
];

export const environmentProbes: readonly Probe[] = [
  { name: 'os.environ', code: 'print(dict(os.environ))' },
  {
    name: 'getenv of the C library',
    code: 'libc = ctypes.CDLL(None)\nlibc.getenv.restype = ctypes.c_char_p\nprint(libc.getenv(b"SECRET_OF_THE_HOST"))',
  },
  {
    name: 'the name of the machine and its user',
    code: `import platform, socket, getpass
for ask in (platform.node, socket.gethostname, lambda: os.uname().nodename, getpass.getuser):
    try: name = ask()
    except Exception as error: continue
    if name == 'HOST_NAME' or name == 'root': reached(name)`,
  },
  {
    name: 'paths of the machine in Python',
    code: `texts = [*sys.path, sys.executable, sys.prefix, *sys.argv, os.getcwd(), str(sys.flags), sys.version]
if any('node_modules' in text or 'ROOT' in text or 'sandbox.js' in text for text in texts): reached(texts)`,
  },
];
