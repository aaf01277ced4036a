import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { before, it } from 'node:test';
import {
  ASIDE,
  assertDownloaded,
  assertRefused,
  type ClientsTarget,
  kinds,
  nativeId,
  type Way,
} from './clientsTarget.ts';
import { openaiContainers } from './openaiPythonContainers.ts';
import { openaiErrors } from './openaiPythonErrors.ts';
import { runPythonClient, type Seen } from './pythonClient.ts';
import { root } from './tools.ts';

const CODE_EVENTS = [
  'response.output_item.added',
  'response.code_interpreter_call.in_progress',
  'response.code_interpreter_call_code.delta',
  'response.code_interpreter_call_code.done',
  'response.code_interpreter_call.interpreting',
  'response.code_interpreter_call.completed',
  'response.output_item.done',
];
const messageEvents = (...annotations: readonly string[]) => [
  'response.output_item.added',
  'response.content_part.added',
  'response.output_text.delta',
  ...annotations,
  'response.output_text.done',
  'response.content_part.done',
  'response.output_item.done',
];
const BEGIN = ['response.created', 'response.in_progress'];
export const RUN_EVENTS = [...BEGIN, ...CODE_EVENTS, ...messageEvents(), 'response.completed'];
export const CHART_EVENTS = [
  ...BEGIN,
  ...CODE_EVENTS,
  ...messageEvents('response.output_text.annotation.added'),
  'response.completed',
];

/** The class of the official client for each type of event. */
const EVENT_CLASSES = [
  'response.code_interpreter_call.completed ResponseCodeInterpreterCallCompletedEvent',
  'response.code_interpreter_call.in_progress ResponseCodeInterpreterCallInProgressEvent',
  'response.code_interpreter_call.interpreting ResponseCodeInterpreterCallInterpretingEvent',
  'response.code_interpreter_call_code.delta ResponseCodeInterpreterCallCodeDeltaEvent',
  'response.code_interpreter_call_code.done ResponseCodeInterpreterCallCodeDoneEvent',
  'response.completed ResponseCompletedEvent',
  'response.content_part.added ResponseContentPartAddedEvent',
  'response.content_part.done ResponseContentPartDoneEvent',
  'response.created ResponseCreatedEvent',
  'response.in_progress ResponseInProgressEvent',
  'response.output_item.added ResponseOutputItemAddedEvent',
  'response.output_item.done ResponseOutputItemDoneEvent',
  'response.output_text.annotation.added ResponseOutputTextAnnotationAddedEvent',
  'response.output_text.delta ResponseTextDeltaEvent',
  'response.output_text.done ResponseTextDoneEvent',
];

function assertNoComplaints(complaints: unknown): void {
  assert.deepEqual(complaints, []);
}

/** Fields that the hosted service sends (recordings) and the client's classes do not have. */
const BEYOND_THE_CLASSES = ['.frequency_penalty', '.presence_penalty', '.store'];

/** What LiteLLM adds to the usage of an answer that is not streamed. */
const LITELLM_USAGE = [
  '.usage.cost',
  ...['audio_tokens', 'cached_tokens_details', 'image_tokens', 'text_tokens', 'video_tokens'].map(
    (name) => `.usage.input_tokens_details.${name}`,
  ),
  '.usage.output_tokens_details.audio_tokens',
  '.usage.output_tokens_details.text_tokens',
];

/** What the official `openai` of PyPI must see at the local gateway, and through LiteLLM before it. */
export function openaiPythonJob(get: () => ClientsTarget, way: Way): void {
  let seen: Seen;
  const litellm = way === 'through LiteLLM';
  before(async () => {
    const { gateway, given } = get();
    seen = await runPythonClient('openaiJob.py', gateway, {
      ...given,
      ...(litellm ? { aside: ASIDE.openai, proxy: true } : { aside: 'built-in' }),
    });
  });

  it('is the version of the requirements, and lists the models', () => {
    const { openai, models } = seen.of('versions');
    const pins = readFileSync(path.join(root, 'test', 'litellm', 'requirements.txt'), 'utf8');
    assert.match(pins, new RegExp(`^openai==${String(openai).replaceAll('.', '\\.')} `, 'm'));
    assert.deepEqual([...(models as string[])].sort(), [...get().models].sort());
  });

  it('runs the example of the page, and downloads what was made', async () => {
    const plain = seen.of('plain');
    assert.deepEqual(plain['classes'], [
      'ResponseCodeInterpreterToolCall',
      'ResponseOutputMessage',
      'ResponseOutputText',
    ]);
    assert.equal(plain['outputs'], null, 'they were not asked for');
    assert.match(String(plain['text']), /\b1597, 2584, 4181\b/);
    assert.match(String(plain['text']), /\(sandbox:\/mnt\/data\/fibonacci\.png\)/);
    assert.deepEqual(await assertDownloaded(get().upstream, plain['files']), ['fibonacci.png', 'figure.png']);
    assert.equal(plain['same'], true, 'the classes hold all that was sent');
    assertNoComplaints(plain['complaints']);
    assert.deepEqual(plain['unknown'], [...BEYOND_THE_CLASSES, ...(litellm ? LITELLM_USAGE : [])]);
  });

  it('cites the files in classes of its own', () => {
    const { annotations, container_id: containerId, files, text } = seen.of('plain');
    assert.ok(Array.isArray(annotations));
    const [figure, saved] = annotations.map(([kind, fields]) => ({ kind, ...fields }));
    assert.deepEqual(
      [figure.kind, saved.kind, figure.container_id, saved.container_id],
      ['AnnotationContainerFileCitation', 'AnnotationContainerFileCitation', containerId, containerId],
    );
    assert.equal(String(text).slice(saved.start_index, saved.end_index), 'sandbox:/mnt/data/fibonacci.png');
    const listed = Object.values(files as Record<string, { id: string; container_id: string }>);
    assert.deepEqual([figure.file_id, saved.file_id].sort(), listed.map((file) => file.id).sort());
    assert.deepEqual(new Set(listed.map((file) => file.container_id)), new Set([nativeId(containerId)]));
    assert.equal(String(containerId) === nativeId(containerId), !litellm, 'LiteLLM rewrites the id');
  });

  it('parses every event of a stream as the class that is meant for it', () => {
    const streamed = seen.of('streamed');
    assert.deepEqual(kinds(streamed['order']), CHART_EVENTS);
    assert.deepEqual(streamed['classes'], EVENT_CLASSES);
    assertNoComplaints(streamed['complaints']);
    const beyond = BEYOND_THE_CLASSES.map((field) => `.response${field}`);
    // LiteLLM adds the model to each event.
    assert.deepEqual(streamed['unknown'], litellm ? ['.model', ...beyond] : beyond);
    assert.equal(streamed['numbers'], true, 'numbered from 0 without a gap');
  });

  it('streams what the answer then holds', async () => {
    const streamed = seen.of('streamed');
    assert.equal(streamed['status'], 'completed');
    assert.equal(streamed['code'], 1, 'the same code in deltas, at the end, in the item and in the answer');
    assert.equal(streamed['text'], 1, 'the same text');
    assert.equal(streamed['annotations'], true);
    assert.equal(streamed['items'], true);
    const files = streamed['files'] as Record<string, { id: string; sha256: string }>;
    assert.deepEqual(await assertDownloaded(get().upstream, files), [
      'figure.png',
      'sample_sales.csv',
      'sample_sales.png',
    ]);
    const ids = Object.values(files).map((file) => file.id);
    assert.deepEqual([...(streamed['cited'] as string[])].sort(), ids.sort());
    const [kind, image] = streamed['image'] as [string, { sha256: string }];
    const figure = Object.entries(files).find(([name]) => name.startsWith('cfile_'));
    assert.deepEqual([kind, image.sha256], ['OutputImage', figure?.[1].sha256], 'the figure is a file too');
  });

  it('streams with its helper, which checks the order of events', () => {
    const { order, ...rest } = seen.of('helped');
    assert.deepEqual(kinds(order), RUN_EVENTS);
    assert.deepEqual(rest, {
      snapshot: ['The code ran to its end.'],
      class: 'ResponseCodeInterpreterToolCall',
      logs: 'over the helper\n42\n',
      text: 'The code ran to its end.',
    });
  });

  it('goes on in the container of an answer', () => {
    const chained = seen.of('chained');
    assert.deepEqual(chained['by_id'], ['42 kept\n', true]);
    assert.equal(chained['deleted'], null);
    if (litellm) {
      // LiteLLM drops `include` of a GET, and does not take its own id out of the items that are sent back.
      assert.deepEqual(chained['retrieved'], ['', null]);
      assertRefused(chained, { by_items: ['BadRequestError', 400, '400', /Container is expired/] });
    } else {
      assert.deepEqual(chained['retrieved'], ['42 kept\n', null]);
      assert.deepEqual(chained['by_items'], ['42 kept\n', true]);
    }
  });

  it('sends a file, a picture and words in one message', () => {
    assert.deepEqual(seen.of('attached'), { logs: '42\n' });
  });

  it('gets the traceback of failing code as what it printed', () => {
    const { status, logs } = seen.of('failing');
    assert.deepEqual(status, ['completed', 'completed']);
    assert.match(String(logs), /^before\nTraceback .*\n(.*\n)*ZeroDivisionError: division by zero\n/);
  });

  it('runs in the background, takes a stream up again, and cancels', () => {
    const { status, logs, types, gapless, rest, rest_logs: restLogs, cancelled } = seen.of('background');
    assert.ok(Array.isArray(status));
    assert.equal(status[0], 'queued');
    assert.equal(status[1], 'completed');
    const begun = ['response.created', 'response.queued', 'response.in_progress', ...CODE_EVENTS.slice(0, 2)];
    assert.deepEqual(types, begun);
    assert.equal(cancelled, 'cancelled');
    if (litellm) {
      // It answers 200 with nothing (BerriAI/litellm#26671), and drops `include`.
      assert.deepEqual([logs, rest], ['', []]);
    } else {
      assert.deepEqual([logs, restLogs, gapless], ['in the background\n', 'taken up\n', true]);
      assert.deepEqual(
        [...types, ...kinds(rest)],
        ['response.created', 'response.queued', ...RUN_EVENTS.slice(1)],
      );
    }
  });

  it('leaves a stream, which ends its run and keeps its container', () => {
    assert.deepEqual(seen.of('left'), { logs: '7\n' });
  });

  it('does two runs at once', () => {
    assert.deepEqual(seen.of('at_once'), { logs: ['1\n', '2\n'], apart: true });
  });

  it('streams and downloads asynchronously', async () => {
    const { order, files } = seen.of('streamed_and_downloaded');
    assert.deepEqual(kinds(order), CHART_EVENTS);
    assert.deepEqual(await assertDownloaded(get().upstream, files), ['figure.png', 'market_share.png']);
  });

  it('ends the run of a task that is cancelled', () => {
    const { gone, ...rest } = seen.of('given_up');
    assert.deepEqual(rest, { cancelled: true, logs: '1\n' });
    assertRefused({ gone }, { gone: ['NotFoundError', 404, litellm ? '404' : null, /not found/] });
  });

  openaiContainers(() => seen, litellm);
  openaiErrors(() => seen, litellm);
}
