import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { givenName, shownPath } from '../../src/core/containerPath.ts';

const upload = (path: string, id = 'cfile_68c9ddf2ae948191905bd4cd8ba34789') =>
  ({ id, path, source: 'user' }) as const;
const made = (path: string) => ({ id: 'cfile_1', path, source: 'assistant' }) as const;

describe('the name of an upload', () => {
  it('is the one that the person gave it, without what the service put before it', () => {
    // As recorded of OpenAI.
    assert.equal(
      givenName(upload('/mnt/data/bfe940181cd9f2193931fd77047b66bb-test-file.txt')),
      'test-file.txt',
    );
    assert.equal(givenName(upload('/mnt/data/file-AbC123xyz456-a.csv')), 'a.csv');
    assert.equal(givenName(upload('/mnt/data/123e4567-e89b-12d3-a456-426614174000-a.csv')), 'a.csv');
    assert.equal(givenName(upload('/mnt/data/68c9ddf2-a.csv')), 'a.csv', 'the beginning of its own id');
  });

  it('stays whole where it only looks like a prefixed one', () => {
    for (const name of ['20240101-report.csv', 'deadbeef-a.csv', 'sales.csv', '68c9ddf2-']) {
      assert.equal(givenName(upload(`/mnt/data/${name}`)), name);
    }
  });

  it('of what code made is never touched', () => {
    const name = 'bfe940181cd9f2193931fd77047b66bb-x.txt';
    assert.equal(givenName(made(`/mnt/data/${name}`)), name);
  });
});

describe('where a file is shown', () => {
  it('is where it is below the folder for data', () => {
    assert.deepEqual(shownPath(made('/mnt/data/a.csv')), ['a.csv']);
    assert.deepEqual(shownPath(made('/mnt/data/plots/2024/a.png')), ['plots', '2024', 'a.png']);
  });

  it('is the container itself for what is elsewhere, or leads elsewhere', () => {
    assert.deepEqual(shownPath(made('/tmp/secret/a.csv')), ['a.csv']);
    assert.deepEqual(shownPath(made('/mnt/data/../../../evil.txt')), ['evil.txt']);
  });

  it('is a path of safe segments, whatever a gateway says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom('user', 'assistant'), (text, source) => {
        const segments = shownPath({ id: 'cfile_1', path: `/mnt/data/${text}`, source });
        assert.ok(segments.length > 0);
        for (const segment of segments) {
          assert.doesNotMatch(segment, /[/\\\p{Cc}]/u);
          assert.ok(!['', '.', '..'].includes(segment));
        }
      }),
    );
  });
});
