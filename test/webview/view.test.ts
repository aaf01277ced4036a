import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newSession, reduceSession, type SessionEvent, type SessionState } from '../../src/core/session.ts';
import { makeTranslate } from '../../src/core/translate.ts';
import { announcement } from '../../src/webview/announce.ts';
import { SessionViewer } from '../../src/webview/view/view.ts';
import { lifeWords } from '../../src/webview/view/viewFooter.ts';
import type { AnswerView, SessionView, StepView } from '../../src/webview/view/viewTypes.ts';
import { recording, Script, wire } from './wireEvents.ts';

const language = { t: makeTranslate({}), lang: 'en' };
const gateway = { name: 'Local', local: true, model: 'built-in' };
const remote = { name: 'https://llm.example.com', local: false, model: 'gpt-5' };
const PNG = 'data:image/png;base64,AAAA';

function apply(events: readonly SessionEvent[], label = remote): SessionState {
  return events.reduce(reduceSession, newSession('s', label));
}

function view(script: Script, label = remote): SessionView {
  return new SessionViewer(language).view(apply(script.events, label));
}

function steps(of: SessionView): StepView[] {
  return of.runs.flatMap((run) => run.blocks.filter((block) => block.kind === 'step'));
}

test('a run reads in the order in which it happened', () => {
  const script = new Script('r', 'p', 0)
    .text('First.')
    .step({ code: 'x', logs: '1' })
    .step({ code: 'y' })
    .text('Last.')
    .end();
  const blocks = view(script).runs[0]?.blocks ?? [];
  assert.deepEqual(
    blocks.map((block) => (block.kind === 'step' ? `step ${block.number}` : block.text)),
    ['First.', 'step 1', 'step 2', 'Last.'],
  );
});

test('a step says what it is doing', () => {
  const phases = (until?: 'writing' | 'running') =>
    steps(view(new Script('r', 'p', 0).step({ code: '# Load it\nx = 1\n', ...(until && { until }) })))[0];
  assert.equal(phases('writing')?.phase, 'writing');
  assert.equal(phases('running')?.phase, 'running');
  assert.equal(phases()?.phase, 'done');
  assert.equal(phases()?.title, 'Load it');
  const raised = 'Traceback (most recent call last):\n  File "x"\nKeyError: 1';
  const failed = steps(view(new Script('r', 'p', 0).step({ code: 'x', logs: raised })))[0];
  assert.deepEqual([failed?.phase, failed?.words], ['raised', 'KeyError']);
});

test('pictures are there before the answer, each once', () => {
  const script = new Script('r', 'p', 0).step({ code: 'plt.title("Sales")\n', images: [PNG] });
  const [step] = steps(view(script));
  assert.equal(step?.pictures.length, 1);
  assert.equal(step?.pictures[0]?.alt, 'Chart: Sales');
  script.step({ code: 'again', images: [PNG] });
  assert.deepEqual(
    steps(view(script)).map((one) => one.pictures.length),
    [1, 0],
  );
});

test('a file that a step already shows is not shown again, it stays a link and a file', () => {
  const text = '![chart](sandbox:/mnt/data/chart.png)';
  const cited = [
    { filename: 'chart.png', fileId: 'cfile_1' },
    { filename: 'cfile_2.png', fileId: 'cfile_2' },
  ];
  const [run] = view(
    new Script('r', 'p', 0)
      .step({ code: 'x', images: [PNG] })
      .text(text, cited)
      .end(),
  ).runs;
  const answer = run?.blocks.find((block): block is AnswerView => block.kind === 'answer');
  assert.deepEqual(answer?.links.embeds, []);
  assert.deepEqual(run?.pictures, []);
  assert.deepEqual(
    run?.files.map((file) => file.filename),
    ['chart.png'],
  );
});

test('where no step shows a picture, the answer does, and else the end of the run', () => {
  const cited = [
    { filename: 'a.png', fileId: 'cfile_1' },
    { filename: 'b.png', fileId: 'cfile_2' },
  ];
  const [run] = view(
    new Script('r', 'p', 0).step({ code: 'x' }).text('![a](sandbox:/mnt/data/a.png) and more', cited).end(),
  ).runs;
  const answer = run?.blocks.find((block): block is AnswerView => block.kind === 'answer');
  assert.deepEqual(answer?.links.embeds, ['file:cntr_68e1f2a39f2a/cfile_1']);
  assert.deepEqual(
    run?.pictures.map((picture) => picture.caption),
    ['b.png'],
  );
});

test('a figure that was also saved under a name is shown once, by its name', () => {
  const cited = [
    { filename: 'cfile_9.png', fileId: 'cfile_9' },
    { filename: 'plot.png', fileId: 'cfile_1' },
  ];
  const [run] = view(new Script('r', 'p', 0).step({ code: 'x' }).text('Done.', cited).end()).runs;
  assert.deepEqual(
    run?.pictures.map((picture) => picture.caption),
    ['plot.png'],
  );
});

test('cost is reported, unknown or free, never invented', () => {
  const facts = (script: Script, label = remote) =>
    view(script, label).runs[0]?.footer?.facts.map((fact) => fact.text) ?? [];
  assert.ok(facts(new Script('r', 'p', 0).text('x').end()).includes('$0.0123'));
  assert.ok(facts(new Script('r', 'p', 0).text('x').end('completed', {})).includes('cost unknown'));
  assert.ok(facts(new Script('r', 'p', 0).text('x').end(), gateway).includes('free'));
});

test('every way to end is said in words', () => {
  const ended = (script: Script) => view(script).runs[0];
  assert.match(ended(new Script('r', 'p', 0).add({ type: 'run.cancelled' }))?.ending?.text ?? '', /^Stopped/);
  assert.match(
    ended(
      new Script('r', 'p', 0)
        .text('x')
        .end('incomplete', { incomplete_details: { reason: 'max_output_tokens' } }),
    )?.ending?.text ?? '',
    /limit/,
  );
  assert.match(
    ended(new Script('r', 'p', 0).add({ type: 'run.cut', error: { kind: 'stream_cut' } }))?.error?.sentence ??
      '',
    /ended before/,
  );
  const failed = ended(
    new Script('r', 'p', 0).add({ type: 'run.failed', error: { kind: 'key_rejected', status: 401 } }),
  );
  assert.equal(failed?.error?.action?.action, 'setUpGateway');
  assert.match(failed?.error?.detail ?? '', /401/);
  assert.match(ended(new Script('r', 'p', 0).end())?.ending?.text ?? '', /without an answer/);
});

test('runs that did not change give the same view again', () => {
  const viewer = new SessionViewer(language);
  const first = new Script('r1', 'p', 0).text('x').end();
  const second = new Script('r2', 'p', 1).text('a');
  let session = apply([...first.events, ...second.events]);
  const before = viewer.view(session);
  session = reduceSession(session, {
    type: 'run.event',
    runId: 'r2',
    at: 9,
    event: wire('response.output_text.delta', { output_index: 0, delta: 'b' }),
  });
  const after = viewer.view(session);
  assert.equal(after.runs[0], before.runs[0]);
  assert.notEqual(after.runs[1], before.runs[1]);
  assert.equal(viewer.view(session).runs[1], after.runs[1]);
});

test('the status line speaks at start, at each step and at the end, and not for text', () => {
  const viewer = new SessionViewer(language);
  const spoken: string[] = [];
  let session = newSession('s', remote);
  let shown = viewer.view(session);
  const script = new Script('r', 'p', 0)
    .step({ code: 'x = 1\n', images: [PNG] })
    .text('A long answer in many pieces.')
    .end();
  for (const event of script.events) {
    session = reduceSession(session, event);
    const next = viewer.view(session);
    const words = announcement(shown, next, language.t);
    if (words) spoken.push(words);
    shown = next;
  }
  assert.deepEqual(spoken, [
    'Run started',
    'Step 1: writing code',
    'Step 1: running',
    'Run finished. 1 picture.',
  ]);
});

test('the files are counted once all of them are known, and once only', () => {
  const spoken = (script: Script, perView = 1) => {
    const viewer = new SessionViewer(language);
    let session = newSession('s', remote);
    let shown = viewer.view(session);
    const said: string[] = [];
    for (const [place, event] of script.events.entries()) {
      session = reduceSession(session, event);
      if ((place + 1) % perView !== 0 && place !== script.events.length - 1) continue;
      const next = viewer.view(session);
      const words = announcement(shown, next, language.t);
      if (words) said.push(words);
      shown = next;
    }
    return said.slice(-2);
  };
  const cited = () =>
    new Script('r', 'p', 0)
      .step({ code: 'x = 1\n' })
      .text('[a](sandbox:/mnt/data/a.csv)', [{ filename: 'a.csv', fileId: 'cfile_0' }])
      .end();
  assert.deepEqual(spoken(cited().files(['a.csv', 'b.csv', 'c.csv'])), ['Run finished.', '3 files made']);
  assert.deepEqual(spoken(cited().notice({ kind: 'files_unlisted' })), ['Run finished.', '1 file made']);
  const [, last] = spoken(cited().files(['a.csv', 'b.csv']), cited().events.length - 1);
  assert.equal(last, 'Run finished. 2 files.');
  const silent = new Script('r', 'p', 0).step({ code: 'x = 1\n' }).text('Nothing.').end().files([]);
  assert.deepEqual(spoken(silent), ['Step 1: running', 'Run finished.']);
});

test('the life of a container is counted by the clock given', () => {
  assert.equal(lifeWords(20 * 60_000, 0, language), '20 min left');
  assert.equal(lifeWords(60_000, 30_000, language), '1 min left');
  assert.equal(lifeWords(60_000, 60_000, language), 'expired');
});

test('names that would turn text around are made harmless', () => {
  const [run] = view(new Script('r', 'p', 0).text('x').end().files(['re\u202Egnp.exe'])).runs;
  assert.equal(run?.files[0]?.name, 're\uFFFDgnp.exe');
  assert.equal(run?.files[0]?.filename, 're\u202Egnp.exe');
});

test('a recorded run shows its code, one picture and its file', (context) => {
  const events = recording('stream-image-and-file.sse');
  if (!events) {
    context.skip('recordings are not here');
    return;
  }
  const script = new Script('r', 'p', 0);
  for (const event of events) script.add(event);
  const shown = view(script);
  assert.equal(steps(shown).length, 1);
  assert.equal(steps(shown)[0]?.pictures.length, 1);
  assert.deepEqual(shown.runs[0]?.pictures, []);
  assert.equal(shown.runs[0]?.files.length, 1);
});
