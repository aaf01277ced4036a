import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { foldName, numberedName, safeFileName, safeRelativePlace } from '../../src/core/fileNames.ts';
import { hostileNames } from '../support/hostileNames.ts';

const nasty = fc.string({
  unit: fc.constantFrom(
    ...['.', '/', '\\', ':', ' ', '\0', 'a', '\u202e', 'ä', '~', 'CON', 'é', 'e\u0301', '\u200b', '😀'],
  ),
});
const anyName = fc.oneof(nasty, fc.string({ unit: 'binary' }), fc.constantFrom(...hostileNames()));

/** One name that is one name, visible as it is, by the rules of POSIX and of Windows. */
function assertSafe(safe: string): void {
  assert.ok(safe.length > 0 && Buffer.byteLength(safe) <= 255, safe);
  assert.ok(safe.isWellFormed());
  assert.doesNotMatch(safe, /[<>:"/\\|?*\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|[. ]$|^\s/u);
  assert.doesNotMatch(safe, /^(?:con|prn|aux|nul|(?:com|lpt)[0-9¹²³])(?:\.|$)/i);
  for (const rules of [path.posix, path.win32]) {
    const folder = rules === path.win32 ? 'C:\\out' : '/out';
    assert.equal(rules.dirname(rules.resolve(folder, safe)), folder);
    assert.equal(rules.basename(rules.resolve(folder, safe)), safe);
  }
}

describe('safeFileName', () => {
  for (const [hostile, safe] of [
    ['../../etc/passwd', 'passwd'],
    ['..\\..\\boot.ini', 'boot.ini'],
    ['C:\\Windows\\x.png', 'x.png'],
    ['..', 'file'],
    ['', 'file'],
    ['/mnt/data/', 'file'],
    ['CON', '_CON'],
    ['nul.txt', '_nul.txt'],
    ['con .txt', '_con .txt'],
    [`con${' '.repeat(300)}x`, '_con'],
    [`${'a'.repeat(199)}. ${'b'.repeat(40)}`, 'a'.repeat(199)],
    ['com¹.csv', '_com¹.csv'],
    ['a:b.txt', 'a_b.txt'],
    ['chart.png. . ', 'chart.png'],
    ['\u202Egnp.exe', 'gnp.exe'],
    ['a\u0000b\n.png', 'ab.png'],
    ['  lead.csv', 'lead.csv'],
    ['Umsätze 2025.csv', 'Umsätze 2025.csv'],
    ['.bashrc', '.bashrc'],
    ['a.txt:evil.exe', 'a.txt_evil.exe'],
    ['.g\u200cit', '.git'],
    ['e\u200d\u0301.csv', 'é.csv'],
    ['\u3164', 'file'],
    ['\ud800.png', '\ufffd.png'],
  ] as const) {
    it(`${JSON.stringify(hostile)} becomes ${safe}`, () => assert.equal(safeFileName(hostile), safe));
  }

  it('stays inside any folder, whatever the name, by the rules of both systems', () => {
    fc.assert(
      fc.property(anyName, (name) => {
        const safe = safeFileName(name);
        assertSafe(safe);
        assert.equal(safeFileName(safe), safe);
      }),
      { numRuns: 2_000 },
    );
  });

  it('leaves room for a number in the 255 bytes that disks take', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', minLength: 150, maxLength: 600 }),
        fc.nat(99_999),
        (name, n) => {
          const numbered = numberedName(safeFileName(name), n);
          assert.ok(Buffer.byteLength(numbered) <= 255);
          assertSafe(numbered);
        },
      ),
    );
  });

  it('keeps the extension of a name that is too long', () => {
    const safe = safeFileName(`${'ä'.repeat(400)}.png`);
    assert.ok(safe.endsWith('.png') && Buffer.byteLength(safe) <= 200);
  });
});

it('numberedName puts the number before the extension', () => {
  assert.equal(numberedName('chart.png', 2), 'chart (2).png');
  assert.equal(numberedName('README', 3), 'README (3)');
});

describe('safeRelativePlace', () => {
  for (const [given, folders, name] of [
    ['/mnt/data/chart.png', [], 'chart.png'],
    ['/mnt/data/out/2025/chart.png', ['out', '2025'], 'chart.png'],
    ['/mnt/data/../../etc/passwd', ['etc'], 'passwd'],
    ['/etc/passwd', ['etc'], 'passwd'],
    ['C:\\Windows\\x.png', ['C_', 'Windows'], 'x.png'],
    ['/mnt/data//a/./..././b.csv', ['a'], 'b.csv'],
    ['/mnt/data/con/nul.txt', ['_con'], '_nul.txt'],
    ['/mnt/data/sub./ /x ', ['sub'], 'x'],
    ['/mnt/data/', [], 'file'],
  ] as const) {
    it(`${given} is ${[...folders, name].join(' > ')}`, () =>
      assert.deepEqual(safeRelativePlace(given), { folders, name }));
  }

  it('stays inside any folder, each segment clean, by the rules of both systems', () => {
    const anyPath = fc.array(anyName, { maxLength: 20 }).map((segments) => segments.join('/'));
    fc.assert(
      fc.property(anyPath, (given) => {
        const { folders, name } = safeRelativePlace(given);
        for (const segment of [...folders, name]) assertSafe(segment);
        assert.ok(Buffer.byteLength([...folders, name].join('/')) < 4_096 - 255);
        for (const rules of [path.posix, path.win32]) {
          const folder = rules === path.win32 ? 'C:\\out' : '/out';
          const place = rules.resolve(folder, ...folders, name);
          assert.equal(rules.relative(folder, place), [...folders, name].join(rules.sep));
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('foldName', () => {
  for (const [one, other] of [
    ['Chart.PNG', 'chart.png'],
    ['e\u0301.csv', 'É.csv'],
    ['straße', 'STRASSE'],
    ['\u212b', 'å'],
    ['ΑΣ', 'ας'],
    ['\u1112\u1161\u11ab', '한'],
  ] as const)
    it(`takes ${one} and ${other} for one`, () => assert.equal(foldName(one), foldName(other)));

  it('tells apart what every disk does', () => {
    assert.equal(new Set(['a', 'ä', 'b', 'a.png', 'a .png'].map(foldName)).size, 5);
  });
});
