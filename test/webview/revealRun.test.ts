import assert from 'node:assert/strict';
import type { Server } from 'node:http';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { newSession, reduceSession } from '../../src/core/session.ts';
import { waitFor } from '../support/processes.ts';
import { launchBrowser, openPanel, play, servePanel } from './harness.ts';
import { Script } from './wireEvents.ts';

const session = newSession('s', { name: 'Local Python', local: true, model: 'm' });
const scripts = ['r1', 'r2', 'r3'].map((runId) =>
  new Script(runId, `Do ${runId}`, 1_000)
    .step({ code: 'print("x")\n', logs: 'x\n'.repeat(12) })
    .text(`Done.\n\n${'More.\n\n'.repeat(40)}`)
    .end(),
);

describe('a run that is to be shown', () => {
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

  const reveal = (page: Page, runId: string) =>
    page.evaluate((runId) => window.postMessage({ type: 'revealRun', runId }), runId);
  /** Whether the run has the focus, and begins in the upper half of the panel. */
  const isShown = (page: Page, number: number) =>
    page
      .locator('article.run')
      .nth(number - 1)
      .evaluate((run) => {
        const { top } = run.getBoundingClientRect();
        return run === document.activeElement && top >= -1 && top < innerHeight / 2;
      });
  const events = scripts.flatMap((script) => script.events);

  it('comes into sight and stays there while the end grows', async () => {
    const page = await openPanel(browser, origin, 'dark', 600);
    await play(page, { name: '', session, events });
    await reveal(page, 'r1');
    await waitFor(() => isShown(page, 1), { what: 'the first run' });
    // The run below goes on: what it says is not followed, for somebody reads here.
    const more = { type: 'run.notice', runId: 'r3', notice: { kind: 'only_logs' } };
    const height = () => page.locator('.content').evaluate((content) => content.scrollHeight);
    const before = await height();
    await page.evaluate(({ seq, more }) => window.postMessage({ type: 'events', seq, events: [more] }), {
      seq: events.length + 1,
      more,
    });
    await waitFor(async () => (await height()) > before, { what: 'the page to grow' });
    await page.waitForTimeout(200);
    assert.ok(await isShown(page, 1));
    assert.equal(
      await page.evaluate(() => document.scrollingElement?.scrollTop),
      0,
      'only the session scrolls',
    );
    await page.context().close();
  });

  it('comes into sight in a session that is just being opened, wherever it stands in it', async () => {
    const short = Array.from({ length: 30 }, (_, place) =>
      new Script(`s${place}`, `Do ${place}`, 1).text('Done.').end(),
    );
    const opened = short.flatMap((script) => script.events).reduce(reduceSession, session);
    for (const place of [0, 12, 20, 24, 25, 29]) {
      const page = await openPanel(browser, origin, 'dark', 600);
      await page.evaluate(
        ({ session, runId }) => {
          window.postMessage({ type: 'snapshot', seq: 0, session });
          window.postMessage({ type: 'revealRun', runId });
        },
        { session: opened, runId: `s${place}` },
      );
      const run = page.locator('article.run').nth(place);
      await run.waitFor();
      // All that is still to be built and measured has its time.
      await page.waitForTimeout(1_000);
      const seen = await run.evaluate((run) => {
        const [{ top, bottom }, page] = [
          run.getBoundingClientRect(),
          run.closest('.scroller')?.getBoundingClientRect(),
        ];
        const inside = page !== undefined && top >= page.top - 1 && bottom <= page.bottom + 1;
        return { inside, focused: run === document.activeElement };
      });
      assert.deepEqual(seen, { inside: true, focused: true }, `run ${place}`);
      await page.context().close();
    }
  });

  it('is waited for where it is not there yet, and one that never comes does no harm', async () => {
    const page = await openPanel(browser, origin, 'dark', 600);
    await reveal(page, 'never');
    await reveal(page, 'r2');
    await play(page, { name: '', session, events });
    await waitFor(() => isShown(page, 2), { what: 'the second run' });
    await page.context().close();
  });
});
