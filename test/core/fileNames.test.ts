import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isActedOn, numberedName, safeFileName } from '../../src/core/fileNames.ts';

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
  ] as const) {
    it(`${JSON.stringify(hostile)} becomes ${safe}`, () => assert.equal(safeFileName(hostile), safe));
  }

  it('stays inside any folder, whatever the name, by the rules of both systems', () => {
    const nasty = fc.string({
      unit: fc.constantFrom('.', '/', '\\', ':', ' ', '\0', 'a', '\u202e', 'ä', '~', 'CON', 'é'),
    });
    fc.assert(
      fc.property(fc.oneof(nasty, fc.string({ unit: 'binary' })), (name) => {
        const safe = safeFileName(name);
        assert.ok(safe.length > 0 && Buffer.byteLength(safe) <= 210);
        assert.equal(safeFileName(safe), safe);
        for (const rules of [path.posix, path.win32]) {
          const folder = rules === path.win32 ? 'C:\\out' : '/out';
          assert.equal(rules.dirname(rules.resolve(folder, safe)), folder);
          assert.equal(rules.basename(rules.resolve(folder, safe)), safe);
        }
      }),
      { numRuns: 2_000 },
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

describe('isActedOn', () => {
  for (const yes of [
    '/w/package.json',
    '/w/.vscode/x.txt',
    '/w/a.code-workspace',
    '/w/.git/hooks/pre-commit',
    '/w/conftest.py',
  ]) {
    it(`asks about ${yes}`, () => assert.equal(isActedOn(yes), true));
  }
  for (const no of ['/w/chart.png', '/w/data.json', '/w/vscode/x.txt', '/w/analysis.py']) {
    it(`does not ask about ${no}`, () => assert.equal(isActedOn(no), false));
  }
});
