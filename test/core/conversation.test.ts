import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { conversationOf } from '../../src/core/conversation.ts';
import { parseEvent } from '../../src/core/parse.ts';
import { newSession, type RunEntry, reduceSession } from '../../src/core/session.ts';

/** A run that came to an end with code and an answer. */
function run(prompt: string, answer: string, type = 'response.completed'): RunEntry {
  const output = [
    { type: 'code_interpreter_call', id: 'ci', status: 'completed', code: 'x = 1' },
    { type: 'message', id: 'm', content: [{ type: 'output_text', text: answer }] },
  ];
  const event = parseEvent({ type, response: { id: 'r', output } });
  assert.ok(event);
  const requested = {
    type: 'run.requested',
    runId: 'r',
    prompt,
    attachments: [],
    background: false,
    at: 1,
  } as const;
  const told = { type: 'run.event', runId: 'r', event, at: 2 } as const;
  const state = [requested, told].reduce(
    reduceSession,
    newSession('s', { name: 'g', local: false, model: '' }),
  );
  const [entry] = state.runs;
  assert.ok(entry);
  return entry;
}

const inputOf = ({ prompt }: RunEntry) => `sent ${prompt}`;

describe('conversationOf', () => {
  it('tells what was sent and answered, with the code, and that the container is gone', () => {
    const turns = conversationOf([run('a', 'One.'), run('b', 'Two.', 'response.incomplete')], inputOf, 2);
    assert.deepEqual(turns.slice(0, 4), [
      { role: 'user', text: 'sent a' },
      { role: 'assistant', text: '```python\nx = 1\n```\n\nOne.' },
      { role: 'user', text: 'sent b' },
      { role: 'assistant', text: '```python\nx = 1\n```\n\nTwo.' },
    ]);
    assert.equal(turns.length, 5);
    assert.match(turns[4]?.text ?? '', /container .* is gone/);
  });

  it('says where the container became another one, and nothing of it where it is the same still', () => {
    const runs = [run('a', 'One.'), run('b', 'Two.')];
    const told = (gone: number) => conversationOf(runs, inputOf, gone).map(({ text }) => text.slice(0, 6));
    assert.deepEqual(told(1), ['sent a', '```pyt', 'Note: ', 'sent b', '```pyt']);
    assert.deepEqual(told(0), ['sent a', '```pyt', 'sent b', '```pyt']);
  });

  it('tells nothing of runs that failed, and nothing at all where nothing was said', () => {
    assert.deepEqual(conversationOf([run('a', 'One.', 'response.failed')], inputOf, 1), []);
    assert.deepEqual(conversationOf([], inputOf, 0), []);
  });

  it('is bounded: each turn, and all together with the newest kept', () => {
    const long = '\u{1F4C8}'.repeat(50_000);
    const turns = conversationOf(
      [run('a', long), ...Array.from({ length: 9 }, () => run(long, long))],
      inputOf,
      10,
    );
    assert.ok(turns.every(({ text }) => text.length <= 16_000 && text.isWellFormed()));
    const size = turns.reduce((sum, { text }) => sum + text.length, 0);
    assert.ok(size > 80_000 && size < 121_000, String(size));
    assert.ok(!turns.some(({ text }) => text === 'sent a'));
  });
});
