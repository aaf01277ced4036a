import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { foldName, safeFileName, safeRelativePlace } from '../../src/core/fileNames.ts';
import { planNames, planPlaces } from '../../src/core/savePlan.ts';
import { hostileNames } from '../support/hostileNames.ts';

const named = (...names: readonly string[]) => names.map((name) => ({ name }));
const file = (name: string) => ({ name, isFile: true });

describe('planNames', () => {
  it('keeps names that are free', () => {
    const plan = planNames(named('a.png', 'b.csv'), [file('c.txt')]);
    assert.deepEqual(
      plan.map(({ free, taken }) => [free, taken]),
      [
        ['a.png', undefined],
        ['b.csv', undefined],
      ],
    );
  });

  it('names the file that is there as the disk does, and a free name beside it', () => {
    const [one] = planNames(named('Chart.png'), [file('chart.PNG'), file('chart (2).png')]);
    assert.equal(one?.taken, 'chart.PNG');
    assert.equal(one?.free, 'Chart (3).png');
  });

  it('offers a file that is there to one file of the batch only', () => {
    const plan = planNames(named('a.png', 'A.png', 'a.png'), [file('a.png')]);
    assert.deepEqual(
      plan.map(({ free, taken }) => [free, taken]),
      [
        ['a (2).png', 'a.png'],
        ['A (3).png', undefined],
        ['a (4).png', undefined],
      ],
    );
  });

  it('never offers to replace a folder or a link', () => {
    const [one] = planNames(named('out'), [{ name: 'OUT', isFile: false }]);
    assert.deepEqual([one?.free, one?.taken], ['out (2)', undefined]);
  });

  it('gives no two files names that any disk takes for one, nor one that is there', () => {
    const some = fc.array(fc.constantFrom(...hostileNames()).map(safeFileName), { maxLength: 60 });
    fc.assert(
      fc.property(some, some, (wanted, there) => {
        const plan = planNames(named(...wanted), there.map(file));
        const folded = [...new Set(there.map(foldName)), ...plan.map(({ free }) => foldName(free))];
        assert.equal(new Set(folded).size, folded.length);
        const replaced = plan.flatMap(({ taken }) => taken ?? []);
        assert.equal(new Set(replaced.map(foldName)).size, replaced.length);
        for (const name of replaced) assert.ok(there.includes(name));
      }),
    );
  });

  it('numbers ten thousand files of one name without trying every number for each', () => {
    const plan = planNames(named(...Array.from({ length: 10_000 }, () => 'a.png')), []);
    assert.equal(plan.at(-1)?.free, 'a (10000).png');
  });
});

describe('planPlaces', () => {
  it('keeps sub-folders, and takes folders that a disk takes for one as one', () => {
    const places = ['out/a.png', 'OUT/a.png', 'out', 'b.csv'].map((path) => safeRelativePlace(path));
    assert.deepEqual(
      planPlaces(places).map(({ folders, name }) => [...folders, name].join('/')),
      ['out/a.png', 'out/a (2).png', 'out (2)', 'b.csv'],
    );
  });

  it('puts no two files in one place, and none where a folder is to be, on any disk', () => {
    const paths = fc
      .array(fc.constantFrom(...hostileNames()), { maxLength: 4 })
      .map((parts) => parts.join('/'));
    fc.assert(
      fc.property(fc.array(paths, { maxLength: 40 }), (given) => {
        const planned = planPlaces(given.map((path) => safeRelativePlace(path)));
        const fold = (segments: readonly string[]) => segments.map(foldName).join('/');
        const files = planned.map(({ folders, name }) => fold([...folders, name]));
        assert.equal(new Set(files).size, given.length);
        const folders = planned.flatMap((place) =>
          place.folders.map((_, end) => fold(place.folders.slice(0, end + 1))),
        );
        for (const folder of folders) assert.ok(!files.includes(folder), folder);
      }),
    );
  });
});
