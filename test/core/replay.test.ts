import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { runCitations } from '../../src/core/citations.ts';
import { arrayField, field, parseJson, stringField } from '../../src/core/json.ts';
import { parseResponse } from '../../src/core/parse.ts';
import { reduceRun } from '../../src/core/run.ts';
import { initialRun, type RunState } from '../../src/core/runState.ts';
import { replay, replayState } from '../support/replay.ts';

const FOLDER = path.resolve(import.meta.dirname, '../../../shared/recordings');
const recorded = existsSync(FOLDER);
const skip = recorded ? false : 'the recorded answers are not beside this checkout';
const streams = recorded ? readdirSync(FOLDER).filter((name) => name.endsWith('.sse')) : ['(none)'];

const read = (name: string) => readFileSync(path.join(FOLDER, name));

/** The JSON of the last event that holds a response: what the server says at the end. */
function terminalResponse(bytes: Buffer): unknown {
  const lines = bytes.toString('utf8').split(/\r?\n/);
  const events = lines.filter((line) => line.startsWith('data:')).map((line) => parseJson(line.slice(5)));
  return field(
    events.findLast((event) => field(event, 'response') !== undefined),
    'response',
  );
}

function withoutTimes(state: RunState) {
  return {
    ...state,
    lastEventAt: 0,
    endedAt: 0,
    items: state.items.map((item) =>
      item.kind === 'code'
        ? { ...item, outputIndex: 0, startedAt: 0, interpretingAt: 0, endedAt: 0 }
        : { ...item, outputIndex: 0 },
    ),
  };
}

describe('recorded streams', { skip }, () => {
  for (const name of streams) {
    it(`${name}: whole, in 7-byte and in 1-byte pieces the end state is the same`, async () => {
      const bytes = read(name);
      const whole = await replay(bytes);
      assert.deepEqual(await replay(bytes, 7), whole);
      assert.deepEqual(await replay(bytes, 1), whole);
      assert.notEqual(whole.status, 'cut');
    });

    it(`${name}: the streamed state is what the terminal response alone gives`, async () => {
      const bytes = read(name);
      const streamed = await replayState(bytes);
      const terminal = parseResponse(terminalResponse(bytes));
      assert.ok(terminal, 'the recording ends with a response');
      const alone = reduceRun(initialRun, terminal, 1);
      // An `error` frame is not part of the response, nor are the numbers of events; the rest must agree.
      const keep = (state: RunState) => ({
        ...withoutTimes(state),
        error: undefined,
        unknownEvents: 0,
        lastSequence: undefined,
      });
      assert.deepEqual(keep(streamed), keep(alone));
    });

    it(`${name}: cut before its terminal event it is cut, and what arrived is kept`, async () => {
      const bytes = read(name);
      const end = bytes
        .toString('latin1')
        .search(/(?:event: [^\n]*\n)?data: ?\{"type": ?"response\.(?:completed|failed)"/);
      assert.ok(end > 0);
      const state = await replayState(bytes.subarray(0, end));
      const failed = name.startsWith('stream-error');
      assert.equal(state.status, failed ? 'failed' : 'cut');
      assert.ok(state.items.every((item) => item.status !== 'in_progress' && item.status !== 'interpreting'));
    });
  }

  it('stream-image-and-file.sse: code, picture, logs and both files of the run', async () => {
    const result = await replay(read('stream-image-and-file.sse'));
    assert.equal(result.status, 'completed');
    assert.equal(result.steps.length, 1);
    const [step] = result.steps;
    assert.equal(step?.status, 'completed');
    assert.match(step?.code ?? '', /np\.linspace\(-5, 5, 1001\)/);
    assert.deepEqual(step?.images, [{ mime: 'image/png', characters: 91_750 }]);
    assert.equal(step?.logs, "'/mnt/data/y_eq_x_squared_plot.png'");
    const [figure, file] = result.citations;
    assert.match(figure?.filename ?? '', /^cfile_\w+\.png$/);
    assert.equal(file?.filename, 'y_eq_x_squared_plot.png');
    assert.equal(result.text.slice(file?.start, file?.end), 'sandbox:/mnt/data/y_eq_x_squared_plot.png');
  });

  it('stream-text-before-code.sse: text before and after the step, in order', async () => {
    const state = await replayState(read('stream-text-before-code.sse'));
    assert.deepEqual(
      state.items.map((item) => item.kind),
      ['message', 'code', 'message'],
    );
  });

  it('stream-error-then-failed.sse: one failure, told by its code', async () => {
    const { status, error } = await replay(read('stream-error-then-failed.sse'));
    assert.equal(status, 'failed');
    assert.equal(error?.kind, 'quota');
  });

  it('every cited span of every recording is the sandbox path of its file', async () => {
    let spans = 0;
    for (const name of streams) {
      const state = await replayState(read(name));
      for (const item of state.items) {
        if (item.kind !== 'message') continue;
        for (const part of item.parts) {
          for (const { startIndex, endIndex, filename } of part.citations) {
            if (endIndex <= startIndex) continue;
            spans++;
            assert.equal(part.text.slice(startIndex, endIndex), `sandbox:/mnt/data/${filename}`);
          }
        }
      }
      assert.ok(runCitations(state).every((citation) => citation.containerId !== ''));
    }
    assert.ok(spans >= 2);
  });
});

describe('recorded plain answers', { skip }, () => {
  it('response-image.json', async () => {
    const result = await replay(read('response-image.json'), 7);
    assert.equal(result.status, 'completed');
    assert.equal(result.steps[0]?.images.length, 1);
    assert.equal(result.citations.length, 2);
  });

  it('response-logs-null-outputs.json: null outputs are unknown, not empty', async () => {
    const bytes = read('response-logs-null-outputs.json');
    const state = await replayState(bytes);
    assert.equal(state.items.find((item) => item.kind === 'code')?.outputs, undefined);
    const output = arrayField(parseJson(bytes.toString('utf8')), 'output') ?? [];
    assert.equal(
      state.items.length,
      output.filter((item) => stringField(item, 'type') !== 'reasoning').length,
    );
  });

  it('response-incomplete.json', async () => {
    const result = await replay(read('response-incomplete.json'));
    assert.equal(result.status, 'incomplete');
    assert.match(result.text, /^Mango sun-kissed sweet/);
  });

  for (const [name, kind] of [
    ['error-400.json', 'bad_request'],
    ['error-401.json', 'key_rejected'],
    ['error-429-insufficient-quota.json', 'quota'],
  ] as const) {
    it(`${name} is ${kind}`, async () => {
      const { status, error } = await replay(read(name));
      assert.equal(status, 'failed');
      assert.equal(error?.kind, kind);
    });
  }
});
