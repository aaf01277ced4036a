import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { originDocument } from '../../src/core/originDocument.ts';
import {
  movedSaved,
  NOTHING_SAVED,
  originOf,
  parseSavedFiles,
  type RunOrigin,
  runThatMade,
  type SavedFile,
  type SavedFiles,
  savedAt,
  withoutSaved,
  withSaved,
} from '../../src/core/savedFiles.ts';
import { newSession, reduceSession, type SessionEvent } from '../../src/core/session.ts';

const file = (uri: string, runId = 'run'): SavedFile => ({
  uri,
  savedAt: 1,
  source: { containerId: 'c', fileId: uri, filename: 'a.png' },
  gateway: 'g',
  sha256: 'ab',
  bytes: 3,
  mtime: 2,
  kept: undefined,
  runId,
});
const origin = (runId: string): RunOrigin => ({
  sessionId: 's',
  runId,
  responseId: 'resp',
  prompt: 'Draw it',
  code: ['print(1)'],
  at: 5,
});
const uris = (saved: SavedFiles) => saved.files.map(({ uri }) => uri);

describe('records of saved files', () => {
  it('hold each address once, with the run that made the file', () => {
    let saved = withSaved(NOTHING_SAVED, [file('file:///w/a', 'one')], [origin('one')]);
    saved = withSaved(saved, [file('file:///w/a', 'two')], [origin('two')]);
    assert.deepEqual(uris(saved), ['file:///w/a']);
    const found = savedAt(saved, 'file:///w/a');
    assert.equal(found && originOf(saved, found)?.runId, 'two');
    assert.deepEqual(
      saved.origins.map(({ runId }) => runId),
      ['two'],
      'what no file needs is forgotten',
    );
  });

  it('forget the oldest beyond 500 files', () => {
    const many = Array.from({ length: 600 }, (_, number) => file(`file:///w/${number}`, `run ${number}`));
    const saved = withSaved(
      NOTHING_SAVED,
      many,
      many.map(({ runId }) => origin(runId ?? '')),
    );
    assert.equal(saved.files.length, 500);
    assert.equal(saved.origins.length, 500);
    assert.equal(saved.files[0]?.uri, 'file:///w/100');
  });

  it('follow files and folders that are moved, and forget those that are deleted', () => {
    const before = withSaved(
      NOTHING_SAVED,
      ['file:///w/out/a', 'file:///w/outer/b', 'file:///w/c'].map((uri) => file(uri)),
      [origin('run')],
    );
    const moved = movedSaved(before, 'file:///w/out', 'file:///w/in/deep');
    assert.deepEqual(uris(moved).sort(), ['file:///w/c', 'file:///w/in/deep/a', 'file:///w/outer/b']);
    assert.equal(moved.origins.length, 1);
    assert.equal(movedSaved(before, 'file:///x', 'file:///y'), before);
    assert.deepEqual(uris(withoutSaved(before, ['file:///w/out', 'file:///w/c'])), ['file:///w/outer/b']);
    assert.equal(withoutSaved(before, ['file:///w/ou']), before);
  });

  it('come back from JSON as they were, and are begun anew where it is something else', () => {
    const saved = withSaved(NOTHING_SAVED, [file('file:///w/a')], [origin('run')]);
    assert.deepEqual(parseSavedFiles(JSON.parse(JSON.stringify(saved))), saved);
    for (const other of [
      undefined,
      1,
      {},
      { ...saved, version: 2 },
      { ...saved, files: [{}] },
      { ...saved, origins: 1 },
    ])
      assert.equal(parseSavedFiles(other), undefined);
  });
});

describe('runThatMade', () => {
  const listed = (id: string) => ({
    id,
    containerId: 'c',
    path: `/mnt/data/${id}.csv`,
    bytes: 1,
    createdAt: 1,
    source: 'assistant' as const,
  });
  const run = (runId: string, code: string, fileId: string): SessionEvent[] => [
    { type: 'run.requested', runId, prompt: `Make ${fileId}`, attachments: [], background: false, at: 7 },
    {
      type: 'run.event',
      runId,
      at: 8,
      event: {
        type: 'response.output_item.added',
        outputIndex: 0,
        itemId: 'ci',
        item: {
          type: 'code_interpreter_call',
          id: 'ci',
          status: 'completed',
          code,
          containerId: 'c',
          outputs: [],
        },
      },
    },
    { type: 'run.files', runId, files: [listed(fileId)], listed: [listed(fileId)] },
  ];
  const session = [...run('r1', 'a = 1', 'one'), ...run('r2', 'b = 2', 'two')].reduce(
    reduceSession,
    newSession('s', { name: 'g', local: true, model: 'm' }),
  );

  it('gives the prompt and the code of the run that lists the file', () => {
    const found = runThatMade(session, { containerId: 'c', fileId: 'one', filename: 'one.csv' });
    assert.deepEqual([found?.runId, found?.prompt, found?.code], ['r1', 'Make one', ['a = 1']]);
  });

  it('knows nothing of other files', () =>
    assert.equal(runThatMade(session, { containerId: 'c', fileId: 'x', filename: 'one.csv' }), undefined));
});

describe('the document that says how a file was made', () => {
  const words = { head: 'How', prompt: 'Prompt', step: (number: number) => `Step ${number}`, noCode: 'None' };

  it('is Python that runs as it is, whatever the prompt', () => {
    const prompt = 'Draw\nimport os; os.remove("x")\r\r\n# done';
    const text = originDocument({ ...origin('r'), prompt, code: ['a = 1\r\nb = 2', 'c = 3\n\n'] }, words);
    const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    assert.deepEqual(lines, ['a = 1', 'b = 2', 'c = 3']);
    assert.match(text, /# %% Step 1\na = 1\nb = 2\n\n# %% Step 2\nc = 3\n$/);
  });

  it('says so where there was no code', () =>
    assert.match(originDocument({ ...origin('r'), code: [] }, words), /# Draw it\n\n# None\n$/));
});
