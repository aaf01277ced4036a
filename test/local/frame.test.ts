import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFrameReader, encodeFrame, FrameError } from '../../src/local/frame.ts';

const limits = { header: 1000, body: 5000 };

function wire(...frames: [header: Record<string, unknown>, body?: Uint8Array][]): Uint8Array {
  return Buffer.concat(frames.flatMap(([header, body]) => encodeFrame(header, body)));
}

test('frames come out as they went in, however the bytes are cut', () => {
  const body = Uint8Array.from({ length: 300 }, (_, index) => index % 256);
  const bytes = wire(
    [{ type: 'a', text: 'naïve — ✓' }, body],
    [{ type: 'empty' }],
    [{ n: 1 }, new Uint8Array([7])],
  );
  for (const size of [1, 3, 7, 8, 9, 100, bytes.length]) {
    const reader = createFrameReader(limits);
    const frames = [];
    for (let at = 0; at < bytes.length; at += size)
      frames.push(...reader.push(bytes.subarray(at, at + size)));
    assert.deepEqual(
      frames.map(({ header }) => header),
      [{ type: 'a', text: 'naïve — ✓' }, { type: 'empty' }, { n: 1 }],
      `pieces of ${size}`,
    );
    assert.deepEqual([...(frames[0]?.body ?? [])], [...body]);
    assert.equal(frames[1]?.body.length, 0);
    assert.deepEqual([...(frames[2]?.body ?? [])], [7]);
  }
});

test('a frame is a copy: the bytes given may be reused', () => {
  const bytes = wire([{ type: 'a' }, new Uint8Array([1, 2, 3])]);
  const reader = createFrameReader(limits);
  const [frame] = reader.push(bytes);
  bytes.fill(0);
  assert.deepEqual([...(frame?.body ?? [])], [1, 2, 3]);
});

test('a frame larger than allowed is refused at its lengths, before it is kept', () => {
  for (const [header, body] of [
    [1001, 0],
    [10, 5001],
    [0xffff_ffff, 0xffff_ffff],
  ] as const) {
    const prefix = new DataView(new ArrayBuffer(8));
    prefix.setUint32(0, header, true);
    prefix.setUint32(4, body, true);
    const reader = createFrameReader(limits);
    assert.throws(() => reader.push(new Uint8Array(prefix.buffer)), FrameError);
  }
});

test('what is not a frame is refused', () => {
  for (const text of ['', 'null', '[1]', '{"a":', '"text"', '\u0000']) {
    const content = new TextEncoder().encode(text);
    const prefix = new DataView(new ArrayBuffer(8));
    prefix.setUint32(0, content.length, true);
    const reader = createFrameReader(limits);
    assert.throws(
      () => reader.push(Buffer.concat([new Uint8Array(prefix.buffer), content])),
      FrameError,
      text,
    );
  }
});
