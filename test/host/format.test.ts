import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatAge } from '../../src/host/format.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('formatAge', () => {
  const now = Date.UTC(2026, 5, 20, 12);
  const ages = [
    [0, 'now'],
    [-5 * MINUTE, 'now'],
    [59_000, 'now'],
    [MINUTE, '1 minute ago'],
    [3 * HOUR - 1, '2 hours ago'],
    [DAY, 'yesterday'],
    [13 * DAY, '13 days ago'],
    [15 * DAY, 'Jun 5, 2026'],
  ] as const;
  for (const [age, words] of ages) {
    it(`says "${words}" after ${age} ms`, () => assert.equal(formatAge(now - age, now, 'en'), words));
  }

  it('speaks the language of the editor, and English where it has no other', () => {
    assert.equal(formatAge(now - DAY, now, 'de'), 'gestern');
    assert.equal(formatAge(now - DAY, now, 'qps-ploc'), 'yesterday');
  });
});
