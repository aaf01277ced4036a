import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { filesMade, resolveSandboxLink } from '../../src/core/citations.ts';
import type { Citation } from '../../src/core/events.ts';
import type { ContainerFile } from '../../src/core/files.ts';
import { parseEvent } from '../../src/core/parse.ts';
import { reduceRun } from '../../src/core/run.ts';
import { initialRun } from '../../src/core/runState.ts';

const cite = (fileId: string, filename: string, startIndex = 1, endIndex = 5): Citation => ({
  containerId: 'c',
  fileId,
  filename,
  startIndex,
  endIndex,
});
const listed = (id: string, path: string): ContainerFile => ({
  id,
  containerId: 'c',
  path,
  bytes: undefined,
  createdAt: 1,
  source: 'assistant',
});

describe('resolveSandboxLink', () => {
  it('goes by citation first', () => {
    const found = resolveSandboxLink(
      'sandbox:/mnt/data/a.csv',
      [cite('f1', 'a.csv')],
      [listed('f2', '/mnt/data/a.csv')],
    );
    assert.deepEqual(found, { containerId: 'c', fileId: 'f1', filename: 'a.csv' });
  });
  it('then by path, also percent-encoded', () => {
    const found = resolveSandboxLink(
      'sandbox:/mnt/data/my%20file.csv',
      [],
      [listed('f2', '/mnt/data/my file.csv')],
    );
    assert.deepEqual(found, { containerId: 'c', fileId: 'f2', filename: 'my file.csv' });
  });
  it('then by the name behind the prefix of an upload', () => {
    const found = resolveSandboxLink(
      'sandbox:/mnt/data/in.csv',
      [],
      [listed('f3', '/mnt/data/0a1b2c3d-in.csv')],
    );
    assert.deepEqual(found, { containerId: 'c', fileId: 'f3', filename: 'in.csv' });
  });
  it('but takes no other file whose name ends alike', () => {
    const files = [listed('f4', '/mnt/data/secret-report.csv'), listed('f5', '/mnt/data/0a1b-report.csv')];
    assert.deepEqual(resolveSandboxLink('sandbox:/mnt/data/report.csv', [], files), {
      missing: 'report.csv',
    });
    const id = listed('f6', '/mnt/data/file-AbC123-report.csv');
    assert.deepEqual(resolveSandboxLink('sandbox:/mnt/data/report.csv', [], [...files, id]), {
      containerId: 'c',
      fileId: 'f6',
      filename: 'report.csv',
    });
  });
  it('says which file is missing', () => {
    assert.deepEqual(resolveSandboxLink('sandbox:/mnt/data/no.csv', [], []), { missing: 'no.csv' });
  });
  it('leaves other links alone', () => {
    assert.equal(resolveSandboxLink('https://example.com', [], []), undefined);
  });
});

describe('filesMade', () => {
  const run = (images: boolean, citations: readonly Citation[]) => {
    const outputs = images ? [{ type: 'image', url: 'data:image/png;base64,AA==' }] : [];
    const annotations = citations.map((citation) => ({
      type: 'container_file_citation',
      container_id: citation.containerId,
      file_id: citation.fileId,
      filename: citation.filename,
      start_index: citation.startIndex,
      end_index: citation.endIndex,
    }));
    const output = [
      { type: 'code_interpreter_call', id: 'x', status: 'completed', code: 'x', container_id: 'c', outputs },
      {
        type: 'message',
        id: 'm',
        status: 'completed',
        content: [{ type: 'output_text', text: 't', annotations }],
      },
    ];
    const event = parseEvent({ type: 'response.completed', response: { status: 'completed', output } });
    assert.ok(event);
    return reduceRun(initialRun, event, 1);
  };
  const names = (files: readonly { readonly filename: string }[]) => files.map((file) => file.filename);

  it('leaves out the copy of a figure that a step shows, cited or listed', () => {
    const state = run(true, [cite('f0', 'cfile_ab12.png', 0, 0), cite('f1', 'chart.png')]);
    assert.deepEqual(
      names(
        filesMade(state, [listed('f0', '/mnt/data/cfile_ab12.png'), listed('f9', '/mnt/data/cfile_99.png')]),
      ),
      ['chart.png'],
    );
  });
  it('keeps such a file where no step shows a picture', () => {
    assert.deepEqual(names(filesMade(run(false, [cite('f0', 'cfile_ab12.png', 0, 0)]), [])), [
      'cfile_ab12.png',
    ]);
  });
  it('takes the container of the code for a citation that names none', () => {
    const state = run(false, [{ ...cite('f1', 'a.csv'), containerId: '' }]);
    assert.deepEqual(filesMade(state, []), [{ containerId: 'c', fileId: 'f1', filename: 'a.csv' }]);
  });
  it('adds files that were made and not cited, each once', () => {
    const state = run(false, [cite('f1', 'a.csv'), cite('f1', 'a.csv', 7, 9)]);
    assert.deepEqual(
      names(filesMade(state, [listed('f1', '/mnt/data/a.csv'), listed('f2', '/mnt/data/b.csv')])),
      ['a.csv', 'b.csv'],
    );
  });
});
