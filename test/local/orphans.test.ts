/** No process is left when the one that started a Python is killed: not even one that is stuck in C. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { test } from 'node:test';
import { processTree, waitFor } from '../support/processes.ts';
import { sandboxParts } from '../support/sandboxParts.ts';
import { isRunning, lockedChildren } from './lockedChildren.ts';

const holder = path.join(import.meta.dirname, 'pythonHolder.ts');
const skip =
  process.platform === 'win32' && 'on Windows a job object does this, and there is no ps to see it';

for (const osSandbox of [true, false]) {
  const where = osSandbox ? 'in the system’s sandbox, where there is one' : 'without the system’s sandbox';
  for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
    test(`its parent ends by ${signal}, ${where}`, { skip }, async () => {
      const { sandboxFile, packDir } = await sandboxParts();
      const args = ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', holder, sandboxFile, packDir];
      const program = spawn(process.execPath, [...args, String(osSandbox)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await once(program.stdout, 'data');
      const [python] = lockedChildren(program.pid);
      assert.ok(python && isRunning(python));
      const all = processTree(program.pid).filter((pid) => pid !== program.pid);
      assert.ok(all.includes(python));
      program.kill(signal);
      await once(program, 'exit');
      await waitFor(() => !all.some(isRunning), { timeout: 5000, every: 20, what: 'the end of all of them' });
    });
  }
}
