/** A child that dies, in whatever it does, takes nothing with it but itself; one that hangs is noticed. */
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { startPython } from '../../src/local/interpreter.ts';
import type { Python } from '../../src/local/python.ts';
import { waitFor } from '../support/processes.ts';
import { sandboxParts } from '../support/sandboxParts.ts';
import { childStartedBy, isRunning, lockedChildren } from './lockedChildren.ts';

const windows = process.platform === 'win32';

async function start(): Promise<{ started: Python; pid: number }> {
  const parts = await sandboxParts();
  return await childStartedBy(() => startPython(parts));
}

suite('two children, one of them dies', { skip: windows && 'there is no ps on Windows' }, () => {
  let other: Python;
  before(async () => {
    other = (await start()).started;
    await other.run('kept = "mine"', { timeoutSeconds: 10 });
  });
  after(() => other.close());

  async function othersAreWell(): Promise<void> {
    assert.equal((await other.run('kept', { timeoutSeconds: 10 })).logs, "'mine'\n");
  }

  test('while it starts', async () => {
    const parts = await sandboxParts();
    const known = new Set(lockedChildren());
    const starting = startPython(parts);
    const ended = assert.rejects(starting, /^Error: Python could not start/);
    const pid = await waitFor(() => lockedChildren().find((one) => !known.has(one)), {
      every: 5,
      what: 'a child',
    });
    process.kill(pid, 'SIGKILL');
    await ended;
    await othersAreWell();
  });

  test('while it is idle', async () => {
    const { started, pid } = await start();
    process.kill(pid, 'SIGKILL');
    await waitFor(() => !started.alive, { what: 'its end' });
    assert.equal(await started.answers(), false);
    assert.equal((await started.run('1', { timeoutSeconds: 5 })).end, 'died');
    await othersAreWell();
  });

  test('while it computes', async () => {
    const { started, pid } = await start();
    const running = started.run('print("so far")\nimport time\ntime.sleep(0.2)\nwhile True: pass', {
      timeoutSeconds: 60,
    });
    setTimeout(() => process.kill(pid, 'SIGKILL'), 1500);
    const outcome = await running;
    assert.equal(outcome.end, 'died');
    assert.equal(outcome.logs, 'so far\n');
    await othersAreWell();
  });

  test('while it is given a file', async () => {
    const { started, pid } = await start();
    const putting = started.putFile({ path: '/mnt/data/large', bytes: new Uint8Array(100 << 20) });
    process.kill(pid, 'SIGKILL');
    await assert.rejects(putting, /Python has ended/);
    await othersAreWell();
  });

  test('in the middle of a message', async () => {
    const { started, pid } = await start();
    const running = started.run('open("large", "wb").write(bytes(100 << 20))', { timeoutSeconds: 60 });
    await new Promise((resolve) => setTimeout(resolve, 20));
    // This process reads nothing: the child fills the pipe and waits.
    const until = Date.now() + 3000;
    while (Date.now() < until);
    process.kill(pid, 'SIGKILL');
    const outcome = await running;
    assert.equal(outcome.end, 'died');
    assert.deepEqual(outcome.written, []);
    await othersAreWell();
  });

  test('while it is stopped by a signal: it does not answer, and is ended', async () => {
    const { started, pid } = await start();
    assert.equal(await started.answers(), true);
    process.kill(pid, 'SIGSTOP');
    assert.equal(await started.answers(), false);
    assert.equal(started.alive, false);
    await waitFor(() => !isRunning(pid), { what: 'its end' });
    await othersAreWell();
  });
});
