import assert from 'node:assert/strict';
import type { Server } from 'node:http';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { newSession, reduceSession, type SessionState } from '../../src/core/session.ts';
import { chartPng } from './chartPng.ts';
import { launchBrowser, openPanel, servePanel } from './harness.ts';
import { Script } from './wireEvents.ts';

const CHART = chartPng([3, 5, 2]);

/** Runs of all heights, from some lines to many screens: what is out of sight has a height that is only guessed. */
const HEIGHTS = [1, 60, 2, 1, 200, 3, 30, 1, 90, 1, 2, 45];

function session(): SessionState {
  const events = HEIGHTS.flatMap(
    (lines, place) =>
      new Script(`r${place}`, `Request ${place}`, 1_000 * place)
        .step({ code: `# Step\n${'x = 1\n'.repeat(lines)}`, logs: 'row\n'.repeat(lines), images: [CHART] })
        .text('More. '.repeat(lines))
        .end().events,
  );
  return events.reduce(reduceSession, newSession('s', { name: 'g', local: true, model: 'm' }));
}

describe('a session that is opened', () => {
  let server: Server;
  let origin: string;
  let browser: Browser;
  before(async () => {
    ({ server, origin } = await servePanel());
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    server?.close();
  });

  const left = (page: Page) =>
    page
      .locator('.scroller')
      .evaluate(({ scrollTop, scrollHeight, clientHeight }) => scrollHeight - clientHeight - scrollTop);
  const jump = (page: Page) => page.getByRole('button', { name: 'Jump to latest' });

  for (const width of [320, 700, 1200]) {
    it(`shows its newest run, ${width} pixels wide`, async () => {
      const page = await openPanel(browser, origin, 'dark', width);
      await page.evaluate(
        (first) => window.postMessage({ type: 'snapshot', seq: 0, session: first }),
        session(),
      );
      await page.locator('article.run').last().waitFor();
      await page.waitForTimeout(800);
      assert.ok((await left(page)) <= 8, `${await left(page)} pixels are left below`);
      assert.equal(await jump(page).isVisible(), false);
      await page.context().close();
    });
  }
});
