/** Code that runs on, takes too much, or ends its Python: it is stopped, it is said, and nothing else suffers. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startPython } from '../../src/local/interpreter.ts';
import type { Python, PythonOutcome } from '../../src/local/python.ts';
import { sandboxParts } from '../support/sandboxParts.ts';

let current: Python | undefined;
after(() => current?.close());

async function living(): Promise<Python> {
  if (!current?.alive) current = await startPython(await sandboxParts());
  return current;
}

async function stopAfter(
  code: string,
  milliseconds: number,
): Promise<PythonOutcome & { readonly took: number }> {
  const python = await living();
  await python.run('kept = 42\nimport time, asyncio, numpy as np', { timeoutSeconds: 30 });
  const stop = new AbortController();
  let at = 0;
  setTimeout(() => {
    at = performance.now();
    stop.abort();
  }, milliseconds);
  const outcome = await python.run(code, { signal: stop.signal, timeoutSeconds: 60 });
  return { ...outcome, took: performance.now() - at };
}

const stoppable = [
  'while True: pass',
  'time.sleep(60)',
  'await asyncio.sleep(60)',
  'asyncio.run(asyncio.sleep(60))',
  'import re\nre.match("(a+)+$", "a" * 40 + "b")',
  'while True: print("x" * 1000)',
  'a = np.random.rand(100, 100)\nwhile True: a = a @ a / 50',
  'x = [i for i in range(10 ** 8)]',
];
for (const code of stoppable) {
  test(`stop ends this within 200 ms, the variables stay: ${JSON.stringify(code)}`, async () => {
    const outcome = await stopAfter(code, 300);
    assert.equal(outcome.end, 'interrupted', outcome.remark);
    assert.ok(outcome.took < 200, `${outcome.took} ms`);
    assert.equal((await (await living()).run('kept', { timeoutSeconds: 5 })).logs, '42\n');
  });
}

test('code that swallows the interrupt is ended with its Python, and that is said', async () => {
  const outcome = await stopAfter(
    'while True:\n    try:\n        while True: pass\n    except KeyboardInterrupt: pass',
    100,
  );
  assert.equal(outcome.end, 'died');
  assert.match(outcome.remark ?? '', /did not stop .* variables are gone/);
  assert.ok(outcome.took > 1500 && outcome.took < 3500, `${outcome.took} ms`);
  const python = current;
  assert.equal(python?.alive, false);
  assert.equal((await python?.run('1', { timeoutSeconds: 5 }))?.end, 'died');
  await assert.rejects(Promise.resolve(python?.isProgram('1+1')));
});

test('code may tidy up when it is interrupted', async () => {
  const outcome = await stopAfter('try:\n    time.sleep(60)\nfinally:\n    print("tidied")', 100);
  assert.equal(outcome.end, 'interrupted');
  assert.match(outcome.logs, /^tidied\nTraceback/);
});

test('an interrupt that comes too late does not reach the next code', async () => {
  const python = await living();
  const stop = new AbortController();
  const first = python.run('1', { signal: stop.signal, timeoutSeconds: 5 });
  const second = python.run('import time; time.sleep(0.3); 2', { timeoutSeconds: 5 });
  await first;
  stop.abort();
  assert.deepEqual([(await first).end, (await second).end], ['ok', 'ok']);
  const aborted = await python.run('never = 1', { signal: stop.signal, timeoutSeconds: 5 });
  assert.equal(aborted.end, 'interrupted');
  assert.match((await python.run('never', { timeoutSeconds: 5 })).logs, /NameError/);
});

test('the time limit interrupts', async () => {
  const python = await living();
  const started = performance.now();
  const outcome = await python.run('kept = 1\nwhile True: pass', { timeoutSeconds: 0.5 });
  assert.equal(outcome.end, 'timed_out');
  assert.ok(performance.now() - started < 1000);
  assert.equal((await python.run('kept', { timeoutSeconds: 5 })).logs, '1\n');
});

test('too much memory is a MemoryError, and Python goes on', async () => {
  const python = await living();
  for (const code of ['x = bytearray(2 * 10 ** 9)', 'x = []\nwhile True: x.append(bytearray(10 ** 7))']) {
    const outcome = await python.run(code, { timeoutSeconds: 20 });
    assert.equal(outcome.end, 'out_of_memory', code);
    assert.match(outcome.logs, /MemoryError\n$/);
  }
  assert.equal((await python.run('del x\n1', { timeoutSeconds: 5 })).logs, '1\n');
});

test('memory outside Python’s own heap is bounded too', async () => {
  const code =
    'from pyodide.ffi import to_js\nB = to_js(b"").constructor\nkept = [B.new(5 * 10 ** 7) for _ in range(100)]\nfor b in kept: b.fill(1)';
  const outcome = await (await living()).run(code, { timeoutSeconds: 30 });
  assert.equal(outcome.end, 'out_of_memory', outcome.logs);
});

test('printed output is bounded, and that is said; the error at its end is there', async () => {
  const outcome = await (await living()).run('for i in range(3000): print("x" * 999)\n1 / 0', {
    timeoutSeconds: 20,
  });
  assert.ok(outcome.logs.length > 1 << 20 && outcome.logs.length < (1 << 20) + 2000);
  assert.match(outcome.logs, /ZeroDivisionError: division by zero\n$/);
  assert.match(outcome.remark ?? '', /1951424 bytes of it were left out/);
  const value = await (await living()).run('"y" * 10 ** 7', { timeoutSeconds: 20 });
  assert.ok(value.logs.length < 1 << 20);
  assert.match(value.logs, /characters left out/);
});

test('files are bounded together; removing some makes room', async () => {
  const python = await living();
  const fill = 'for i in range(40):\n    open(f"big{i}", "wb").write(bytes(10 ** 7))';
  const outcome = await python.run(fill, { timeoutSeconds: 30 });
  assert.equal(outcome.end, 'error');
  assert.match(outcome.logs, /OSError: \[Errno 51\]|No space left/);
  assert.ok(outcome.written.length >= 25 && outcome.written.length < 28, String(outcome.written.length));
  await assert.rejects(
    python.putFile({ path: '/mnt/data/more', bytes: new Uint8Array(20 << 20) }),
    /more space/,
  );
  const freed = await python.run(
    'import os\nfor i in range(20): os.remove(f"big{i}")\nopen("small", "w").write("x")',
    {
      timeoutSeconds: 10,
    },
  );
  assert.equal(freed.end, 'ok', freed.logs);
  assert.equal(freed.removed.length, 20);
});

const deadly = [
  'import os; os._exit(3)',
  'import os; os.abort()',
  'import ctypes; ctypes.string_at(0xfffffff0)',
  'import sys\nsys.setrecursionlimit(10 ** 9)\ndef f(): f()\nf()',
];
for (const code of deadly) {
  test(`Python dies, the caller gets an outcome: ${JSON.stringify(code)}`, async () => {
    const python = await living();
    const waiting = python.run(code, { timeoutSeconds: 20 });
    const queued = python.run('1', { timeoutSeconds: 20 });
    const outcome = await waiting;
    assert.equal(outcome.end, 'died');
    assert.match(outcome.remark ?? '', /variables are gone/);
    assert.equal(python.alive, false);
    assert.equal((await queued).end, 'died');
    await assert.rejects(python.putFile({ path: '/mnt/data/x', bytes: new Uint8Array(1) }));
    await python.close();
  });
}

test('closing ends the child, also while it computes', async () => {
  const python = await startPython(await sandboxParts());
  const running = python.run('while True: pass', { timeoutSeconds: 60 });
  await new Promise((resolve) => setTimeout(resolve, 100));
  await python.close();
  assert.equal((await running).end, 'died');
  assert.equal(python.alive, false);
});

test('where Python cannot be had, one plain sentence says so', async () => {
  const parts = await sandboxParts();
  await assert.rejects(
    startPython({ ...parts, nodePath: '/no/such/node' }),
    /^Error: Python cannot start: the Node that the setting codeInterpreter\.localGateway\.nodePath names does not run\.$/,
  );
  await assert.rejects(
    startPython({ ...parts, packDir: '/no/such/pack' }),
    /^Error: Python cannot start: the file python\.pack .* not readable\.$/,
  );
  await assert.rejects(startPython({ ...parts, sandboxFile: '/no/such/file.js' }), /not readable/);
});
