import assert from 'node:assert/strict';
import type { Server } from 'node:http';
import { after, before, beforeEach, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { newSession } from '../../src/core/session.ts';
import { launchBrowser, openPanel, servePanel } from './harness.ts';
import { Script } from './wireEvents.ts';

let browser: Browser;
let served: { readonly server: Server; readonly origin: string };
let page: Page;
let script: Script;
let sent = 0;

before(async () => {
  [browser, served] = await Promise.all([launchBrowser(), servePanel()]);
});

after(async () => {
  await browser?.close();
  served?.server.close();
});

beforeEach(async () => {
  await page?.context().close();
  page = await openPanel(browser, served.origin, 'dark', 600);
  script = new Script('r', 'Tell me all', 1).step({
    code: `# Many lines\n${'x = 1\n'.repeat(30)}`,
    logs: 'line\n'.repeat(30),
  });
  sent = 0;
  const session = newSession('s', { name: 'g', local: true, model: 'm' });
  await page.evaluate((first) => window.postMessage({ type: 'snapshot', seq: 0, session: first }), session);
  await flush();
});

/** Sends what the script has come to hold since the last time, some events a frame, as it comes while one watches. */
async function flush(): Promise<void> {
  const events = script.events.slice(sent);
  await page.evaluate(
    async ({ events, sent }) => {
      const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      for (let at = 0; at < events.length; at += 3) {
        window.postMessage({ type: 'events', seq: sent + at + 1, events: events.slice(at, at + 3) });
        await frame();
      }
      await frame();
      await frame();
    },
    { events, sent },
  );
  sent = script.events.length;
}

function more(): Promise<void> {
  script.text('More words of the answer. '.repeat(40));
  return flush();
}
const jump = () => page.getByRole('button', { name: 'Jump to latest' });
const place = () =>
  page.locator('.scroller').evaluate(({ scrollTop, scrollHeight, clientHeight }) => ({
    top: Math.round(scrollTop),
    left: Math.round(scrollHeight - clientHeight - scrollTop),
  }));

async function scrollUp(): Promise<void> {
  await page.mouse.move(300, 300);
  await page.mouse.wheel(0, -300);
  await jump().waitFor();
}

test('the end of what arrives stays in view', async () => {
  await more();
  assert.ok((await place()).left <= 8);
  assert.equal(await jump().isVisible(), false);
});

test('who has scrolled away stays where they are, and finds a way back', async () => {
  await more();
  await scrollUp();
  const { top } = await place();
  await more();
  assert.equal((await place()).top, top);
  await jump().click();
  assert.ok((await place()).left <= 8);
  assert.equal(await jump().isVisible(), false);
  await more();
  assert.ok((await place()).left <= 8, 'and the end is followed again');
});

test('more room, and at once after it a picture that arrives, is nobody scrolling away', async () => {
  await page.locator('.dock').evaluate((dock) => dock.style.setProperty('padding-top', '300px'));
  await more();
  await page.evaluate(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    await frame();
    document.querySelector<HTMLElement>('.dock')?.style.removeProperty('padding-top');
    // After this frame was drawn, and before the next one tells of the scrolling that it brought.
    await new Promise((resolve) => setTimeout(resolve));
    await new Promise((resolve) => setTimeout(resolve));
    document.querySelector<HTMLElement>('.run')?.style.setProperty('padding-bottom', '500px');
    await frame();
    await frame();
    await frame();
  });
  assert.ok((await place()).left <= 8, `${(await place()).left} pixels are left below`);
  assert.equal(await jump().isVisible(), false);
});

test('who scrolls back to the end by hand is there again', async () => {
  await more();
  await scrollUp();
  await page.mouse.wheel(0, 5_000);
  await jump().waitFor({ state: 'hidden' });
  await more();
  assert.ok((await place()).left <= 8);
});

test('a new request leads to the end from wherever one is', async () => {
  await more();
  await scrollUp();
  script.end();
  await flush();
  assert.ok((await place()).left > 8, 'the end of a run alone does not');
  const { events } = new Script('r2', 'And now', 2).text('Yes.');
  await page.evaluate(({ events, seq }) => window.postMessage({ type: 'events', seq, events }), {
    events,
    seq: sent + 1,
  });
  await jump().waitFor({ state: 'hidden' });
  assert.ok((await place()).left <= 8);
});

test('a run that goes on takes the focus from nobody', async () => {
  const toggle = page.locator('.step-toggle');
  await toggle.focus();
  await more();
  script.step({ code: 'y = 2', logs: 'two' });
  await flush();
  script.end();
  await flush();
  assert.equal(await toggle.first().evaluate((button) => button === document.activeElement), true);
});

test('a line that a traceback leads to is in view, however far up its code is', async () => {
  script.step({
    code: `first = 1\n${'x = 1\n'.repeat(60)}boom()\n`,
    logs: `${'row\n'.repeat(30)}Traceback (most recent call last):\n  File "<cell 2>", line 62, in <module>\n    boom()\nNameError: name 'boom' is not defined`,
  });
  await flush();
  const link = page.getByRole('link', { name: /line 62/ });
  await link.focus();
  await page.keyboard.press('Enter');
  const mark = page.locator('.code-mark:visible');
  await mark.waitFor();
  const [line, view] = await Promise.all([mark.boundingBox(), page.locator('.scroller').boundingBox()]);
  assert.ok(line && view && line.y > view.y && line.y + line.height < view.y + view.height);
  const inFocus = await page.evaluate(() => document.activeElement?.className);
  assert.match(inFocus ?? '', /code-box/);
});
