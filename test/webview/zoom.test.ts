import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fitting, scrollFor, stepped } from '../../src/webview/view/zoom.ts';

test('a picture that fits has its own size, a larger one that of the room', () => {
  assert.equal(fitting({ width: 100, height: 50 }, { width: 400, height: 400 }), 1);
  assert.equal(fitting({ width: 800, height: 50 }, { width: 400, height: 400 }), 0.5);
  assert.equal(fitting({ width: 800, height: 4_000 }, { width: 400, height: 400 }), 0.1);
  assert.equal(fitting({ width: 0, height: 0 }, { width: 400, height: 400 }), 1);
});

test('each step is larger or smaller than what is seen, up to the ends', () => {
  assert.equal(stepped(0.51, 1), 0.75);
  assert.equal(stepped(0.51, -1), 0.5);
  assert.equal(stepped(1, 1), 1.5);
  assert.equal(stepped(16, 1), 16);
  assert.equal(stepped(0.1, -1), 0.1);
  fc.assert(
    fc.property(fc.double({ min: 0.12, max: 15, noNaN: true }), (now) => {
      assert.ok(stepped(now, 1) > now && stepped(now, -1) < now);
    }),
  );
});

test('what is under the pointer stays there', () => {
  fc.assert(
    fc.property(fc.nat(1_000), fc.nat(400), fc.integer({ min: 1, max: 2_000 }), (scroll, at, before) => {
      const after = before * 2;
      const place = (scroll + at) / before;
      const now = scrollFor(scroll, at, before, after);
      if (now > 0) assert.ok(Math.abs((now + at) / after - place) < 1e-9);
    }),
  );
});
