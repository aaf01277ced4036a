import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunEvent } from '../../src/core/events.ts';
import {
  newSession,
  reduceSession,
  type SessionContainer,
  type SessionEvent,
  type SessionState,
  withheld,
} from '../../src/core/session.ts';
import { makeTranslate } from '../../src/core/translate.ts';
import { SessionViewer } from '../../src/webview/view/view.ts';
import { progressLine } from '../../src/webview/view/viewProgress.ts';
import type { RunView } from '../../src/webview/view/viewTypes.ts';
import { noticeText } from '../../src/webview/view/words.ts';
import { Script, wire } from './wireEvents.ts';

const language = { t: makeTranslate({}), lang: 'en' };
const remote = { name: 'https://llm.example.com', local: false, model: 'gpt-5' };
const PNG = 'data:image/png;base64,AAAA';

function apply(events: readonly SessionEvent[]): SessionState {
  return events.reduce(reduceSession, newSession('s', remote));
}

function run(script: Script): RunView {
  const [shown] = new SessionViewer(language).view(apply(script.events)).runs;
  assert.ok(shown);
  return shown;
}

const cut: RunEvent = { type: 'run.cut', error: { kind: 'connection_lost' } };

test('a cut run keeps what came, and can be asked about before it is run again', () => {
  const { error, blocks } = run(new Script('r', 'p', 0).text('so far').add(cut));
  assert.equal(blocks.length, 1);
  assert.equal(error?.resume, 'Ask How It Ended');
  assert.equal(error?.action?.action, 'retry');
  assert.equal(
    error?.sentence,
    'The connection to the gateway was lost. What had arrived is kept; the run may have gone on at the gateway.',
  );
});

test('a cut run in the background can be resumed', () => {
  const { error } = run(new Script('r', 'p', 0, [], true).text('so far').add(cut));
  assert.equal(error?.resume, 'Resume');
  assert.match(error?.sentence ?? '', /the run goes on at the gateway\.$/);
  const forgotten = new Script('r', 'p', 0, [], true).text('so far').add(cut).notice({ kind: 'end_unknown' });
  assert.match(run(forgotten).error?.sentence ?? '', /the run may have gone on at the gateway\.$/);
});

test('what cannot be resumed offers it no more: no id, another run since, a gateway that does not know', () => {
  const script = new Script('r', 'p', 0).text('so far').add(cut);
  const events: readonly SessionEvent[] = [...script.events, ...new Script('r2', 'p', 9).end().events];
  assert.equal(new SessionViewer(language).view(apply(events)).runs[0]?.error?.resume, undefined);
  const told = run(script.notice({ kind: 'end_unknown' }));
  assert.equal(told.error?.resume, undefined);
  assert.deepEqual(told.notices, ['The gateway does not know any more how this run ended.']);
  const unnamed = script.events.filter(
    (event) => event.type !== 'run.event' || event.event.type !== 'response.created',
  );
  assert.equal(new SessionViewer(language).view(apply(unnamed)).runs[0]?.error?.resume, undefined);
});

test('a wait says why and counts down, then that it is being tried, then that there is no news', () => {
  const wait: RunEvent = {
    type: 'run.waiting',
    error: { kind: 'server', status: 503, detail: 'Service Unavailable' },
    attempt: 3,
    until: 10_000,
  };
  const { progress } = run(new Script('r', 'p', 0).add(wait));
  assert.ok(progress);
  const words = (now: number) => {
    const { kind, words, time } = progressLine(progress, now, language);
    return `${kind}: ${words} ${time}`;
  };
  const why = 'waiting: The gateway or its provider failed: Service Unavailable.';
  assert.equal(words(2_000), `${why} Trying again in 8 s (attempt 3).`);
  assert.equal(words(10_000), `${why} Trying again now (attempt 3).`);
  assert.equal(words(29_000), `${why} Trying again now (attempt 3).`);
  assert.equal(words(31_000), 'silent: The gateway may still be working. No news for 21 s.');
  assert.equal(run(new Script('r', 'p', 0).add(wait).text('x')).progress?.waiting, undefined);
});

test('an expired container and what became of its files is said before the rest', () => {
  const renewed = (restored: number, changed: string[] = [], leftOut: string[] = []) => {
    const script = new Script('r', 'p', 0).notice({
      kind: 'container_renewed',
      loss: 'expired',
      restored,
      changed,
      leftOut,
    });
    return run(script).preface.join();
  };
  assert.equal(
    renewed(0),
    'The container had expired, so a new one is used: variables and files of the old one are gone.',
  );
  assert.equal(
    renewed(1),
    'The container had expired, so a new one is used: variables and other files of the old one are gone.\n1 attached file was uploaded again.',
  );
  assert.equal(
    renewed(2, ['a.csv'], ['b\u202Efdp.exe', 'c.txt']),
    'The container had expired, so a new one is used: variables and other files of the old one are gone.\n2 attached files were uploaded again.\nChanged or gone since, so the version sent before was used: a.csv\nChanged or gone since, so left out: b\uFFFDfdp.exe, c.txt',
  );
});

test('what a provider keeps to itself is said as it is', () => {
  const said = (call: object, container?: SessionContainer) => {
    const item = { type: 'code_interpreter_call', id: 'ci_1', status: 'completed', code: 'x', ...call };
    const done = wire('response.completed', { response: { id: 'r', status: 'completed', output: [item] } });
    const [entry] = apply(new Script('r', 'p', 0).add(done).events).runs;
    assert.ok(entry);
    const notice = withheld(entry, container);
    return notice && noticeText(notice, language);
  };
  const logs = [{ type: 'logs', logs: '1' }];
  const image = [{ type: 'image', url: PNG }];
  const known = { id: 'cntr_1', lastUsedAt: 0, lifeMinutes: 20 };
  assert.equal(said({ container_id: 'cntr_1', outputs: logs }), undefined);
  assert.equal(said({ outputs: logs }, known), undefined);
  assert.equal(
    said({ container_id: 'cntr_1', outputs: null }),
    'This gateway does not pass on what the code printed and drew.',
  );
  assert.equal(
    said({ container_id: '', outputs: logs }),
    'This provider passes on only what the code printed: pictures that it drew and files that it made cannot be had here.',
  );
  assert.equal(
    said({ container_id: null, outputs: image }),
    'This provider does not say where the code ran: files that it made cannot be had here.',
  );
  assert.equal(
    said({ outputs: null }),
    'This provider passes on neither what the code printed and drew nor the files that it made.',
  );
});

test('an answer without code withholds nothing', () => {
  const [entry] = apply(new Script('r', 'p', 0).text('Just words.').end().events).runs;
  assert.ok(entry);
  assert.equal(withheld(entry, undefined), undefined);
});

test('a chart that comes as data, as a figure and under its name is shown once', () => {
  const saved = { filename: 'chart.png', fileId: 'cfile_1' };
  const figure = { filename: 'cfile_2.png', fileId: 'cfile_2' };
  const text = 'Here: ![chart](sandbox:/mnt/data/chart.png)';
  const listed = (script: Script): Script => {
    const files = [saved, figure].map(({ filename, fileId }) => ({
      id: fileId,
      containerId: 'cntr_68e1f2a39f2a',
      path: `/mnt/data/${filename}`,
      bytes: undefined,
      createdAt: undefined,
      source: 'assistant' as const,
    }));
    script.events.push({ type: 'run.files', runId: 'r', files, listed: files });
    return script;
  };
  const shown = ({ blocks, pictures }: RunView) => [
    ...blocks.flatMap((block) =>
      block.kind === 'step' ? block.pictures.map(({ key }) => key) : block.links.embeds,
    ),
    ...pictures.map(({ key }) => key),
  ];
  for (const cited of [[saved, figure], [saved], []]) {
    const drawn = run(
      listed(
        new Script('r', 'p', 0)
          .step({ code: 'x', images: [PNG] })
          .text(text, cited)
          .end(),
      ),
    );
    assert.equal(shown(drawn).length, 1, `cited: ${cited.length}`);
    assert.deepEqual(
      drawn.files.map(({ filename }) => filename),
      ['chart.png'],
    );
    // Without the data, the file of the better name is what is shown.
    const kept = run(listed(new Script('r', 'p', 0).step({ code: 'x' }).text(text, cited).end()));
    assert.deepEqual(shown(kept), ['file:cntr_68e1f2a39f2a/cfile_1'], `cited: ${cited.length}`);
  }
});
