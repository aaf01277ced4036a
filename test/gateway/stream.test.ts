/** The cases of the WHATWG's event-stream format (https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream). */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { StreamEvent } from '../../src/core/events.ts';
import { readEvents } from '../../src/gateway/runs/stream.ts';

/** Each belongs to another item, for deltas of one text that come together are one event. */
const delta = (text: string) =>
  JSON.stringify({ type: 'response.output_text.delta', item_id: text, delta: text });

/** The deltas in a stream; `?` for an event that is none of ours. */
async function deltas(stream: string | Uint8Array, chunk: number): Promise<readonly string[]> {
  const bytes = typeof stream === 'string' ? new TextEncoder().encode(stream) : stream;
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk);
  }
  const events: StreamEvent[] = [];
  for await (const batch of readEvents(pieces())) events.push(...batch);
  return events.map((event) => (event.type === 'response.output_text.delta' ? event.delta : '?'));
}

const spread = delta('over lines').replace(',', ',\n');

const CASES: Readonly<Record<string, readonly [stream: string | Uint8Array, expected: readonly string[]]>> = {
  'ends of lines: LF': [`data: ${delta('a')}\n\ndata: ${delta('b')}\n\n`, ['a', 'b']],
  'ends of lines: CR LF': [`data: ${delta('a')}\r\n\r\ndata: ${delta('b')}\r\n\r\n`, ['a', 'b']],
  'ends of lines: CR': [`data: ${delta('a')}\r\rdata: ${delta('b')}\r\r`, ['a', 'b']],
  'ends of lines: mixed': [
    `data: ${delta('a')}\r\n\ndata: ${delta('b')}\n\rdata: ${delta('c')}\r\r\n`,
    ['a', 'b', 'c'],
  ],
  'a byte order mark before the first line': [`\u{feff}data: ${delta('a')}\n\n`, ['a']],
  'a byte order mark later is part of a field’s name': [
    `data: ${delta('a')}\n\n\u{feff}data: ${delta('b')}\n\n`,
    ['a'],
  ],
  'comments, which keep a connection open': [
    `:\n\n: ping\n\ndata: ${delta('a')}\n: in between\n\n:\n\n`,
    ['a'],
  ],
  'no blank behind the colon': [`data:${delta('a')}\n\n`, ['a']],
  'more than one blank behind the colon': [`data:   ${delta('a')}\n\n`, ['a']],
  'several lines of data, joined by a line end': [
    `${spread
      .split('\n')
      .map((line) => `data: ${line}\n`)
      .join('')}\n`,
    ['over lines'],
  ],
  'several lines of data that end with CR LF, which is one end also where it is cut': [
    `${spread
      .split('\n')
      .map((line) => `data: ${line}\r\n`)
      .join('')}\r\n`,
    ['over lines'],
  ],
  'fields without a use here': [`id: 1\nretry: 10\nevent: x\nfoo: bar\ndata: ${delta('a')}\n\n`, ['a']],
  'an id with a NUL in it': [`id: \0\ndata: ${delta('a')}\n\n`, ['a']],
  'a name of an event that contradicts its JSON': [`event: error\ndata: ${delta('a')}\n\n`, ['a']],
  'names of fields in capitals are other fields': [`DATA: ${delta('a')}\n\ndata: ${delta('b')}\n\n`, ['b']],
  'a blank before the name of a field': [` data: ${delta('a')}\n\ndata: ${delta('b')}\n\n`, ['b']],
  'an event without data': ['event: x\n\n', []],
  'many blank lines': [`\n\n\ndata: ${delta('a')}\n\n\n\n\ndata: ${delta('b')}\n\n`, ['a', 'b']],
  'an end in the middle of an event': [`data: ${delta('a')}\n\ndata: ${delta('b')}\n`, ['a']],
  'an end in the middle of a line': [`data: ${delta('a')}\n\ndata: ${delta('b')}`, ['a']],
  'characters of several bytes': [`data: ${delta('é漢🙂')}\n\n`, ['é漢🙂']],
  'a line end inside a character’s neighbours': [
    `data: ${delta('\u2028\u2029\u0085')}\n\n`,
    ['\u2028\u2029\u0085'],
  ],
  'bytes that are no UTF-8': [
    Uint8Array.from(Buffer.from(`data: ${delta('a~b')}\n\n`).map((byte) => (byte === 0x7e ? 0xff : byte))),
    ['a\u{fffd}b'],
  ],
  'the end marker': [`data: ${delta('a')}\n\ndata: [DONE]\n\n`, ['a']],
  'data that is no JSON': [`data: nonsense\n\ndata: ${delta('a')}\n\n`, ['?', 'a']],
};

describe('an event stream', () => {
  for (const [name, [stream, expected]] of Object.entries(CASES)) {
    it(name, async () => {
      for (const chunk of [1, 2, 3, 7, 1 << 16]) assert.deepEqual(await deltas(stream, chunk), expected);
    });
  }
});

describe('an event of a stream that does not end', () => {
  for (const [what, piece] of [
    ['in one line', 'x'],
    ['line after line', 'data: x\n'],
  ] as const) {
    it(`${what}: is given up`, async () => {
      let sent = 0;
      async function* endless() {
        yield new TextEncoder().encode('data: ');
        for (;;) {
          sent += piece.length;
          yield new TextEncoder().encode(piece);
        }
      }
      const read = async () => {
        for await (const batch of readEvents(endless(), { largest: 1_000 }))
          assert.fail(JSON.stringify(batch));
      };
      await assert.rejects(read, { name: 'GatewayError', kind: 'not_understood' });
      assert.ok(sent < 10_000, 'it was read on');
    });
  }
});

describe('deltas of one text that come together', () => {
  it('are one event with the highest number', async () => {
    const sent = ['a', 'b', 'c'].map((text, at) => ({
      type: 'response.output_text.delta',
      item_id: text === 'c' ? 'msg_2' : 'msg_1',
      delta: text,
      sequence_number: at + 1,
    }));
    const bytes = new TextEncoder().encode(
      sent.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''),
    );
    async function* whole() {
      yield bytes;
    }
    const events: StreamEvent[] = [];
    for await (const batch of readEvents(whole())) events.push(...batch);
    assert.deepEqual(
      events.map((event) => ('delta' in event ? [event.delta, event.sequence] : event)),
      [
        ['ab', 2],
        ['c', 3],
      ],
    );
  });

  for (const [what, other] of [
    ['another kind', { type: 'response.refusal.delta' }],
    ['another item, where items have no ids', { output_index: 1 }],
    ['another item, where items have no places', { item_id: 'msg_2' }],
    ['another part', { content_index: 1 }],
  ] as const) {
    it(`are not one with those of ${what}`, async () => {
      const first = { type: 'response.output_text.delta', delta: 'a' };
      const sent = [first, { ...first, ...other, delta: 'b' }];
      async function* whole() {
        yield new TextEncoder().encode(sent.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''));
      }
      const told: string[] = [];
      for await (const batch of readEvents(whole())) {
        told.push(...batch.map((event) => ('delta' in event ? event.delta : '?')));
      }
      assert.deepEqual(told, ['a', 'b']);
    });
  }
});
