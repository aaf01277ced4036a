/** Limits given at the start: each is kept, each is said with its size, and none that is met harms what goes on. */
import assert from 'node:assert/strict';
import { after, afterEach, suite, test } from 'node:test';
import { startPython } from '../../src/local/interpreter.ts';
import { sandboxParts } from '../support/sandboxParts.ts';
import { filesOf, pythons } from './pythons.ts';

const MiB = 2 ** 20;

const clean = [
  'import os, shutil',
  'for name in os.listdir("/mnt/data"):',
  '    path = os.path.join("/mnt/data", name)',
  '    shutil.rmtree(path) if os.path.isdir(path) and not os.path.islink(path) else os.remove(path)',
].join('\n');

suite('small limits', () => {
  const { run, living, close } = pythons({
    limits: {
      memoryBytes: 768 * MiB,
      fileBytes: 2 * MiB,
      files: 3,
      outputBytes: 2048,
      figures: 2,
      figureBytes: MiB,
    },
  });
  after(close);
  afterEach(() => run(clean));

  test('output', async () => {
    const outcome = await run('for i in range(1000): print(i)\n1 / 0');
    assert.match(outcome.logs, /^0\n1\n2\n[\s\S]*ZeroDivisionError: division by zero\n$/);
    assert.match(
      outcome.remark ?? '',
      /^The output was too long: \d+ bytes of it were left out, 2 KiB are kept\.$/,
    );
    const value = await run('"y" * 10 ** 6');
    assert.ok(value.logs.length < 2200, String(value.logs.length));
    assert.match(value.logs, /… 997955 characters left out …/);
  });

  test('the number of files: those that are there already stay, however many come', async () => {
    const python = await living();
    await python.putFile({ path: '/mnt/data/z/given', bytes: new Uint8Array([1]) });
    const first = await run('for name in "abcd": open(name, "w").write(name)');
    assert.deepEqual(filesOf(first), { a: 'a', b: 'b' });
    assert.equal(first.remark, '2 files were not kept: a container keeps 3 files, of 2 MiB together.');
    await assert.rejects(
      python.putFile({ path: '/mnt/data/more', bytes: new Uint8Array(1) }),
      /^Error: This container has as many files as it may have: 3\.$/,
    );
    const second = await run('import os\nos.remove("a")\nopen("z/given", "a").write("!")\nopen("e", "w");');
    assert.deepEqual(second.removed, ['/mnt/data/a']);
    assert.deepEqual(filesOf(second), { 'z/given': '\u0001!', c: 'c' });
    const third = await run(clean);
    assert.deepEqual([...third.removed].sort(), ['/mnt/data/b', '/mnt/data/c', '/mnt/data/z/given']);
    assert.equal(third.remark, undefined);
  });

  test('bytes of files: also by links, by copies elsewhere and by holes', async () => {
    const fill = [
      'import os',
      'def refused(work):',
      '    try: work()',
      '    except OSError as error: return error.strerror',
      'def hole():',
      '    with open("/tmp/hole", "wb") as file: file.truncate(5 * 10 ** 6)',
      'one = open("one", "wb"); one.write(bytes(1500000)); one.close()',
      'print(refused(lambda: open("/tmp/two", "wb").write(bytes(1500000))))',
      'print(refused(hole))',
      'for i in range(2): os.symlink("one", f"link{i}")',
    ].join('\n');
    const outcome = await run(fill);
    assert.equal(outcome.logs, 'No space left on device\nNo space left on device\n');
    assert.deepEqual(
      outcome.written.map(({ path, bytes }) => [path, bytes.length]),
      [['/mnt/data/one', 1_500_000]],
    );
    assert.equal(
      outcome.remark,
      'The files of this container are full: they may hold 2 MiB together, and what did not fit was refused. 2 files were not kept: a container keeps 3 files, of 2 MiB together.',
    );
    await run(
      'os.remove("link0"); os.remove("link1"); os.remove("one"); os.path.exists("/tmp/two") and os.remove("/tmp/two")',
    );
    assert.equal((await run('open("/tmp/two", "wb").write(bytes(1500000))')).logs, '1500000\n');
  });

  test('names that are too long and folders that are too deep', async () => {
    const outcome = await run(
      'import os\ndeep = "/mnt/data" + "/folder" * 70\nos.makedirs(deep)\nopen(deep + "/file", "w").write("x")\nopen("plain", "w").write("x");',
    );
    assert.deepEqual(filesOf(outcome), { plain: 'x' });
    assert.match(
      outcome.remark ?? '',
      /1 file was not kept because of names that are no text or too long, or folders that are too deep/,
    );
  });

  test('figures, by their number and by their bytes', async () => {
    const draw = (code: string) =>
      `import matplotlib.pyplot as plt, numpy as np\nfor i in range(5):\n    plt.figure(figsize=(2, 2))\n    ${code}\n`;
    const many = await run(draw('plt.plot([i])'));
    assert.equal(many.end, 'ok', many.logs);
    assert.equal(many.images.length, 2);
    assert.equal(many.remark, '3 figures were left out: one run may show 2 figures, of 1 MiB together.');
    const shown = await run(draw('plt.plot([i]); plt.show()'));
    assert.equal(shown.images.length, 2);
    const large = await run(
      'plt.figure(figsize=(9, 9), dpi=200)\nplt.imshow(np.random.rand(1500, 1500, 3), interpolation="nearest")\nplt.show()\nplt.plot([1]);',
    );
    assert.equal(large.end, 'ok', large.logs);
    assert.equal(large.images.length, 1);
    assert.equal(large.remark, '1 figure was left out: one run may show 2 figures, of 1 MiB together.');
    assert.equal((await run('1')).remark, undefined);
  });

  test('memory: what is too much for Python’s own is a MemoryError, with its size said where the whole is', async () => {
    const own = await run('x = bytearray(600 * 2 ** 20)');
    assert.equal(own.end, 'out_of_memory');
    assert.match(own.logs, /MemoryError\n$/);
    const whole = await run(
      'from pyodide.ffi import to_js\nopen("made", "w").write("made")\nblock = bytes(5 * 10 ** 7)\nkept = [to_js(block) for _ in range(40)]',
    );
    assert.equal(whole.end, 'out_of_memory');
    assert.match(whole.remark ?? '', /more memory than the 768 MiB of its container.* is kept\.$/);
    assert.deepEqual(filesOf(whole), { made: 'made' });
  });
});

test('more things than anybody needs are refused as a full disk is, before they fill the memory', async () => {
  const { run, close } = pythons();
  const outcome = await run(
    'n = 0\ntry:\n    while True:\n        open(f"/tmp/{n}", "w").close()\n        n += 1\nexcept OSError as error: print(error.strerror)\nprint(n > 50000)',
  );
  await close();
  assert.equal(outcome.logs, 'No space left on device\nTrue\n', outcome.remark);
});

test('limits that are out of range are refused in a sentence, before anything is started', async () => {
  const parts = await sandboxParts();
  for (const memoryBytes of [0, 1, 64 * MiB, 2 ** 50]) {
    await assert.rejects(
      startPython({ ...parts, limits: { memoryBytes } }),
      /^RangeError: The limit memoryBytes must be a whole number from 536870912 to 17179869184, not \d+\.$/,
    );
  }
});

test('the least memory is enough to compute and to draw', async () => {
  const { run, close } = pythons({ limits: { memoryBytes: 512 * MiB, fileBytes: 64 * MiB } });
  const outcome = await run('import matplotlib.pyplot as plt, numpy as np\nplt.plot(np.ones(10 ** 5))\n1');
  await close();
  assert.equal(outcome.end, 'ok', `${outcome.logs} ${outcome.remark}`);
  assert.equal(outcome.images.length, 1);
});
