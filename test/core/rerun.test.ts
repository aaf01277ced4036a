import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { codeToRerun, ranWell } from '../../src/core/rerun.ts';
import { type CodeStep, initialRun, type RunStatus } from '../../src/core/runState.ts';
import { newSession, type RunEntry, reduceSession } from '../../src/core/session.ts';

const step = (code: string, more: Partial<CodeStep> = {}): CodeStep => ({
  kind: 'code',
  outputIndex: 0,
  itemId: '',
  status: 'completed',
  code,
  containerId: 'cntr_1',
  outputs: [],
  startedAt: 0,
  interpretingAt: 0,
  endedAt: 0,
  ...more,
});

function run(items: readonly CodeStep[], status: RunStatus = 'completed'): RunEntry {
  const label = { name: 'g', local: false, model: 'm' };
  const { runs } = reduceSession(newSession('s', label), {
    type: 'run.requested',
    runId: 'r',
    prompt: 'p',
    attachments: [],
    background: false,
    at: 0,
  });
  const [entry] = runs;
  assert.ok(entry);
  return { ...entry, state: { ...initialRun, status, items } };
}

const logs = (text: string) => [{ type: 'logs' as const, logs: text }];
const RAISED = logs('Traceback (most recent call last):\n  File "x"\nZeroDivisionError: division by zero');
const COLOURED = logs(
  '\u001b[0;31mKeyError\u001b[0m   Traceback (most recent call last)\nKeyError: \u001b[31m1',
);

describe('the code to run again', () => {
  it('is all that ran to its end in the lost container, in order', () => {
    const runs = [
      run([step('a = 1'), step('1 / 0', { outputs: RAISED }), step('a = 2', { outputs: logs('2') })]),
      run([step('elsewhere', { containerId: 'cntr_0' }), step('d["x"]', { outputs: COLOURED })]),
      run([step('unknown place', { containerId: undefined })]),
      run([step('b = 3'), step('cut', { status: 'incomplete' })], 'cancelled'),
      run([step('  ')]),
    ];
    assert.deepEqual(codeToRerun(runs, 'cntr_1'), ['a = 1', 'a = 2', 'unknown place', 'b = 3']);
  });

  it('is all that ran where nobody knows which container was lost', () => {
    const runs = [run([step('a = 1')]), run([step('b = 2', { containerId: undefined })])];
    assert.deepEqual(codeToRerun(runs, undefined), ['a = 1', 'b = 2']);
  });
});

describe('a run that was to run code', () => {
  it('ran well where it completed and all its code did', () => {
    assert.equal(ranWell(run([step('a = 1')])), true);
    assert.equal(ranWell(run([])), false);
    assert.equal(ranWell(run([step('1 / 0', { outputs: RAISED })])), false);
    assert.equal(ranWell(run([step('a', { status: 'failed' })])), false);
    assert.equal(ranWell(run([step('a = 1')], 'failed')), false);
    assert.equal(ranWell(run([step('a = 1')], 'in_progress')), false);
  });
});
