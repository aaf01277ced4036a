import assert from 'node:assert/strict';
import type { Server } from 'node:http';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, openPanel, play, servePanel } from './harness.ts';
import { scenes } from './scenes.ts';

let browser: Browser;
let served: { readonly server: Server; readonly origin: string };
let page: Page;

before(async () => {
  [browser, served] = await Promise.all([launchBrowser(), servePanel()]);
  page = await openPanel(browser, served.origin, 'dark', 600);
  const scene = scenes().find(({ name }) => name === '01-empty-local');
  assert.ok(scene);
  await play(page, scene);
});

after(async () => {
  await browser?.close();
  served?.server.close();
});

const input = () => page.locator('.composer-input');

/** What the panel has sent since the last look. */
async function posted(): Promise<readonly { readonly type: string; readonly [key: string]: unknown }[]> {
  await page.clock.runFor(50);
  return page.evaluate(() => {
    const messages = (window as unknown as { posted: { type: string; bytes?: ArrayBuffer }[] }).posted;
    return messages
      .splice(0)
      .map(({ bytes, ...rest }) => (bytes ? { ...rest, size: bytes.byteLength } : rest));
  });
}

const fromHost = (message: object) => page.evaluate((sent) => window.postMessage(sent), message);

/** Presses a key, with the wait that lets the cursor move first. */
async function press(key: string): Promise<void> {
  await input().press(key);
  await page.clock.runFor(50);
}

test('up in the first line brings back what was sent, down in the last one the draft', async () => {
  await input().fill('my draft');
  await posted();
  await press('ArrowUp');
  assert.deepEqual(await posted(), [{ type: 'requestHistory' }]);
  const prompts = ['oldest', 'one\ntwo\nthree', 'newest'];
  await fromHost({ type: 'promptHistory', prompts });
  await page.waitForFunction(() => document.querySelector('textarea')?.value === 'newest');
  await press('ArrowUp');
  assert.equal(await input().inputValue(), prompts[1]);
  await press('ArrowUp');
  assert.equal(await input().inputValue(), 'oldest');
  await press('ArrowUp');
  assert.equal(await input().inputValue(), 'oldest');
  await press('ArrowDown');
  assert.equal(await input().inputValue(), prompts[1], 'the cursor is in the last line');
  await press('ArrowUp');
  await press('ArrowUp');
  assert.equal(await input().inputValue(), prompts[1], 'first the cursor goes through the lines');
  await press('ArrowUp');
  assert.equal(await input().inputValue(), 'oldest');
  for (const _ of [1, 2, 3, 4, 5]) await press('ArrowDown');
  assert.equal(await input().inputValue(), 'my draft');
  await press('Control+z');
  assert.equal(await input().inputValue(), 'newest', 'undo leads back too');
});

test('a long line that is wrapped is gone through before what was sent comes', async () => {
  await input().fill('word '.repeat(60));
  await posted();
  await press('ArrowUp');
  assert.deepEqual(await posted(), []);
  for (const _ of [1, 2, 3, 4, 5, 6, 7, 8]) await press('ArrowUp');
  assert.ok((await posted()).some(({ type }) => type === 'requestHistory'));
  await input().fill('');
});

test('what is changed is a draft of its own', async () => {
  await press('ArrowUp');
  await fromHost({ type: 'promptHistory', prompts: ['sent'] });
  await page.waitForFunction(() => document.querySelector('textarea')?.value === 'sent');
  await input().pressSequentially('!');
  await posted();
  await press('ArrowDown');
  assert.equal(await input().inputValue(), 'sent!');
  assert.deepEqual(await posted(), []);
  await input().fill('');
});

/** Lets go of something above the panel, or pastes it. */
function bring(kind: 'drop' | 'paste', data: Readonly<Record<string, string>>, files: readonly string[]) {
  return page.evaluate(
    ({ kind, data, files }) => {
      const transfer = new DataTransfer();
      for (const [type, text] of Object.entries(data)) transfer.setData(type, text);
      for (const name of files) transfer.items.add(new File(['12345'], name));
      const target = document.querySelector('.composer-input') ?? document.body;
      const options = { bubbles: true, cancelable: true };
      if (kind === 'paste')
        target.dispatchEvent(new ClipboardEvent('paste', { ...options, clipboardData: transfer }));
      else {
        target.dispatchEvent(new DragEvent('dragover', { ...options, dataTransfer: transfer }));
        const hinted = document.querySelector<HTMLElement>('.drop-hint')?.hidden === false;
        target.dispatchEvent(new DragEvent('drop', { ...options, dataTransfer: transfer }));
        return hinted && document.querySelector<HTMLElement>('.drop-hint')?.hidden === true;
      }
      return true;
    },
    { kind, data, files },
  );
}

test('files dragged from the explorer are attached by their addresses', async () => {
  const uris = ['file:///work/sales.csv', 'file:///work/b.png'];
  assert.ok(await bring('drop', { 'application/vnd.code.uri-list': uris.join('\r\n') }, ['sales.csv']));
  assert.deepEqual(await posted(), [{ type: 'attachUris', uris }]);
});

test('other files that are dropped, and those that are pasted, are attached by their bytes', async () => {
  assert.ok(await bring('drop', {}, ['a.csv', 'b.csv']));
  assert.deepEqual(await posted(), [
    { type: 'attachBytes', name: 'a.csv', size: 5 },
    { type: 'attachBytes', name: 'b.csv', size: 5 },
  ]);
  await bring('paste', {}, ['image.png']);
  assert.deepEqual(await posted(), [{ type: 'attachBytes', name: 'image.png', size: 5 }]);
});

test('cells of a spreadsheet are pasted as text, not as the picture that comes with them', async () => {
  await bring('paste', { 'text/plain': 'a\tb', 'text/html': '<table>' }, ['image.png']);
  assert.deepEqual(await posted(), []);
});

test('an attached picture is seen on its chip', async () => {
  const attachments = [
    { id: 'p', name: 'chart.png', size: 99 },
    { id: 't', name: 'sales.csv', size: 99 },
  ];
  await fromHost({ type: 'events', seq: 1, events: [{ type: 'session.attachments', attachments }] });
  await page.clock.runFor(50);
  await page.locator('.chip').first().waitFor();
  const source = { from: 'attachment', attachmentId: 'p' };
  assert.deepEqual(await posted(), [{ type: 'requestImage', source }]);
  const bytes =
    'iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAAD0lEQVR4nGNoaGhgYPgPAAaEAgAJ4lwMAAAAAElFTkSuQmCC';
  await page.evaluate((base64) => {
    const picture = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)).buffer;
    window.postMessage({ type: 'image', key: 'attachment:p', mime: 'image/png', bytes: picture });
  }, bytes);
  await page.locator('.chip-picture').waitFor();
  const width = await page
    .locator('.chip-picture')
    .evaluate((image) =>
      (image as HTMLImageElement).decode().then(() => (image as HTMLImageElement).naturalWidth),
    );
  assert.equal(width, 2);
  assert.equal(await page.locator('.chip').count(), 2);
});
