/** What code finds in the locked Python, and what comes back: one child for all of it. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { inflateSync } from 'node:zlib';
import { startPython } from '../../src/local/interpreter.ts';
import type { Python, PythonOutcome } from '../../src/local/python.ts';
import { sandboxParts } from '../support/sandboxParts.ts';

let python: Python;
before(async () => {
  python = await startPython(await sandboxParts());
});
after(() => python.close());

function run(code: string): Promise<PythonOutcome> {
  return python.run(code, { timeoutSeconds: 30 });
}

async function logs(code: string): Promise<string> {
  const outcome = await run(code);
  assert.equal(outcome.end, 'ok', outcome.logs);
  return outcome.logs;
}

/** Width and height, after checking that every row of pixels is there. */
function pngSize(bytes: Uint8Array): { width: number; height: number } {
  const data = Buffer.from(bytes);
  assert.equal(data.toString('latin1', 0, 8), '\x89PNG\r\n\x1a\n');
  const pixels: Buffer[] = [];
  for (let at = 8; at < data.length; at += 12 + data.readUInt32BE(at)) {
    if (data.toString('latin1', at + 4, at + 8) === 'IDAT') {
      pixels.push(data.subarray(at + 8, at + 8 + data.readUInt32BE(at)));
    }
  }
  const [width, height] = [data.readUInt32BE(16), data.readUInt32BE(20)];
  const channels = { 0: 1, 2: 3, 3: 1, 6: 4 }[data[25] ?? -1] ?? 0;
  assert.equal(inflateSync(Buffer.concat(pixels)).length, height * (1 + width * channels));
  return { width, height };
}

test('the value of the last expression is shown as its repr, None is not', async () => {
  assert.equal(await logs('1 + 1'), '2\n');
  assert.equal(await logs("'a'"), "'a'\n");
  assert.equal(await logs('None'), '');
  assert.equal(await logs('5;'), '');
  assert.equal(await logs('x = 7'), '');
  assert.equal(await logs(''), '');
});

test('variables, functions and imports live on between runs', async () => {
  await logs('import math\nradius = 2\ndef area(r):\n    return round(math.pi * r ** 2, 2)');
  assert.equal(await logs('area(radius)'), '12.57\n');
  assert.equal(await logs('__name__'), "'__main__'\n");
});

test('standard output and standard error come in order, before the value', async () => {
  const code = "import sys\nprint('one', end='')\nprint('two', file=sys.stderr)\nprint('three')\n'four'";
  assert.equal(await logs(code), "onetwo\nthree\n'four'\n");
  assert.equal(await logs("print('no line end', end='')\n1"), 'no line end\n1\n');
  assert.equal(await logs("print('ü ✓ \\ud800')"), 'ü ✓ \\ud800\n');
});

test('an error ends with a traceback of the user’s own lines, and the variables stay', async () => {
  const outcome = await run('kept = 1\ndef broken():\n    return 1 / 0\nbroken()');
  assert.equal(outcome.end, 'error');
  assert.match(
    outcome.logs,
    /^Traceback \(most recent call last\):\n {2}File "<cell \d+>", line 4, in <module>\n/,
  );
  assert.match(outcome.logs, /line 3, in broken\n {4}return 1 \/ 0\n/);
  assert.match(outcome.logs, /ZeroDivisionError: division by zero\n$/);
  assert.doesNotMatch(outcome.logs, /runner|asyncio|pyodide|site-packages/);
  assert.equal(await logs('kept'), '1\n');
});

test('each piece of code is a cell with the next number, whatever else was asked in between', async () => {
  const cell = async (): Promise<number> => Number(/<cell (\d+)>/.exec((await run('1 / 0')).logs)?.[1]);
  const first = await cell();
  await python.putFile({ path: '/mnt/data/between.txt', bytes: new Uint8Array(1) });
  assert.equal(await cell(), first + 1);
});

test('an error inside a package shows the user’s line only', async () => {
  const outcome = await run('import numpy as np\nnp.ones(3).reshape(2, 2)\n');
  assert.equal(outcome.end, 'error');
  assert.equal(outcome.logs.match(/File "/g)?.length, 1);
  assert.match(outcome.logs, /ValueError: cannot reshape/);
});

test('errors of every kind are logs', async () => {
  const cases: [string, RegExp][] = [
    ['x = (', /SyntaxError: '\(' was never closed/],
    ['def f(): f()\nf()', /RecursionError/],
    ["input('name? ')", /EOFError: input\(\)/],
    ['import sys; sys.exit(3)', /SystemExit: 3/],
    ['raise KeyboardInterrupt', /KeyboardInterrupt/],
    ['class A:\n    def __repr__(self): raise ValueError("no repr")\nA()', /ValueError: no repr/],
    [
      'class E(Exception):\n    def __str__(self): raise ValueError("no str")\nraise E',
      /E: <exception str\(\) failed>/,
    ],
    ['import threading; threading.Thread(target=print).start()', /RuntimeError: can't start new thread/],
    ['import subprocess; subprocess.run(["ls"])', /OSError/],
    ['import os; os.fork()', /Error/],
  ];
  for (const [code, expected] of cases) {
    const outcome = await run(code);
    assert.equal(outcome.end, 'error', code);
    assert.match(outcome.logs, expected, code);
  }
  assert.equal((await run('exit()')).end, 'ok');
  assert.ok(python.alive);
});

test('importing a package that is absent says which are there', async () => {
  const outcome = await run('import scipy.stats');
  assert.equal(outcome.end, 'error');
  assert.match(
    outcome.logs,
    /ModuleNotFoundError: No module named 'scipy'\. Here are .*matplotlib.*numpy.*pandas.* standard library/,
  );
  assert.equal(
    await logs('try:\n    import scipy\nexcept ImportError as e:\n    print(type(e).__name__)'),
    'ModuleNotFoundError\n',
  );
  assert.equal(await logs("import importlib.util\nimportlib.util.find_spec('scipy')"), '');
});

test('figures left open and figures shown become pictures, once each, in order', async () => {
  const outcome = await run(
    'import matplotlib.pyplot as plt\nplt.figure(figsize=(4, 2)); plt.plot([1, 2])\nplt.show()\n' +
      'plt.figure(figsize=(2, 4)); plt.bar(["a"], [1])',
  );
  assert.equal(outcome.end, 'ok', outcome.logs);
  const sizes = outcome.images.map(pngSize);
  assert.equal(sizes.length, 2);
  assert.ok((sizes[0]?.width ?? 0) > (sizes[0]?.height ?? 0), 'the shown one first');
  assert.ok((sizes[1]?.width ?? 0) < (sizes[1]?.height ?? 0));
  assert.equal((await run('1')).images.length, 0);
});

test('figures: another back end, closed ones, saved ones, a broken one', async () => {
  const used = await run(
    'import matplotlib\nmatplotlib.use("Agg")\nimport matplotlib.pyplot as plt\nplt.plot([1])\nplt.show()',
  );
  assert.equal(used.images.length, 1);
  assert.equal(used.logs, '');
  assert.equal((await run('plt.plot([1]); plt.close()')).images.length, 0);
  const saved = await run(
    'plt.plot([1]); plt.savefig("chart.png"); plt.savefig("chart.pdf"); plt.savefig("chart.svg")',
  );
  assert.equal(saved.images.length, 1);
  assert.deepEqual(saved.written.map(({ path }) => path).sort(), [
    '/mnt/data/chart.pdf',
    '/mnt/data/chart.png',
    '/mnt/data/chart.svg',
  ]);
  const broken = await run('plt.title("$\\\\frac{$")');
  assert.equal(broken.end, 'error');
  assert.equal((await run('1')).images.length, 0);
});

test('files made, changed and removed are reported with their bytes', async () => {
  const made = await run(
    "import os\nos.getcwd()\nopen('a.txt', 'w').write('one')\nos.makedirs('x/y'); open('x/y/b', 'wb').write(b'\\0\\1');",
  );
  assert.deepEqual(made.written, [
    { path: '/mnt/data/a.txt', bytes: new TextEncoder().encode('one') },
    { path: '/mnt/data/x/y/b', bytes: new Uint8Array([0, 1]) },
  ]);
  assert.deepEqual((await run("open('a.txt').read()")).written, []);
  const same = await run(
    "stat = os.stat('a.txt')\nopen('a.txt', 'w').write('two')\nos.utime('a.txt', ns=(stat.st_atime_ns, stat.st_mtime_ns));",
  );
  assert.equal(new TextDecoder().decode(same.written[0]?.bytes), 'two');
  const moved = await run("os.rename('a.txt', 'c.txt'); os.remove('x/y/b')");
  assert.deepEqual(
    moved.written.map(({ path }) => path),
    ['/mnt/data/c.txt'],
  );
  assert.deepEqual([...moved.removed].sort(), ['/mnt/data/a.txt', '/mnt/data/x/y/b']);
  const failed = await run("open('d.txt', 'w').write('kept')\n1 / 0");
  assert.deepEqual(
    failed.written.map(({ path }) => path),
    ['/mnt/data/d.txt'],
  );
  assert.deepEqual(
    (await run("os.truncate('d.txt', 2)")).written.map(({ bytes }) => bytes.length),
    [2],
  );
  assert.deepEqual(
    (await run("import shutil; shutil.rmtree('/mnt/data/x'); open('/tmp/z', 'w').write('no')")).written,
    [],
  );
});

test('files put there can be read, and are not reported as the code’s own', async () => {
  const bytes = new TextEncoder().encode('a,b\n1,2\n3,4\n');
  await python.putFile({ path: '/mnt/data/in/table.csv', bytes });
  const read = await run("import pandas as pd\nint(pd.read_csv('in/table.csv')['b'].sum())");
  assert.equal(read.logs, '6\n');
  assert.deepEqual(read.written, []);
  assert.deepEqual((await run("open('in/table.csv', 'a').write('5,6\\n');")).written.length, 1);
  await python.removeFile('/mnt/data/in/table.csv');
  assert.equal(await logs("import os; os.path.exists('in/table.csv')"), 'False\n');
  await python.removeFile('/mnt/data/in/table.csv');
  await assert.rejects(python.putFile({ path: '/etc/x', bytes }), /not a path/);
  await assert.rejects(python.putFile({ path: '/mnt/data/../x', bytes }), /not a path/);
  await assert.rejects(python.removeFile('/lib/x'), /not a path/);
});

test('asyncio works at the top level and with asyncio.run, and nothing runs on afterwards', async () => {
  const define = 'import asyncio\nasync def work(n):\n    await asyncio.sleep(0.01)\n    return n\n';
  assert.equal(await logs(`${define}await work(3)`), '3\n');
  assert.equal(await logs('asyncio.run(work(4))'), '4\n');
  assert.equal(await logs('await asyncio.gather(work(1), work(2))'), '[1, 2]\n');
  await logs(
    'ticks = 0\nasync def tick():\n    global ticks\n    while True:\n        ticks += 1\n        await asyncio.sleep(0)\nasyncio.ensure_future(tick());',
  );
  await new Promise((resolve) => setTimeout(resolve, 50));
  const before = Number(await logs('ticks'));
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(Number(await logs('ticks')), before);
});

test('timers and tasks that resist end with their run, and what they print is in no later one', async () => {
  await logs(
    'import asyncio\nlate = []\nasync def stubborn():\n    while True:\n        try:\n            await asyncio.sleep(0.01)\n        except BaseException:\n            pass\n        late.append(1)\n        print("late")\nasyncio.ensure_future(stubborn())\nasyncio.get_event_loop().call_later(0.03, late.append, 2);',
  );
  const before = await logs('len(late)');
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(await logs('len(late)'), before);
  assert.equal(await logs('import gc\ngc.collect();\nNone'), '');
});

test('calls queue and keep their order', async () => {
  const order = await Promise.all(['q = [1]', 'q.append(2)', 'q'].map((code) => run(code)));
  assert.equal(order[2]?.logs, '[1, 2]\n');
});

test('the standard library, time zones and randomness are there', async () => {
  assert.equal(
    await logs(
      "from datetime import datetime\nfrom zoneinfo import ZoneInfo\ndatetime(2026, 7, 1, tzinfo=ZoneInfo('Europe/Berlin')).utcoffset().seconds",
    ),
    '7200\n',
  );
  assert.equal(
    await logs("import sqlite3\nsqlite3.connect(':memory:').execute('select 1+1').fetchone()[0]"),
    '2\n',
  );
  assert.equal(
    await logs(
      "import hashlib, json, csv, re, decimal, statistics, dataclasses, zipfile, lzma\nhashlib.sha256(b'').hexdigest()[:8]",
    ),
    "'e3b0c442'\n",
  );
  const code =
    'import random, os, secrets\nimport numpy as np\n[random.random(), os.urandom(8), secrets.token_hex(8), float(np.random.rand())]';
  const other = await startPython(await sandboxParts());
  const [here, there] = await Promise.all([logs(code), other.run(code, { timeoutSeconds: 30 })]);
  await other.close();
  const values = [here, there.logs].map((text) => text.trim().slice(1, -1).split(', '));
  for (const [index, value] of (values[0] ?? []).entries()) assert.notEqual(value, values[1]?.[index]);
});
