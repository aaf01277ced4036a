/** Code that takes all it can: memory in Python, in JavaScript and outside both, files, output, figures, time. */
import type { Probe } from '../../support/attacks.ts';

const script = 'from pyodide.ffi import create_proxy, to_js\n';

export const bombs: readonly Probe[] = [
  { name: 'a large array of bytes', code: 'x = bytearray(2 * 10 ** 9)' },
  { name: 'a list that grows', code: 'x = []\nwhile True: x.append(bytes(10 ** 6))' },
  { name: 'a text that doubles', code: 'x = "x"\nwhile True: x += x' },
  { name: 'a dictionary that grows', code: 'x, n = {}, 0\nwhile True: x[n] = str(n); n += 1' },
  { name: 'numpy', code: 'import numpy as np\nx = [np.ones(10 ** 8) for _ in range(50)]' },
  { name: 'a number with many digits', code: 'x = 10 ** 10 ** 9' },
  { name: 'the text of a number', code: 'sys.set_int_max_str_digits(0)\nlen(str(1 << 40_000_000))' },
  { name: 'recursion', code: 'def f(): f()\nf()' },
  { name: 'recursion without a limit', code: 'sys.setrecursionlimit(10 ** 9)\ndef f(): f()\nf()' },
  {
    name: 'a repr that never ends',
    code: 'class A:\n    def __repr__(self):\n        while True: pass\nA()',
  },
  { name: 'a repr that is too long', code: 'class A:\n    def __repr__(self): return "x" * 10 ** 8\nA()' },
  { name: 'a repr that nests', code: 'x = []\nfor _ in range(10 ** 6): x = [x]\nx' },
  { name: 'an endless generator', code: 'import itertools\nlist(itertools.count())' },
  { name: 'nested brackets', code: 'eval("(" * 10 ** 6 + ")" * 10 ** 6)' },
  { name: 'nested code', code: 'exec("if 1:\\n" + "".join(" " * n + "if 1:\\n" for n in range(1, 5000)))' },
  { name: 'a search that never ends', code: 'import re\nre.match("(a|a)+$", "a" * 50 + "b")' },
  {
    name: 'a packed file',
    code: 'import zlib\nx = zlib.decompress(zlib.compress(bytes(5 * 10 ** 8)))\ny = [zlib.decompress(zlib.compress(x)) for _ in range(9)]',
  },
  {
    name: 'an archive of archives',
    code: `import io, zipfile
data = bytes(10 ** 8)
for _ in range(6):
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as z:
        for n in range(9): z.writestr(str(n), data)
    data = out.getvalue()
with zipfile.ZipFile(io.BytesIO(data)) as z: z.extractall('/mnt/data')
while True: x = [zipfile.ZipFile(io.BytesIO(zipfile.ZipFile(io.BytesIO(data)).read('0'))).read('0') for _ in range(99)]`,
  },
  {
    name: 'a file without an end',
    code: 'with open("big", "wb") as f:\n    while True: f.write(bytes(10 ** 7))',
  },
  { name: 'a file that says it is large', code: 'with open("big", "wb") as f: f.truncate(1 << 40)' },
  { name: 'a file with a hole', code: 'with open("big", "wb") as f: f.seek(1 << 33); f.write(b"x")' },
  {
    name: 'files all over',
    code: 'n = 0\nwhile True:\n    with open(f"/tmp/{n}", "wb") as f: f.write(bytes(10 ** 7))\n    n += 1',
  },
  { name: 'thousands of files', code: 'for n in range(50_000): open(f"f{n}", "w").close()' },
  { name: 'deep folders', code: 'for n in range(20_000): os.mkdir("d"); os.chdir("d")' },
  {
    name: 'long names',
    code: 'for n in range(1000): open(f"{n}" + "x" * 250, "w").close()\nopen("y" * 10 ** 6, "w")',
  },
  {
    name: 'links in a circle',
    code: 'os.symlink("a", "b"); os.symlink("b", "a")\nfor n in range(2000): os.symlink(".", f"s{n}")\nopen("/mnt/data/" + "s1/" * 5000 + "x", "w")',
  },
  {
    name: 'pipes',
    code: 'ends = [os.pipe() for _ in range(500)]\nwhile True:\n    for _, end in ends: os.write(end, bytes(10 ** 6))',
  },
  { name: 'open files', code: 'x = []\nwhile True: x.append(os.open("/dev/null", os.O_RDONLY))' },
  { name: 'output', code: 'while True: print("x" * 10 ** 6)' },
  { name: 'output in one piece', code: 'os.write(1, bytes(7 * 10 ** 8))' },
  { name: 'a traceback that is too long', code: 'raise ValueError("x" * 10 ** 8)' },
  {
    name: 'a chain of errors',
    code: 'error = None\nfor n in range(10 ** 5):\n    try: raise ValueError(n) from error\n    except ValueError as e: error = e\nraise error',
  },
  {
    name: 'figures',
    code: 'import matplotlib.pyplot as p\nfor n in range(500): p.figure(figsize=(0.1, 0.1))',
  },
  {
    name: 'a figure that is too large',
    code: 'import matplotlib.pyplot as p\np.figure(figsize=(10 ** 5, 10 ** 5), dpi=1000)',
  },
  {
    name: 'a flood of tasks',
    code: 'import asyncio\nasync def f():\n    while True: asyncio.ensure_future(f()); await asyncio.sleep(0)\nawait f()',
  },
  { name: 'a loop that yields', code: 'import asyncio\nwhile True: await asyncio.sleep(0)' },
  {
    name: 'a loop that swallows',
    code: 'while True:\n    try:\n        while True: pass\n    except BaseException: pass',
  },
  { name: 'a sleep', code: 'import time\ntime.sleep(1e9)' },
  { name: 'an alarm', code: 'import signal\nsignal.alarm(1)\nwhile True: pass' },
  {
    name: 'a database in memory',
    code: 'import sqlite3\nc = sqlite3.connect(":memory:")\nc.execute("WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM t) SELECT group_concat(hex(randomblob(1000000))) FROM t").fetchall()',
  },
  {
    name: 'forks',
    code: 'while True:\n    try: os.fork()\n    except OSError: break\nimport threading\nfor _ in range(1000): threading.Thread(target=print).start()',
  },
];

/** Through JavaScript: memory that is neither Python's nor bounded by Python, and work that looks at no interrupt. */
export const scriptBombs: readonly Probe[] = [
  { name: 'copies outside Python', code: `${script}x = bytes(10 ** 8)\ny = to_js([x] * 1000)` },
  {
    name: 'copies of slices outside Python',
    code: `${script}import numpy as np\nx = np.ones(4 * 10 ** 7, "u1")[::2]\ny = to_js([x] * 1000)`,
  },
  {
    name: 'copies by a script alone',
    code: `${script}big = to_js(bytes(10 ** 8))\nkept = to_js([0] * 1000).map(big.slice.bind(big, 0, 10 ** 8))`,
  },
  {
    name: 'a script’s array that grows',
    code: `${script}x = to_js([1] * 10 ** 6)\nwhile True: x = x.concat(x)`,
  },
  {
    name: 'a script’s text that grows',
    code: `${script}x = to_js(['x' * 10 ** 6] * 1000)\ny = [x.join('') for _ in range(100)]`,
  },
  {
    name: 'a script that sorts for ever',
    code: `${script}x = to_js([0] * 10 ** 5)\nx.sort(create_proxy(lambda a, b: x.sort() and 0))`,
  },
  {
    name: 'a script’s search that never ends',
    code: `${script}text = to_js([]).concat.call("a" * 40 + "b")[0]\ntext.match("(a+)+$")`,
  },
  {
    name: 'a script’s text in a longer form',
    code: `${script}text = to_js([]).concat.call("\\ufdfa" * 10 ** 6)[0]\nx = to_js([0] * 200).map(text.normalize.bind(text, "NFKD"))`,
  },
  {
    name: 'a script’s array of four thousand million',
    code: `${script}x = to_js([])\nx.length = 2 ** 32 - 1\nx.fill(0)`,
  },
  {
    name: 'nesting in a script',
    code: `${script}x = to_js([])\nfor _ in range(10 ** 5): x = to_js([x])\nprint(x.flat(10 ** 9))`,
  },
  {
    name: 'a promise that is never done',
    code: `${script}import asyncio
async def one(): return 1
p = create_proxy(asyncio.ensure_future(one())).then(create_proxy(lambda *_: 1))
await p
again = create_proxy(lambda *_: p.then(again))
p.then(again)`,
  },
  {
    name: 'a script’s own promise that is never done',
    code: `${script}import asyncio
async def one(): return 1
loop = to_js([0])
loop[0] = loop
loop.then = loop.forEach
p = create_proxy(asyncio.ensure_future(one())).then(create_proxy(lambda *_: 1))
await p
await p.then(create_proxy(lambda *_: loop))`,
  },
];
