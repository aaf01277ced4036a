import fc from 'fast-check';
import type { Citation, RunError, StepOutput, TextPart, Usage } from '../../src/core/events.ts';
import type { ContainerFile } from '../../src/core/files.ts';
import type { AnswerMessage, CodeStep, RunItem, RunState } from '../../src/core/runState.ts';
import type { Attachment, Notice, RunEntry, SentFile, SessionState } from '../../src/core/session.ts';
import type { StoredSession } from '../../src/core/stored/storedSession.ts';

/** Any session that the types allow, hostile texts included. */

const words = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({ maxLength: 30 }),
  fc.constantFrom(
    '',
    '__proto__',
    '```',
    '# %%',
    '\r\n',
    '\u2028',
    '\ud800',
    '{"kind":"code"}',
    'sandbox:/mnt/data/a b.csv',
  ),
);
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const place = fc.nat(1_000);
const time = fc.integer({ min: 0, max: 2 ** 45 });
const status = fc.constantFrom('in_progress', 'interpreting', 'completed', 'incomplete', 'failed' as const);
const hash = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 64 });

const error: fc.Arbitrary<RunError> = fc.record(
  {
    kind: fc.constantFrom('server', 'window_closed', 'other_gateway', 'stream_cut' as const),
    status: place,
    requestId: words,
    detail: words,
    retryAt: time,
  },
  { requiredKeys: ['kind'] },
);
const citation: fc.Arbitrary<Citation> = fc.record({
  containerId: words,
  fileId: words,
  filename: words,
  startIndex: place,
  endIndex: place,
});
const part: fc.Arbitrary<TextPart> = fc.record({
  text: words,
  refusal: fc.boolean(),
  citations: fc.array(citation, { maxLength: 2 }),
});
const output: fc.Arbitrary<StepOutput> = fc.oneof(
  fc.record({ type: fc.constant('logs' as const), logs: words }),
  fc.record({
    type: fc.constant('image' as const),
    url: fc.oneof(
      words,
      hash.map((sha256) => `image:${sha256}`),
    ),
  }),
);
const step: fc.Arbitrary<CodeStep> = fc.record({
  kind: fc.constant('code' as const),
  outputIndex: place,
  itemId: words,
  status,
  code: words,
  containerId: maybe(words),
  outputs: maybe(fc.array(output, { maxLength: 3 })),
  startedAt: time,
  interpretingAt: maybe(time),
  endedAt: maybe(time),
});
const message: fc.Arbitrary<AnswerMessage> = fc.record({
  kind: fc.constant('message' as const),
  outputIndex: place,
  itemId: words,
  status,
  parts: fc.array(part, { maxLength: 2 }),
});
const usage: fc.Arbitrary<Usage> = fc.record({
  inputTokens: maybe(place),
  outputTokens: maybe(place),
  totalTokens: maybe(place),
  cost: maybe(fc.constantFrom(0.25, 1e-9)),
});
const runState: fc.Arbitrary<RunState> = fc.record({
  status: fc.constantFrom(
    'queued',
    'in_progress',
    'completed',
    'incomplete',
    'failed',
    'cut',
    'cancelled' as const,
  ),
  responseId: maybe(words),
  model: maybe(words),
  items: fc.array(fc.oneof<fc.Arbitrary<RunItem>[]>(step, message), { maxLength: 4 }),
  usage: maybe(usage),
  incompleteReason: maybe(words),
  error: maybe(error),
  unknownEvents: place,
  lastSequence: maybe(place),
  interrupted: fc.array(fc.record({ place, status }), { maxLength: 2 }),
  waiting: maybe(fc.record({ error, attempt: place, until: time })),
  lastEventAt: time,
  endedAt: maybe(time),
});
const file: fc.Arbitrary<ContainerFile> = fc.record({
  id: words,
  containerId: words,
  path: words,
  bytes: maybe(place),
  createdAt: maybe(place),
  source: maybe(fc.constantFrom('user', 'assistant' as const)),
});
const loss = fc.constantFrom('expired', 'gone', 'local_restarted' as const);
const notice: fc.Arbitrary<Notice> = fc.oneof<fc.Arbitrary<Notice>[]>(
  fc.record({ kind: fc.constantFrom('only_logs', 'end_unknown', 'not_cancelled' as const) }),
  fc.record({ kind: fc.constant('files_left_out' as const), names: fc.array(words, { maxLength: 2 }) }),
  fc.record({
    kind: fc.constant('container_renewed' as const),
    loss,
    restored: place,
    changed: fc.array(words, { maxLength: 2 }),
    leftOut: fc.array(words, { maxLength: 2 }),
  }),
);
const attachment: fc.Arbitrary<Attachment> = fc.record(
  { id: words, name: words, size: place, part: fc.constantFrom('unsaved', 'selection' as const) },
  { requiredKeys: ['id', 'name', 'size'] },
);
const run: fc.Arbitrary<RunEntry> = fc.record({
  id: words,
  prompt: words,
  attachments: fc.array(attachment, { maxLength: 2 }),
  requestedAt: time,
  background: fc.boolean(),
  upload: maybe(fc.record({ name: words, place, count: place, sent: place, size: place })),
  state: runState,
  files: fc.array(file, { maxLength: 2 }),
  listed: fc.array(file, { maxLength: 2 }),
  notices: fc.array(notice, { maxLength: 2 }),
});
const sent: fc.Arbitrary<SentFile> = fc.record({
  name: words,
  size: place,
  sha256: hash,
  at: time,
  gateway: words,
  containerId: words,
  path: words,
  uri: maybe(words),
});

const session: fc.Arbitrary<SessionState> = fc.record({
  id: fc.uuid(),
  title: words,
  gateway: fc.record({ name: words, local: fc.boolean(), model: words }),
  container: maybe(fc.record({ id: words, lastUsedAt: time, lifeMinutes: place })),
  runs: fc.array(run, { maxLength: 3 }),
  attachments: fc.array(attachment, { maxLength: 2 }),
  sent: fc.array(sent, { maxLength: 2 }),
});

const stored: fc.Arbitrary<StoredSession> = fc.record({
  state: session,
  gatewayId: maybe(words),
  chain: fc.record({
    start: place,
    knownFiles: fc.array(words, { maxLength: 2 }),
    loss: maybe(loss),
    answersKept: fc.boolean(),
  }),
  inputs: fc.array(
    fc.record({
      name: words,
      uri: maybe(words),
      size: place,
      sha256: hash,
      containerId: words,
      path: words,
      kept: fc.boolean(),
    }),
    { maxLength: 2 },
  ),
  waiting: fc.array(
    fc.record({ attachment, at: time, uri: maybe(words), origin: maybe(words), copy: maybe(hash) }),
    { maxLength: 2 },
  ),
  messages: fc.array(
    fc.record({
      runId: words,
      text: words,
      forceCode: fc.boolean(),
      withoutAttachments: fc.boolean(),
      origin: maybe(words),
      files: fc.array(fc.record({ name: words, path: words }), { maxLength: 2 }),
    }),
    { maxLength: 2 },
  ),
  pictures: fc.uniqueArray(
    fc.record({ key: words, mime: fc.constantFrom('image/png', 'image/jpeg'), sha256: hash, size: place }),
    { maxLength: 4, selector: ({ key }) => key },
  ),
});

// Records of fast-check may have no prototype, which no session lacks.
export const anySession: fc.Arbitrary<SessionState> = session.map((value) => structuredClone(value));
export const anyStored: fc.Arbitrary<StoredSession> = stored.map((value) => structuredClone(value));
