import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  type ContainerLife,
  endingFrom,
  endOf,
  estimatedCost,
  laterOf,
  minutesLeft,
  nextChange,
  phaseAt,
} from '../../src/core/containerLife.ts';
import { FakeClock } from '../support/fakeClock.ts';

const MINUTE = 60_000;
const life = (usedAt: number, lifeMinutes = 20): ContainerLife => ({
  containerId: 'cntr_1',
  usedAt,
  lifeMinutes,
  title: 'Sales',
});

describe('the life of a container', () => {
  it('is twenty minutes after its last use, near its end in the last five', async () => {
    const clock = new FakeClock();
    const sales = life(clock.now());
    const at = async (minutes: number) => {
      await clock.sleep(minutes * MINUTE, undefined);
      return [phaseAt(sales, clock.now()), minutesLeft(sales, clock.now())];
    };
    assert.deepEqual(await at(0), ['living', 20]);
    assert.deepEqual(await at(14.5), ['living', 6]);
    assert.deepEqual(await at(0.5), ['ending', 5]);
    assert.deepEqual(await at(4.99), ['ending', 1]);
    assert.deepEqual(await at(0.01), ['ended', 0]);
    assert.deepEqual(await at(600), ['ended', 0]);
  });

  it('of a minute is near its end in its second half', () => {
    assert.equal(phaseAt(life(0, 1), 0.49 * MINUTE), 'living');
    assert.equal(phaseAt(life(0, 1), 0.5 * MINUTE), 'ending');
  });

  const lives = fc.record({ usedAt: fc.nat(), lifeMinutes: fc.integer({ min: 0, max: 1440 }) });

  it('changes what is shown at the moments that are foretold, and at no other', () => {
    fc.assert(
      fc.property(lives, fc.nat(2 * 1440 * MINUTE), ({ usedAt, lifeMinutes }, later) => {
        const one = life(usedAt, lifeMinutes);
        const now = usedAt + later;
        const shown = (at: number) => `${phaseAt(one, at)} ${minutesLeft(one, at)}`;
        const next = nextChange(one, now);
        if (next === undefined) {
          assert.equal(shown(now + 100 * 1440 * MINUTE), shown(now));
          return;
        }
        assert.ok(next > now && next - now <= MINUTE);
        assert.notEqual(shown(next), shown(now));
        assert.equal(shown(next - 1), shown(now));
      }),
    );
  });

  it('only ever goes from living to ending to ended', () => {
    const order = ['living', 'ending', 'ended'];
    fc.assert(
      fc.property(lives, fc.nat(), fc.nat(), ({ usedAt, lifeMinutes }, a, b) => {
        const one = life(usedAt, lifeMinutes);
        const [early, late] = [a, b].sort((x, y) => x - y) as [number, number];
        assert.ok(order.indexOf(phaseAt(one, early)) <= order.indexOf(phaseAt(one, late)));
        assert.ok(endingFrom(one) <= endOf(one));
      }),
    );
  });

  it('told by two windows is that of the later use, whoever tells first; the first name stays', () => {
    const first = life(1);
    const second = { ...life(2), title: 'Other' };
    assert.deepEqual(laterOf(first, second), { ...second, title: 'Sales' });
    assert.equal(laterOf(second, first).usedAt, 2);
    assert.equal(laterOf({ ...first, title: '' }, second).title, 'Other');
  });
});

describe('the estimate of what a container costs', () => {
  it('is the price of its memory for each twenty minutes begun', () => {
    assert.equal(estimatedCost('1g', 0, 0), 0.03);
    assert.equal(estimatedCost(undefined, 0, 20 * MINUTE), 0.03);
    assert.equal(estimatedCost('4g', 0, 20 * MINUTE + 1), 0.24);
    assert.equal(estimatedCost('64g', 0, 60 * MINUTE), 5.76);
  });

  it('is none for a size that has no known price', () => {
    assert.equal(estimatedCost('2t', 0, 0), undefined);
  });

  it('never falls as time goes by, nor with the clock set back', () => {
    const sizes = fc.constantFrom('1g', '4g', '16g', '64g');
    fc.assert(
      fc.property(sizes, fc.nat(), fc.nat(), fc.integer(), (size, created, a, b) => {
        const [early, late] = [a, b].sort((x, y) => x - y) as [number, number];
        const before = estimatedCost(size, created, early) ?? Number.NaN;
        const after = estimatedCost(size, created, late) ?? Number.NaN;
        assert.ok(before > 0 && after >= before);
      }),
    );
  });
});
