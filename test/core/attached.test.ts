import assert from 'node:assert/strict';
import { it } from 'node:test';
import { withAttachedFiles, withoutAttachedFiles } from '../../src/core/attached.ts';

it('the list of files goes below the message and comes off again', () => {
  const files = [
    { name: 'sales.csv', path: '/mnt/data/0a-sales.csv' },
    { name: 'odd: name.csv', path: '/mnt/data/odd: name.csv' },
  ];
  const input = withAttachedFiles('Plot it', files);
  assert.equal(
    input,
    'Plot it\n\nAttached files:\n- sales.csv: /mnt/data/0a-sales.csv\n- odd: name.csv: /mnt/data/odd: name.csv',
  );
  assert.equal(withoutAttachedFiles(input), 'Plot it');
  assert.equal(withAttachedFiles('Plot it', []), 'Plot it');
});

it('what a person writes stays, even where it looks much like a list', () => {
  for (const text of ['Plot it', 'x\n\nAttached files:\nnone', 'x\n\nAttached files:\n- a: b']) {
    assert.equal(withoutAttachedFiles(text), text);
  }
});
