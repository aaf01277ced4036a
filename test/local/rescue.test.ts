/** A run that cannot end properly: what it had made comes all the same, and what did not is said. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { childStartedBy } from './lockedChildren.ts';
import { filesOf, pythons } from './pythons.ts';

const { living, run, stopAfter, close } = pythons();
after(close);

/** Makes one thing of each kind, on files of a run before. */
const prepare = 'open("old.txt", "w").write("old"); open("gone.txt", "w").write("gone");';
const make = [
  'import os',
  'print("printed", end="")',
  'open("old.txt", "a").write("er")',
  'open("new.txt", "w").write("new")',
  'os.remove("gone.txt")',
  '',
].join('\n');

const deadly: readonly (readonly [code: string, end: string, said: RegExp])[] = [
  ['os._exit(3)', 'died', /^The code ended its Python itself: its variables are gone; .* is kept\.$/],
  ['os.abort()', 'died', /^Python crashed .* is kept\.$/],
  ['import ctypes\nctypes.string_at(0xfffffff0)', 'died', /^Python crashed .* is kept\.$/],
  [
    'import sys\nsys.setrecursionlimit(10 ** 9)\ndef f(): f()\nf()',
    'died',
    /^Python crashed .* is kept\. The output was too long: \d+ bytes of it were left out|^Python crashed .* is kept\.$/,
  ],
  [
    'from pyodide.ffi import to_js\nblock = bytes(5 * 10 ** 7)\nkept = [to_js(block) for _ in range(100)]',
    'out_of_memory',
    /^The code needed more memory than the 2 GiB of its container, .* is kept\.$/,
  ],
];
for (const [code, end, said] of deadly) {
  test(`Python dies, what the code had made is there: ${JSON.stringify(code)}`, async () => {
    await run(prepare);
    const python = await living();
    const running = python.run(make + code, { timeoutSeconds: 30 });
    const queued = python.run('1', { timeoutSeconds: 20 });
    const outcome = await running;
    assert.equal(outcome.end, end, outcome.logs);
    assert.match(outcome.remark ?? '', said);
    assert.match(outcome.logs, /^printed/);
    assert.deepEqual(filesOf(outcome), { 'old.txt': 'older', 'new.txt': 'new' });
    assert.deepEqual(outcome.removed, ['/mnt/data/gone.txt']);
    assert.equal(python.alive, false);
    assert.equal((await queued).end, 'died');
    await assert.rejects(python.putFile({ path: '/mnt/data/x', bytes: new Uint8Array(1) }));
    await python.close();
  });
}

const stuck = [
  'import itertools\nany(itertools.repeat(False))',
  'import asyncio, itertools\nawait asyncio.sleep(0.01)\nany(itertools.repeat(False))',
  'import asyncio, itertools\nasync def main():\n    await asyncio.sleep(0.01)\n    any(itertools.repeat(False))\nasyncio.run(main())',
  'import asyncio, itertools\nasyncio.run(asyncio.sleep(0.01))\nany(itertools.repeat(False))',
];
for (const code of stuck) {
  test(`stuck in C, which looks for no interrupt: ${JSON.stringify(code)}`, async () => {
    await run(prepare);
    const outcome = await stopAfter(500, make + code);
    assert.equal(outcome.end, 'died');
    assert.match(outcome.remark ?? '', /^The code did not stop .* is kept\.$/);
    assert.ok(outcome.took < 2500, `${outcome.took} ms`);
    assert.equal(outcome.logs, 'printed');
    assert.deepEqual(filesOf(outcome), { 'old.txt': 'older', 'new.txt': 'new' });
    assert.deepEqual(outcome.removed, ['/mnt/data/gone.txt']);
  });
}

test('the time limit ends code that is stuck in C, and large files come whole', async () => {
  const code = `for i in range(5): open(f"big{i}", "wb").write(bytes([i]) * (40 << 20))\nany(iter(int, 1))`;
  const python = await living();
  const outcome = await python.run(code, { timeoutSeconds: 3 });
  assert.equal(outcome.end, 'timed_out');
  assert.match(outcome.remark ?? '', / is kept\.$/);
  const sizes = outcome.written.map(({ bytes }) => [bytes.length, bytes[0], bytes.at(-1)]);
  assert.deepEqual(
    sizes,
    [0, 1, 2, 3, 4].map((i) => [40 << 20, i, i]),
  );
});

test('figures that were shown come, also where the code then dies', async () => {
  const outcome = await run(
    'import os, matplotlib.pyplot as plt\nplt.plot([1])\nplt.show()\nplt.plot([2])\nos._exit(1)',
  );
  assert.equal(outcome.end, 'died');
  assert.equal(outcome.images.length, 1);
});

test('a child that is killed from outside: its output, and files finished for a while, have come', async () => {
  const fresh = pythons({ osSandbox: false });
  const { pid } = await childStartedBy(() => fresh.living());
  const running = fresh.run(
    'import time\nopen("finished.txt", "w").write("finished")\nprint("first")\nwhile True:\n    open("growing.txt", "a").write("x")\n    time.sleep(0.05)',
  );
  await new Promise((resolve) => setTimeout(resolve, 5000));
  process.kill(pid, 'SIGKILL');
  const outcome = await running;
  assert.equal(outcome.end, 'died');
  assert.equal(outcome.logs, 'first\n');
  assert.deepEqual(filesOf(outcome), { 'finished.txt': 'finished' });
  assert.match(
    outcome.remark ?? '',
    /^Python crashed .*: its variables are gone, and what it made last may be lost; what had come of it before is kept\.$/,
  );
  await fresh.close();
});
