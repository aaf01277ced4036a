import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseEvent } from '../../src/core/parse.ts';
import { reduceRun } from '../../src/core/run.ts';
import { type CodeStep, initialRun, type RunState } from '../../src/core/runState.ts';

/** The state after wire events, the clock counting them from 1. */
function after(events: readonly unknown[], from: RunState = initialRun): RunState {
  return events.reduce<RunState>((state, value, index) => {
    const event = parseEvent(value);
    return event ? reduceRun(state, event, index + 1) : state;
  }, from);
}

const added = (outputIndex: number, item: object) => ({
  type: 'response.output_item.added',
  output_index: outputIndex,
  item,
});
const call = (more: object = {}) => ({
  type: 'code_interpreter_call',
  id: 'ci_1',
  status: 'in_progress',
  code: '',
  container_id: 'cntr_1',
  outputs: [],
  ...more,
});
const delta = (outputIndex: number, text: string) => ({
  type: 'response.code_interpreter_call_code.delta',
  output_index: outputIndex,
  item_id: 'ci_1',
  delta: text,
});
const completed = (output: readonly object[], more: object = {}) => ({
  type: 'response.completed',
  response: { id: 'resp_1', status: 'completed', output, ...more },
});

function step(state: RunState): CodeStep {
  const found = state.items.find((item) => item.kind === 'code');
  assert.ok(found?.kind === 'code');
  return found;
}

describe('reduceRun', () => {
  it('never mutates, and gives the same object back when nothing changed', () => {
    const state = after([added(0, call()), delta(0, 'x = 1')]);
    const frozen = structuredClone(state);
    const done = { type: 'response.code_interpreter_call_code.done', output_index: 0, code: 'x = 1' };
    const event = parseEvent(done);
    assert.ok(event);
    assert.equal(reduceRun(state, event, 9), state);
    after([delta(0, ' + 1')], state);
    assert.deepEqual(state, frozen);
  });

  it('keeps every step, in the order of their output index, however they arrive', () => {
    const state = after([
      added(2, call({ id: 'b' })),
      added(0, call({ id: 'a' })),
      delta(2, 'b'),
      delta(0, 'a'),
    ]);
    assert.deepEqual(
      state.items.map((item) => item.kind === 'code' && item.code),
      ['a', 'b'],
    );
  });

  it('correlates by output index where item ids are empty or change', () => {
    const events = [
      added(0, call({ id: '' })),
      { ...delta(0, 'a'), item_id: 'x' },
      { ...delta(0, 'b'), item_id: 'y' },
    ];
    const state = after(events);
    assert.equal(state.items.length, 1);
    assert.equal(step(state).code, 'ab');
  });

  it('takes deltas without any index or id for the latest step', () => {
    const state = after([
      added(0, call()),
      { type: 'response.code_interpreter_call_code.delta', delta: 'a' },
    ]);
    assert.equal(step(state).code, 'a');
  });

  it('knows when the code began to run and when it ended', () => {
    const state = after([
      added(0, call()),
      { type: 'response.code_interpreter_call.interpreting', output_index: 0 },
      { type: 'response.code_interpreter_call.completed', output_index: 0 },
      {
        type: 'response.output_item.done',
        output_index: 0,
        item: call({ status: 'completed', code: 'x', outputs: [{ type: 'logs', logs: '1' }] }),
      },
    ]);
    const { startedAt, interpretingAt, endedAt, status, outputs } = step(state);
    assert.deepEqual([startedAt, interpretingAt, endedAt, status], [1, 2, 3, 'completed']);
    assert.deepEqual(outputs, [{ type: 'logs', logs: '1' }]);
  });

  it('takes outputs that only the terminal response brings', () => {
    const outputs = [{ type: 'logs', logs: 'late' }];
    const state = after([added(0, call()), completed([call({ status: 'completed', outputs })])]);
    assert.deepEqual(step(state).outputs, outputs);
  });

  it('never loses seen outputs to an empty list in the terminal response', () => {
    const outputs = [{ type: 'logs', logs: 'seen' }];
    const done = {
      type: 'response.output_item.done',
      output_index: 0,
      item: call({ status: 'completed', outputs }),
    };
    assert.deepEqual(step(after([done, completed([call({ status: 'completed' })])])).outputs, outputs);
  });

  it('reconciles with a terminal response whose places have shifted and whose ids are others', () => {
    const state = after([
      added(1, call({ id: 'ci_a' })),
      delta(1, 'x'),
      added(2, { type: 'message', id: 'm', status: 'in_progress', content: [] }),
      completed([
        call({ id: 'ci_b', status: 'completed', code: 'x' }),
        { type: 'message', id: 'n', status: 'completed', content: [{ type: 'output_text', text: 'done' }] },
      ]),
    ]);
    assert.deepEqual(
      state.items.map((item) => item.kind),
      ['code', 'message'],
    );
  });

  const steps = (state: RunState) =>
    state.items.map((item) =>
      item.kind === 'code' ? item.code : item.parts.map((part) => part.text).join(),
    );
  const ended = (id: string, code: string) => call({ id, code, status: 'completed' });
  const said = (id: string, text: string) => ({
    type: 'message',
    id,
    status: 'completed',
    content: [{ type: 'output_text', text }],
  });

  it('keeps a step of a terminal response that begins where a streamed one with an id already is', () => {
    const state = after([added(1, ended('a', 'A')), completed([ended('a', 'A'), ended('b', 'B')])]);
    assert.deepEqual(steps(state), ['A', 'B']);
  });

  it('finds each step once where ids have changed and reasoning is left out', () => {
    const streamed = [added(1, ended('a', 'A')), added(3, ended('b', 'B'))];
    const state = after([...streamed, completed([ended('x', 'A'), ended('y', 'B')])]);
    assert.deepEqual(steps(state), ['A', 'B']);
  });

  it('gives no place twice, whatever was not streamed', () => {
    const streamed = [added(1, ended('a', 'A')), added(2, said('m', 'text'))];
    const final = [ended('a', 'A'), ended('b', 'B'), ended('c', 'C'), said('m', 'text')];
    const state = after([...streamed, completed(final)]);
    assert.deepEqual(steps(state).toSorted(), ['A', 'B', 'C', 'text']);
    assert.deepEqual(steps(after([completed([{ type: 'reasoning' }, ...final])])), ['A', 'B', 'C', 'text']);
  });

  it('keeps text and citations that the terminal message does not repeat', () => {
    const annotations = [
      { type: 'container_file_citation', container_id: 'c', file_id: 'f', start_index: 0, end_index: 1 },
    ];
    const content = [
      { type: 'output_text', text: 'one', annotations },
      { type: 'output_text', text: 'two' },
    ];
    const final = {
      ...said('m', 'one'),
      content: [{ type: 'output_text', text: 'one' }, { type: 'output_text' }],
    };
    const state = after([added(0, { ...said('m', ''), content }), completed([final])]);
    const [message] = state.items;
    assert.ok(message?.kind === 'message');
    assert.deepEqual(
      message.parts.map((part) => [part.text, part.citations.length]),
      [
        ['one', 1],
        ['two', 0],
      ],
    );
  });

  it('begins a new step for one added without index and id after one that has ended', () => {
    const event = (type: string, code: string) => ({
      type: `response.output_item.${type}`,
      item: { type: 'code_interpreter_call', code },
    });
    const state = after([event('added', ''), event('done', 'A'), event('added', ''), event('done', 'B')]);
    assert.deepEqual(steps(state), ['A', 'B']);
    assert.deepEqual(
      state.items.map((item) => item.status),
      ['completed', 'completed'],
    );
  });

  it('does not open an ended step again for a late event', () => {
    const late = { type: 'response.code_interpreter_call.interpreting', output_index: 0 };
    const state = after([added(0, ended('a', 'A')), late]);
    assert.equal(step(state).status, 'completed');
  });

  it('leaves no item open when the run ends', () => {
    const state = after([
      added(0, call()),
      {
        type: 'response.incomplete',
        response: { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } },
      },
    ]);
    assert.equal(state.status, 'incomplete');
    assert.equal(state.incompleteReason, 'max_output_tokens');
    assert.equal(step(state).status, 'incomplete');
  });

  it('counts what it does not know and what is malformed, and goes on', () => {
    const state = after([
      { type: 'response.shell_call.in_progress' },
      { type: 'response.code_interpreter_call_code.delta', output_index: 0, delta: 7 },
      { type: 'response.output_text.delta', output_index: 'x' },
      added(0, call()),
    ]);
    assert.equal(state.unknownEvents, 3);
    assert.equal(state.items.length, 1);
  });

  it('takes a failure first said bare and then explained (Azure)', () => {
    const state = after([
      { type: 'response.failed', response: { status: 'failed', error: null } },
      { type: 'error', error: { code: 'rate_limit_exceeded', message: 'slow down' } },
    ]);
    assert.equal(state.status, 'failed');
    assert.equal(state.error?.kind, 'rate_limited');
  });

  it('takes an error frame without type and without end for a failure, not for a cut', () => {
    const seen = after([{ error: { message: 'Container is expired.', code: '400' } }]);
    const state = reduceRun(seen, { type: 'run.cut', error: { kind: 'stream_cut' } }, 9);
    assert.equal(state.status, 'failed');
    assert.equal(state.error?.kind, 'container_expired');
  });

  it('ignores a cut after a terminal event', () => {
    const state = after([completed([])]);
    assert.equal(reduceRun(state, { type: 'run.cut', error: { kind: 'connection_lost' } }, 9), state);
  });

  it('stopping is a state, not an error', () => {
    const state = reduceRun(after([added(0, call())]), { type: 'run.cancelled' }, 9);
    assert.equal(state.status, 'cancelled');
    assert.equal(state.error, undefined);
    assert.equal(step(state).status, 'incomplete');
  });

  it('reads the code of a call that keeps it in JSON arguments (xAI)', () => {
    const item = { type: 'code_interpreter_call', name: 'code_execution', arguments: '{"code":"print(1)"}' };
    assert.equal(step(after([added(0, item)])).code, 'print(1)');
  });

  it('shows a refusal as text', () => {
    const state = after([
      { type: 'response.refusal.delta', output_index: 0, content_index: 0, delta: 'No.' },
    ]);
    const [message] = state.items;
    assert.deepEqual(message?.kind === 'message' && message.parts, [
      { text: 'No.', refusal: true, citations: [] },
    ]);
  });
});
