import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type HostMessage,
  LONGEST_PROMPT,
  type PanelMessage,
  parsePanelMessage,
} from '../../src/protocol.ts';
import { parseHostMessage } from '../../src/webview/hostMessage.ts';

const file = { containerId: 'c', fileId: 'f', filename: 'n' };
const step = { runId: 'r', outputIndex: 0 };

/** One good message of each type that the panel sends: a new type is not forgotten, the compiler sees to it. */
const fromPanel: { readonly [K in PanelMessage['type']]: Extract<PanelMessage, { type: K }> } = {
  ready: { type: 'ready' },
  resync: { type: 'resync' },
  requestImage: { type: 'requestImage', source: { from: 'file', ...file } },
  ask: { type: 'ask', prompt: 'p' },
  stop: { type: 'stop' },
  retry: { type: 'retry', runId: 'r' },
  resume: { type: 'resume', runId: 'r' },
  attach: { type: 'attach' },
  detach: { type: 'detach', attachmentId: 'a' },
  file: { type: 'file', verb: 'open', ...file },
  requestTable: { type: 'requestTable', ...file },
  requestHistory: { type: 'requestHistory' },
  attachUris: { type: 'attachUris', uris: ['file:///a'] },
  attachBytes: { type: 'attachBytes', name: 'n', bytes: new ArrayBuffer(1) },
  saveAll: { type: 'saveAll', runId: 'r' },
  picture: { type: 'picture', verb: 'open', source: { from: 'output', key: 'k' }, name: 'n' },
  code: { type: 'code', verb: 'copy', ...step },
  runEdited: { type: 'runEdited', ...step, code: 'x' },
  editPrompt: { type: 'editPrompt', runId: 'r' },
  copyPrompt: { type: 'copyPrompt', runId: 'r' },
  openLink: { type: 'openLink', href: 'https://example.com' },
  errorAction: { type: 'errorAction', action: 'retry', runId: 'r' },
};

const session = { id: 's', gateway: {}, runs: [], attachments: [] };

const table = { header: ['a'], rows: [['1']], numeric: [true], rowCount: 1, columnCount: 1 };

/** One good message of each type that the host sends, as far as the guard looks. */
const fromHost: Readonly<Record<HostMessage['type'], Readonly<Record<string, unknown>>>> = {
  snapshot: { type: 'snapshot', seq: 0, session },
  events: { type: 'events', seq: 1, events: [{ type: 'run.event' }] },
  image: { type: 'image', key: 'k', mime: 'image/png', bytes: new ArrayBuffer(1) },
  imageFailed: { type: 'imageFailed', key: 'k', sentence: 's' },
  focusComposer: { type: 'focusComposer' },
  promptText: { type: 'promptText', text: 't' },
  promptHistory: { type: 'promptHistory', prompts: ['p'] },
  revealRun: { type: 'revealRun', runId: 'r' },
  table: { type: 'table', key: 'k', table },
  tableFailed: { type: 'tableFailed', key: 'k', sentence: 's' },
};

const strange: fc.Arbitrary<unknown> = fc.oneof(
  fc.anything({
    withNullPrototype: true,
    withMap: true,
    withSet: true,
    withTypedArray: true,
    withBigInt: true,
  }),
  fc.constantFrom(
    '__proto__',
    'constructor',
    'toString',
    '',
    '\u0000',
    'x'.repeat(5_000),
    'x'.repeat(LONGEST_PROMPT + 1),
  ),
  fc.constantFrom(Number.NaN, Infinity, -1, 0.5, 2 ** 53, -0, 1e308),
  fc.constantFrom(...Object.values(fromPanel), ...Object.values(fromHost)),
);

/** A good message with some of its fields made strange, gone, or joined by others; or something else altogether. */
function messages(good: readonly object[]): fc.Arbitrary<unknown> {
  const names = [...new Set(good.flatMap((one) => Object.keys(one))), '__proto__', 'constructor', 'x'];
  const changes = fc.array(fc.tuple(fc.constantFrom(...names), fc.option(strange, { nil: undefined })), {
    maxLength: 4,
  });
  const changed = fc.tuple(fc.constantFrom(...good), changes).map(([one, fields]) => {
    const made: Record<string, unknown> = { ...one };
    for (const [name, value] of fields) {
      if (value === undefined) delete made[name];
      else Object.defineProperty(made, name, { value, enumerable: true, configurable: true, writable: true });
    }
    return made;
  });
  const inherited = fc.constantFrom(...good).map((one) => Object.create(one) as unknown);
  return fc.oneof(
    { weight: 8, arbitrary: changed },
    { weight: 1, arbitrary: strange },
    { weight: 1, arbitrary: inherited },
  );
}

/** What passes has only what such a message has, of the same kinds, within limits, and passes again as it is. */
function prove<M extends { readonly type: string }>(
  parse: (value: unknown) => M | undefined,
  good: Readonly<Record<string, object>>,
  longest: number,
): void {
  const before = Object.getOwnPropertyNames(Object.prototype).join();
  for (const one of Object.values(good)) assert.deepEqual(parse(one), one);
  fc.assert(
    fc.property(messages(Object.values(good)), (value) => {
      const message = parse(value);
      if (message === undefined) return;
      const like = good[message.type];
      assert.ok(like && Object.hasOwn(good, message.type), message.type);
      assert.equal(Object.getPrototypeOf(message), Object.prototype);
      assert.deepEqual(Object.keys(message).toSorted(), Object.keys(like).toSorted(), 'its fields');
      for (const [name, found] of Object.entries(message)) {
        checkValue(name, found, Reflect.get(like, name));
        if (typeof found === 'string')
          assert.ok(found.length <= (LONG.has(name) ? LONGEST_PROMPT : longest), name);
      }
      assert.deepEqual(parse(message), message);
    }),
    { numRuns: 20_000 },
  );
  assert.equal(Object.getOwnPropertyNames(Object.prototype).join(), before);
}

const LONG = new Set(['prompt', 'code']);

function checkValue(name: string, found: unknown, like: unknown): void {
  if (found === undefined) assert.match(name, /^(?:runId|table)$/);
  else assert.equal(typeof found, typeof like, name);
  if (typeof found === 'number') assert.ok(Number.isSafeInteger(found) && found >= 0, name);
}

test('whatever the panel says, the host hears one of the messages or nothing', () => {
  prove(parsePanelMessage, fromPanel, 4_096);
});

test('whatever comes to the panel, it hears one of the host’s messages or nothing', () => {
  prove(parseHostMessage, fromHost, Number.POSITIVE_INFINITY);
});
