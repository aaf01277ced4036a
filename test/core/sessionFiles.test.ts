import assert from 'node:assert/strict';
import { it } from 'node:test';
import { newSession, reduceSession, type SessionEvent } from '../../src/core/session.ts';
import { filesOfSession } from '../../src/core/sessionFiles.ts';

const listed = (id: string, path: string, containerId = 'c') => ({
  id,
  containerId,
  path: `/mnt/data/${path}`,
  bytes: 1,
  createdAt: 1,
  source: 'assistant' as const,
});

type Made = readonly (readonly ReturnType<typeof listed>[])[];

function session(...made: Made) {
  const events = made.flatMap((files, run): SessionEvent[] => [
    { type: 'run.requested', runId: `r${run}`, prompt: 'p', attachments: [], background: false, at: 1 },
    { type: 'run.files', runId: `r${run}`, files, listed: files },
  ]);
  return events.reduce(reduceSession, newSession('s', { name: 'g', local: true, model: 'm' }));
}
const ids = (...made: Made) => filesOfSession(session(...made)).map(({ fileId }) => fileId);

it('of a file that was written anew a session has the latest only', () => {
  assert.deepEqual(ids([listed('1', 'a.csv'), listed('2', 'b.csv')], [listed('3', 'a.csv')]), ['2', '3']);
});

it('files of one name in other folders and containers are others', () => {
  const made = [[listed('1', 'a.csv'), listed('2', 'out/a.csv')], [listed('3', 'a.csv', 'other')]];
  assert.deepEqual(ids(...made), ['1', '2', '3']);
});

it('a file that is made once and listed twice is one', () => {
  assert.deepEqual(ids([listed('1', 'a.csv')], [listed('1', 'a.csv')]), ['1']);
});
