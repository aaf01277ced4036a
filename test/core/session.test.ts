import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { internImages } from '../../src/core/images.ts';
import { parseEvent } from '../../src/core/parse.ts';
import { activeRun, newSession, reduceSession, type SessionEvent } from '../../src/core/session.ts';

const gateway = { name: 'Local Python', local: true, model: 'built-in' };
const requested = (runId: string): SessionEvent => ({
  type: 'run.requested',
  runId,
  prompt: 'p',
  attachments: [],
  background: false,
  at: 1,
});

describe('reduceSession', () => {
  it('follows a run from its request to its end', () => {
    let state = reduceSession(newSession('s', gateway), requested('r1'));
    assert.equal(activeRun(state)?.id, 'r1');
    const event = parseEvent({
      type: 'response.completed',
      response: { id: 'x', status: 'completed', output: [] },
    });
    assert.ok(event);
    state = reduceSession(state, { type: 'run.event', runId: 'r1', event, at: 2 });
    assert.equal(activeRun(state), undefined);
    assert.equal(state.runs[0]?.state.status, 'completed');
  });

  it('changes only the run an event is of, and nothing for a run it does not know', () => {
    const state = [requested('r1'), requested('r2')].reduce(reduceSession, newSession('s', gateway));
    const event = { type: 'run.cancelled' } as const;
    const next = reduceSession(state, { type: 'run.event', runId: 'r2', event, at: 2 });
    assert.equal(next.runs[0], state.runs[0]);
    assert.equal(next.runs[1]?.state.status, 'cancelled');
    assert.equal(reduceSession(state, { type: 'run.event', runId: 'gone', event, at: 2 }), state);
  });
});

describe('internImages', () => {
  const image = { type: 'image', url: 'data:image/png;base64,AAAA' };
  const item = {
    type: 'code_interpreter_call',
    id: 'c',
    status: 'completed',
    code: 'x',
    outputs: [image, { type: 'logs', logs: 'l' }],
  };

  it('gives the same short key in the step and in the terminal response', () => {
    const keys: string[] = [];
    const intern = (url: string) => {
      keys.push(url);
      return 'image:1';
    };
    for (const value of [
      { type: 'response.output_item.done', output_index: 0, item },
      { type: 'response.completed', response: { status: 'completed', output: [item] } },
    ]) {
      const event = parseEvent(value);
      assert.ok(event);
      assert.ok(!JSON.stringify(internImages(event, intern)).includes('base64'));
    }
    assert.deepEqual(keys, [image.url, image.url]);
  });

  it('leaves events without pictures as they are', () => {
    const event = parseEvent({ type: 'response.output_text.delta', output_index: 0, delta: 'x' });
    assert.ok(event);
    assert.equal(internImages(event, String), event);
  });
});
