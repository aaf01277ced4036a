import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newSession, type SessionEvent } from '../../src/core/session.ts';
import { makeTranslate, readDictionary } from '../../src/core/translate.ts';
import { panelHtml } from '../../src/host/panel/panelHtml.ts';
import { LARGEST_PASTED, LONGEST_PROMPT, parsePanelMessage } from '../../src/protocol.ts';
import { SessionFeed } from '../../src/webview/feed.ts';
import { parseHostMessage } from '../../src/webview/hostMessage.ts';
import { parseRemembered } from '../../src/webview/memory.ts';

const session = newSession('s', { name: 'g', local: true, model: 'm' });
const asked = (runId: string): SessionEvent => ({
  type: 'run.requested',
  runId,
  prompt: 'p',
  attachments: [],
  background: false,
  at: 1,
});

test('strangers are not heard', () => {
  for (const value of [undefined, null, 1, 'snapshot', [], {}, { type: 'other' }, { type: 1 }]) {
    assert.equal(parseHostMessage(value), undefined);
  }
  assert.ok(parseHostMessage({ type: 'focusComposer' }));
});

test('what the panel sends passes the guard of the host, what is almost it does not', () => {
  const file = { type: 'file', verb: 'open', containerId: 'c', fileId: 'f', filename: 'n' };
  assert.deepEqual(parsePanelMessage(file), file);
  assert.deepEqual(parsePanelMessage({ ...file, verb: 'saveAs' }), { ...file, verb: 'saveAs' });
  assert.equal(parsePanelMessage({ ...file, verb: 'delete' }), undefined);
  assert.equal(parsePanelMessage({ ...file, fileId: '' }), undefined);
  assert.equal(parsePanelMessage({ ...file, filename: 'x'.repeat(5_000) }), undefined);
  assert.equal(parsePanelMessage({ type: 'ask', prompt: 'x'.repeat(LONGEST_PROMPT + 1) }), undefined);
  assert.equal(parsePanelMessage({ type: 'errorAction', action: 'format' }), undefined);
  const step = { runId: 'r', outputIndex: 2 };
  for (const verb of ['copy', 'insert', 'open']) {
    const code = { type: 'code', verb, ...step };
    assert.deepEqual(parsePanelMessage(code), code);
  }
  assert.equal(parsePanelMessage({ type: 'code', verb: 'run', ...step }), undefined);
  assert.equal(parsePanelMessage({ type: 'code', verb: 'copy', runId: 'r', outputIndex: '2' }), undefined);
  const uris = { type: 'attachUris', uris: ['file:///a.csv'] };
  assert.deepEqual(parsePanelMessage(uris), uris);
  assert.equal(parsePanelMessage({ ...uris, uris: Array(51).fill('file:///a.csv') }), undefined);
  assert.equal(parsePanelMessage({ ...uris, uris: [1] }), undefined);
  const bytes = { type: 'attachBytes', name: 'a.csv', bytes: new ArrayBuffer(3) };
  assert.deepEqual(parsePanelMessage(bytes), bytes);
  assert.equal(parsePanelMessage({ ...bytes, bytes: 'abc' }), undefined);
  assert.equal(parsePanelMessage({ ...bytes, bytes: new ArrayBuffer(LARGEST_PASTED + 1) }), undefined);
  const picture = { type: 'picture', verb: 'save', source: { from: 'output', key: 'k' }, name: 'Sales' };
  assert.deepEqual(parsePanelMessage(picture), picture);
  assert.equal(parsePanelMessage({ ...picture, source: { from: 'output' } }), undefined);
  assert.equal(parsePanelMessage({ ...picture, verb: 'delete' }), undefined);
  const attached = { from: 'attachment', attachmentId: 'a' };
  assert.equal(parsePanelMessage({ ...picture, source: attached }), undefined);
  assert.deepEqual(parsePanelMessage({ type: 'requestImage', source: attached }), {
    type: 'requestImage',
    source: attached,
  });
  const edited = { type: 'runEdited', ...step, code: 'x = 1' };
  assert.deepEqual(parsePanelMessage(edited), edited);
  assert.equal(parsePanelMessage({ ...edited, code: 1 }), undefined);
  assert.equal(parsePanelMessage({ ...edited, code: 'x'.repeat(LONGEST_PROMPT + 1) }), undefined);
  assert.equal(parsePanelMessage({ type: 'editPrompt' }), undefined);
  assert.equal(parsePanelMessage({ type: 'requestImage', source: { from: 'web', key: 'k' } }), undefined);
});

test('numbered events are applied once and in order, a gap asks for a snapshot and waits for it', () => {
  const feed = new SessionFeed();
  assert.equal(feed.apply({ type: 'events', seq: 0, events: [asked('early')] }), 'unchanged');
  assert.equal(feed.apply({ type: 'snapshot', seq: 4, session }), 'changed');
  assert.equal(feed.apply({ type: 'events', seq: 5, events: [asked('a'), asked('b')] }), 'changed');
  // Sent twice, in part: only the new one counts.
  assert.equal(feed.apply({ type: 'events', seq: 6, events: [asked('b'), asked('c')] }), 'changed');
  assert.deepEqual(
    feed.session?.runs.map((run) => run.id),
    ['a', 'b', 'c'],
  );
  assert.equal(feed.apply({ type: 'events', seq: 9, events: [asked('e')] }), 'gap');
  assert.equal(feed.apply({ type: 'events', seq: 10, events: [asked('f')] }), 'unchanged');
  assert.equal(feed.apply({ type: 'snapshot', seq: 10, session }), 'changed');
  assert.equal(feed.apply({ type: 'events', seq: 11, events: [asked('g')] }), 'changed');
});

test('what is remembered is read with care', () => {
  assert.deepEqual(parseRemembered(undefined), {
    sessionId: undefined,
    draft: '',
    collapsed: [],
    edits: [],
  });
  const edits = [['r step 0', 'x = 1'], ['r', 1], ['r'], 'r'];
  assert.deepEqual(parseRemembered({ sessionId: 's', draft: 3, collapsed: ['a', 1], edits }), {
    sessionId: 's',
    draft: '',
    collapsed: ['a'],
    edits: [['r step 0', 'x = 1']],
  });
});

test('texts come from the dictionary, with their holes filled', () => {
  const t = makeTranslate(readDictionary('{"Step {0}":"Schritt {0}","x":1}'));
  assert.equal(t('Step {0}', '3'), 'Schritt 3');
  assert.equal(t('{0} of {1}', 'a'), 'a of {1}');
  assert.equal(t('toString'), 'toString');
  assert.deepEqual(readDictionary('not json'), {});
});

test('the page allows one script and our styles, and nothing in it can break out', () => {
  const html = panelHtml({
    cspSource: 'https://*.example',
    nonce: 'abc',
    scriptUri: 'https://x/webview.js?a=1&b="2"',
    styleUris: ['https://x/a.css'],
    l10n: { a: '</script><script>alert(1)</script><!--' },
    lang: 'en',
    title: '<b>Title</b>',
  });
  assert.match(
    html,
    /default-src &#39;none&#39;; script-src &#39;nonce-abc&#39;; style-src https:\/\/\*\.example;/,
  );
  assert.doesNotMatch(html, /unsafe|connect-src|<style|onload|style=/);
  assert.equal(html.match(/<script/g)?.length, 2);
  assert.equal(html.match(/<\/script/g)?.length, 2);
  assert.doesNotMatch(html, /<b>|<!--/);
});
