import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { classify } from '../../src/core/classify.ts';
import type { RunEvent } from '../../src/core/events.ts';
import { parseEvent } from '../../src/core/parse.ts';
import { reduceRun } from '../../src/core/run.ts';
import { initialRun, type RunState } from '../../src/core/runState.ts';

/** The state after wire events and the client's own, the clock counting them from 1. */
function after(values: readonly object[], from: RunState = initialRun): RunState {
  return values.reduce<RunState>((state, value, index) => {
    const own = 'type' in value && /^run\./.test(String(value.type));
    const event = own ? (value as RunEvent) : parseEvent(value);
    assert.ok(event);
    return reduceRun(state, event, index + 1);
  }, from);
}

const wait = { type: 'run.waiting', error: { kind: 'rate_limited' }, attempt: 2, until: 99 } as const;
const cut = { type: 'run.cut', error: { kind: 'stream_cut' } } as const;
const resumed = { type: 'run.resumed' } as const;
const call = { type: 'code_interpreter_call', id: 'ci', status: 'in_progress', code: '', container_id: 'c' };
const added = (sequence_number: number, output_index: number, item: object) => ({
  type: 'response.output_item.added',
  sequence_number,
  output_index,
  item,
});
const text = (sequence_number: number, delta: string) => ({
  type: 'response.output_text.delta',
  sequence_number,
  output_index: 1,
  delta,
});

describe('a run that waits to be sent again', () => {
  it('says why and until when, and no more once anything comes', () => {
    const waiting = after([wait]);
    assert.deepEqual(waiting.waiting, { error: { kind: 'rate_limited' }, attempt: 2, until: 99 });
    assert.equal(waiting.status, 'in_progress');
    for (const next of [text(0, 'x'), { type: 'response.unheard.of' }, cut, { type: 'run.cancelled' }]) {
      assert.equal(after([next], waiting).waiting, undefined, JSON.stringify(next));
    }
    assert.equal(after([{ ...wait, attempt: 3 }], waiting).waiting?.attempt, 3);
  });
});

describe('the number of the last event', () => {
  it('is the highest that came, whatever the event', () => {
    assert.equal(initialRun.lastSequence, undefined);
    assert.equal(after([text(0, 'x')]).lastSequence, 0);
    assert.equal(
      after([text(4, 'x'), { type: 'response.unheard.of', sequence_number: 7 }, text(5, 'y')]).lastSequence,
      7,
    );
    assert.equal(after([text(4, 'x'), { type: 'response.output_text.delta', delta: 'y' }]).lastSequence, 4);
  });

  it('is none where it is no number of an event', () => {
    for (const sequence of [-1, 1.5, '3', null, Number.MAX_VALUE, {}]) {
      assert.equal(after([{ ...text(0, 'x'), sequence_number: sequence }]).lastSequence, undefined);
    }
  });
});

describe('a cut run that is resumed', () => {
  const running = after([
    added(1, 0, call),
    { type: 'response.code_interpreter_call_code.delta', sequence_number: 2, output_index: 0, delta: 'x' },
    { type: 'response.code_interpreter_call.interpreting', sequence_number: 3, output_index: 0 },
  ]);

  it('is as it was before the cut, and goes on', () => {
    const again = after([cut, resumed], running);
    assert.deepEqual(again.items, running.items);
    assert.deepEqual([again.status, again.error, again.endedAt], ['in_progress', undefined, undefined]);
    const ended = after([{ type: 'response.code_interpreter_call.completed', output_index: 0 }], again);
    const [step] = ended.items;
    assert.deepEqual([step?.status, step?.kind === 'code' && step.code], ['completed', 'x']);
  });

  it('leaves closed what had ended by itself', () => {
    const done = {
      type: 'response.output_item.done',
      output_index: 0,
      item: { ...call, status: 'completed' },
    };
    const half = after([done, text(4, 'half')], running);
    const again = after([cut, resumed, text(5, ' and whole')], half);
    const [step, message] = again.items;
    assert.deepEqual([step?.status, message?.status], ['completed', 'in_progress']);
    assert.equal(message?.kind === 'message' && message.parts[0]?.text, 'half and whole');
  });

  it('can be cut again, and resumed again', () => {
    assert.deepEqual(after([cut, resumed, cut, resumed], running).items, running.items);
  });

  it('changes nothing of a run that was not cut', () => {
    const completed = { type: 'response.completed', response: { status: 'completed', output: [] } };
    const failed = { type: 'run.failed', error: { kind: 'quota' } };
    for (const end of [completed, failed, { type: 'run.cancelled' }]) {
      const over = after([end], running);
      assert.equal(after([resumed], over), over);
    }
    assert.equal(after([resumed], running), running);
  });
});

describe('a gateway that lost its own connection to the provider', () => {
  it('did not see the run fail, whatever it says (LiteLLM 1.106)', () => {
    for (const message of [
      'litellm.APIConnectionError: openai closed the responses stream before any terminal event (response.completed, response.incomplete or response.failed)',
      "Response payload is not completed: <TransferEncodingError: 400, message='Not enough data to satisfy transfer length header.'>",
    ]) {
      const error = { code: 'server_error', message };
      const state = after([
        text(1, 'so far'),
        { type: 'response.failed', response: { status: 'failed', error } },
      ]);
      assert.deepEqual([state.status, state.error?.kind], ['cut', 'stream_cut']);
      assert.equal(after([resumed], state).status, 'in_progress');
    }
  });
});

describe('classify', () => {
  it('is not led astray by codes that every object has as names', () => {
    for (const code of ['__proto__', 'constructor', 'toString', 'hasOwnProperty'])
      assert.equal(classify({ code, type: code, message: undefined }, 400), 'bad_request');
  });
});
