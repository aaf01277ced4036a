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

  it('has its newest runs at once, and those before soon after', async () => {
    const page = await openPanel(browser, origin, 'dark', 700);
    const seen = await page.evaluate(async (first) => {
      const built = () =>
        [...document.querySelectorAll('article.run')].map((run) => run.querySelector('.footer') !== null);
      window.postMessage({ type: 'snapshot', seq: 0, session: first });
      const steps: boolean[][] = [];
      for (let frame = 0; frame < 200 && !steps.at(-1)?.every(Boolean); frame++) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
        if (document.querySelector('article.run')) steps.push(built());
      }
      return steps;
    }, session());
    const [first = [], last = []] = [seen[0], seen.at(-1)];
    assert.equal(first.length, HEIGHTS.length);
    assert.deepEqual(first.slice(-5), [true, true, true, true, true]);
    assert.equal(first[0], false);
    assert.ok(last.every(Boolean), `${last.filter(Boolean).length} of ${last.length} are there in the end`);
    // Never one before one that is newer.
    for (const step of seen)
      assert.deepEqual(
        step,
        step.toSorted((a, b) => Number(a) - Number(b)),
      );
    await page.context().close();
  });

  it('shows what changes in a run that is still to be built', async () => {
    const page = await openPanel(browser, origin, 'dark', 700);
    await page.evaluate(async (first) => {
      window.postMessage({ type: 'snapshot', seq: 0, session: first });
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const listed = [
        { id: 'f', containerId: 'c', path: '/mnt/data/late.csv', bytes: 3, source: 'assistant' },
      ];
      window.postMessage({
        type: 'events',
        seq: 1,
        events: [{ type: 'run.files', runId: 'r0', files: listed, listed }],
      });
    }, session());
    // Out of sight: there, if not to be seen.
    await page.locator('article.run').first().locator('.file-name').waitFor({ state: 'attached' });
    await page.context().close();
  });

  it('can be read from its end upwards, all of a long answer that was never in sight', async () => {
    const page = await openPanel(browser, origin, 'dark', 700);
    const paragraphs = Array.from(
      { length: 300 },
      (_, place) => `Paragraph ${place}. ${'Words. '.repeat(place % 40)}`,
    );
    const { events } = new Script('long', 'Tell me all', 1).text(paragraphs.join('\n\n')).end();
    const long = events.reduce(reduceSession, newSession('l', { name: 'g', local: true, model: 'm' }));
    await page.evaluate((first) => window.postMessage({ type: 'snapshot', seq: 0, session: first }), long);
    await page.locator('article.run').last().waitFor();
    await page.waitForTimeout(500);
    await page.mouse.move(350, 300);
    const top = () => page.locator('.scroller').evaluate(({ scrollTop }) => scrollTop);
    /** The paragraph in the middle of what is seen. */
    const middle = () =>
      page.evaluate(() => {
        const words = document.elementFromPoint(350, 300)?.closest('.answer p')?.textContent;
        return Number(/Paragraph (\d+)/.exec(words ?? '')?.[1] ?? Number.NaN);
      });
    const seen: number[] = [];
    for (let turn = 0; turn < 200 && (await top()) > 0; turn++) {
      await page.mouse.wheel(0, -300);
      await page.waitForTimeout(60);
      const place = await middle();
      if (!Number.isNaN(place)) seen.push(place);
    }
    assert.equal(await top(), 0);
    assert.ok(seen.length > 30, `${seen.length} looks found a paragraph`);
    for (const [turn, place] of seen.entries()) {
      const before = seen[turn - 1] ?? place;
      assert.ok(place <= before && place >= before - 25, `paragraph ${place} came after ${before}`);
    }
    await page.context().close();
  });

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
