import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { safeUploadName } from '../../src/local/containers/names.ts';

suite('names of uploads', () => {
  const cases: readonly (readonly [sent: string, kept: string])[] = [
    ['sales.csv', 'sales.csv'],
    ['naïve "x" 表.csv', 'naïve "x" 表.csv'],
    ['../../etc/passwd', 'passwd'],
    ['/mnt/data/../../x.csv', 'x.csv'],
    ['C:\\secret\\x.csv', 'x.csv'],
    ['a\\..\\b.csv', 'b.csv'],
    ['', 'file'],
    ['.', 'file'],
    ['..', 'file'],
    ['...', 'file'],
    ['dir/', 'file'],
    ['dir\\', 'file'],
    [' \t ', 'file'],
    ['a\0b.csv', 'ab.csv'],
    ['a\r\nContent-Type: text/html\r\n\r\n.csv', 'html.csv'],
    ['evil\u202egpj.exe', 'evilgpj.exe'],
    ['\u2066x\u2069.csv', 'x.csv'],
    ['zero\u200bwidth\ufeff.csv', 'zerowidth.csv'],
    ['\u2028line.csv', 'line.csv'],
    ['\ud800half.csv', '\ufffdhalf.csv'],
    // Python's own folder knows no reserved names: saving on Windows is for whoever saves.
    ['CON', 'CON'],
    ['aux.txt', 'aux.txt'],
    ['.hidden', '.hidden'],
    ['a'.repeat(300), 'a'.repeat(200)],
    [`${'a'.repeat(10_000)}.csv`, `${'a'.repeat(196)}.csv`],
    ['表'.repeat(100), '表'.repeat(66)],
    [`${'😀'.repeat(60)}.png`, `${'😀'.repeat(49)}.png`],
  ];
  for (const [sent, kept] of cases) {
    test(JSON.stringify(sent).slice(0, 60), () => assert.equal(safeUploadName(sent), kept));
  }

  test('of any text: one segment, no control characters, whole characters, at most 200 bytes', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc.string({
        unit: fc.constantFrom('/', '\\', '.', ' ', '\0', '\u202e', '\ud800', '\udc00', '😀', 'a'),
        maxLength: 400,
      }),
    );
    fc.assert(
      fc.property(text, (sent) => {
        const name = safeUploadName(sent);
        assert.doesNotMatch(name, /[/\\\p{Cc}\p{Cf}\u2028\u2029]/u);
        assert.ok(name.isWellFormed());
        assert.ok(!['', '.', '..'].includes(name));
        assert.equal(name, name.trim());
        assert.ok(Buffer.byteLength(name) <= 200);
        assert.equal(safeUploadName(name), name);
      }),
    );
  });
});
