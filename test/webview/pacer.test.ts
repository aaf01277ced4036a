import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { Pacer } from '../../src/webview/pacer.ts';

let waiting: FrameRequestCallback[] = [];
const usual = globalThis.requestAnimationFrame;

beforeEach(() => {
  waiting = [];
  globalThis.requestAnimationFrame = (callback) => waiting.push(callback);
});

afterEach(() => {
  globalThis.requestAnimationFrame = usual;
});

/** Plays frames, with or without something new before each. @returns whether each drew */
function play(pacer: Pacer, drawn: () => number, news: readonly boolean[]): boolean[] {
  return news.map((isNew) => {
    const before = drawn();
    if (isNew) pacer.change();
    for (const callback of waiting.splice(0)) callback(0);
    return drawn() > before;
  });
}

function paced() {
  let count = 0;
  const pacer = new Pacer(() => count++);
  return (news: readonly boolean[]) => play(pacer, () => count, news);
}

test('what changes now and then is drawn in the next frame', () => {
  assert.deepEqual(paced()([true, false, true, false, false, true]), [true, false, true, false, false, true]);
});

test('a stream is drawn in every other frame, once it is one', () => {
  const drawn = paced()(Array.from({ length: 12 }, () => true));
  assert.deepEqual(drawn.slice(0, 4), [true, true, true, true]);
  assert.deepEqual(drawn.slice(4), [false, true, false, true, false, true, false, true]);
});

test('the last change is drawn, at most a frame late, and then no frame is asked for', () => {
  for (let length = 1; length < 12; length++) {
    const playing = paced();
    const drawn = playing([...Array.from({ length }, () => true), false, false, false]);
    assert.ok(drawn[length - 1] || drawn[length], `${length} changes: ${drawn}`);
    assert.deepEqual(waiting, []);
  }
});
