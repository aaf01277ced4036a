import assert from 'node:assert/strict';
import { it } from 'node:test';
import { newSession, reduceSession, type UploadProgress } from '../../src/core/session.ts';
import { makeTranslate } from '../../src/core/translate.ts';
import { progressView } from '../../src/webview/view/viewProgress.ts';
import { noticeText } from '../../src/webview/view/words.ts';

const language = { t: makeTranslate({}), lang: 'en' };

/** What the line below the run says while files are on their way. */
function said(upload: UploadProgress | undefined): string | undefined {
  const label = { name: 'g', local: false, model: 'm' };
  const requested = {
    type: 'run.requested',
    runId: 'r',
    prompt: 'p',
    attachments: [],
    background: false,
    at: 0,
  } as const;
  const session = [requested, { type: 'run.upload', runId: 'r', upload } as const].reduce(
    reduceSession,
    newSession('s', label),
  );
  const [run] = session.runs;
  return run && progressView(run, language)?.activity?.text;
}

it('an upload says which file it is at, and how far it has come', () => {
  const upload = { name: 'data/sales.csv', place: 1, count: 1, sent: 1024 * 1024, size: 10 * 1024 * 1024 };
  assert.equal(said(upload), 'Uploading data/sales.csv: 1.0 MB of 10 MB');
  assert.equal(
    said({ ...upload, place: 2, count: 5 }),
    'Uploading data/sales.csv: 1.0 MB of 10 MB (file 2 of 5)',
  );
  assert.equal(said(undefined), 'Waiting for the model');
});

it('what was not sent by choice is named, with nothing hostile in a name', () => {
  const words = noticeText({ kind: 'files_left_out', names: ['.env', 'a\u202eb.csv'] }, language);
  assert.match(words, /^Not sent, as you chose: .*\.env/);
  assert.ok(!words.includes('\u202e'));
});
