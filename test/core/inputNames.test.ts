import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { nameInFolder, partName, untitledName } from '../../src/core/inputNames.ts';

it('a selection is called after its file and lines, its extension kept', () => {
  assert.equal(partName('analysis.py', 3, 14), 'analysis-lines-3-14.py');
  assert.equal(partName('analysis.py', 3, 3), 'analysis-line-3.py');
  assert.equal(partName('Makefile', 1, 2), 'Makefile-lines-1-2');
  assert.equal(partName('.env', 1, 2), '.env-lines-1-2');
  assert.equal(partName('a.tar.gz', 1, 2), 'a.tar-lines-1-2.gz');
});

it('a text that was never saved gets the extension of its language', () => {
  assert.equal(untitledName('Untitled-1', 'python'), 'Untitled-1.py');
  assert.equal(untitledName('Untitled-1', 'brainfuck'), 'Untitled-1.txt');
  assert.equal(untitledName('notes.md', 'plaintext'), 'notes.md');
});

it('a file of a folder is called by its path from the folder on', () => {
  const part = fc.stringMatching(/^[\w .-]{1,8}$/);
  fc.assert(
    fc.property(fc.array(part), part, fc.array(part, { minLength: 1 }), (above, folder, below) => {
      const root = `/${[...above, folder].join('/')}`;
      const expected = [folder, ...below].join('/');
      assert.equal(nameInFolder(root, `${root}/${below.join('/')}`), expected);
      assert.equal(nameInFolder(`${root}/`, `${root}/${below.join('/')}`), expected);
    }),
  );
  assert.equal(nameInFolder('/a/b', '/a/bc/x.csv'), 'x.csv');
});
