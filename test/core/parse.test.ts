import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { field } from '../../src/core/json.ts';
import { parseEvent, parseResponse } from '../../src/core/parse.ts';

describe('parseEvent', () => {
  it('gives undefined for what is no event', () => {
    for (const value of [undefined, null, 1, 'x', [], {}, { type: 1 }])
      assert.equal(parseEvent(value), undefined);
  });

  it('is not fooled by prototype keys', () => {
    const event = parseEvent(
      JSON.parse(
        '{"type":"response.output_item.added","item":{"type":"message","__proto__":{"content":[1]}}}',
      ),
    );
    assert.deepEqual(
      event?.type === 'response.output_item.added' && event.item.type === 'message' && event.item.parts,
      [],
    );
  });

  it('reads a flat error event', () => {
    const event = parseEvent({ type: 'error', code: 'server_error', message: 'x', param: null });
    assert.deepEqual(event, { type: 'error', error: { code: 'server_error', type: 'error', message: 'x' } });
  });

  it('refuses a plain answer that is no response', () => {
    assert.equal(parseResponse({ object: 'list', data: [] }), undefined);
  });

  it('takes a plain answer with output and without status for a whole one, unless it tells an error', () => {
    assert.equal(parseResponse({ output: [] })?.type, 'response.completed');
    assert.equal(parseResponse({ output: [], error: { message: 'x' } }), undefined);
  });
});

describe('field', () => {
  it('is a value’s own, never one that every object has', () => {
    for (const key of ['constructor', '__proto__', 'toString']) assert.equal(field({}, key), undefined);
    assert.equal(field(JSON.parse('{"__proto__":1}'), '__proto__'), 1);
  });
});
