import assert from 'node:assert/strict';
import type { Server } from 'node:http';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { newSession } from '../../src/core/session.ts';
import { launchBrowser, openPanel, play, servePanel } from './harness.ts';
import { Script, wire } from './wireEvents.ts';

const MINUTE = 60_000;
const session = newSession('s', { name: 'https://llm.example.com', local: false, model: 'm' });

/** The panel in a real browser whose clock is ours: minutes go by in no time. */
describe('the line below a run that is under way', () => {
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

  const line = (page: Page) => page.locator('.progress-line');
  const text = async (page: Page) =>
    (await page.locator('.progress-words, .progress-now').allInnerTexts()).join(' ');
  const posted = (page: Page) =>
    page.evaluate(() => (window as unknown as { posted: { type: string }[] }).posted.map(({ type }) => type));
  const send = (page: Page, script: Script, from: number) =>
    page.evaluate(
      ({ events, from }) => window.postMessage({ type: 'events', seq: from + 1, events: events.slice(from) }),
      { events: script.events, from },
    );

  /** The page with a run whose code is running; `now` is that of its clock. */
  async function running(width: number): Promise<{ page: Page; script: Script; now: () => Promise<number> }> {
    const page = await openPanel(browser, origin, 'dark', width);
    // From here on the clock stands, but for what the test lets go by.
    await page.clock.pauseAt(Date.now() + MINUTE);
    const now = () => page.evaluate(() => Date.now());
    const script = new Script('r', 'Fit a model', await now()).step({
      code: '# Fit\nfit()\n',
      until: 'running',
    });
    await playPaused(page, script);
    return { page, script, now };
  }

  async function playPaused(page: Page, script: Script): Promise<void> {
    const playing = play(page, { name: '', session, events: script.events });
    for (let frame = 0; frame < 10; frame++) await page.clock.runFor(20);
    await playing;
  }

  for (const width of [320, 600, 1200]) {
    it(`says at ${width} px for how long there has been no news, and nothing moves while it counts`, async () => {
      const { page } = await running(width);
      const height = () => page.locator('.run').evaluate((run) => run.getBoundingClientRect().height);
      await page.clock.runFor(18_000);
      assert.equal(await line(page).isVisible(), false);
      const before = await page.locator('.step').boundingBox();
      await page.clock.runFor(3_000);
      assert.match(await text(page), /^The code may still be running\. No news for 2\d s\.$/);
      assert.deepEqual(await page.locator('.step').boundingBox(), before);
      const stop = line(page).getByRole('button', { name: 'Stop' });
      const places = new Set<string>();
      for (const [ms, words] of [
        [12_000, /for 3\d s\.$/],
        [2 * MINUTE, /for 2 min 3\d s\.$/],
        [27 * MINUTE, /for 29 min 3\d s\.$/],
        [30 * MINUTE, /for 59 min 3\d s\.$/],
        [3 * 60 * MINUTE, /for 3 h 59 min\.$/],
      ] as const) {
        await page.clock.runFor(ms);
        assert.match(await text(page), words);
        places.add(JSON.stringify([await stop.boundingBox(), await height()]));
      }
      assert.equal(places.size, 1, [...places].join('\n'));
      await stop.click();
      assert.equal((await posted(page)).at(-1), 'stop');
      await page.context().close();
    });
  }

  it('is quiet again as soon as there is news', async () => {
    const { page, script, now } = await running(600);
    await page.clock.runFor(40_000);
    assert.match(await text(page), /No news/);
    const from = script.events.length;
    script.add(
      wire('response.code_interpreter_call.completed', { output_index: 0 }),
      (await now()) - script.at,
    );
    await send(page, script, from);
    await page.clock.runFor(1_000);
    assert.match(await text(page), /^Thinking/);
    await page.context().close();
  });

  it('counts down to the next try, says so once to a screen reader, and can be cancelled', async () => {
    const page = await openPanel(browser, origin, 'dark', 600);
    await page.clock.pauseAt(Date.now() + MINUTE);
    const at = await page.evaluate(() => Date.now());
    const script = new Script('r', 'Count', at);
    await playPaused(page, script);
    await page.evaluate(() => {
      const status = document.querySelector('[role=status]') as HTMLElement;
      const said: string[] = [];
      Object.assign(window, { said });
      new MutationObserver(() => said.push(status.textContent ?? '')).observe(status, {
        childList: true,
        characterData: true,
        subtree: true,
      });
    });
    const started = await page.evaluate(() => Date.now());
    const from = script.events.length;
    script.add(
      {
        type: 'run.waiting',
        error: { kind: 'rate_limited', status: 429 },
        attempt: 2,
        until: started + 5_000,
      },
      started - script.at,
    );
    await send(page, script, from);
    await page.clock.runFor(40);
    const seen: string[] = [];
    for (let second = 0; second < 7; second++) {
      seen.push(await page.locator('.progress-now').innerText());
      await page.clock.runFor(1_000);
    }
    assert.deepEqual(
      seen.filter((words, place) => words !== seen[place - 1]),
      [
        'Trying again in 5 s (attempt 2).',
        'Trying again in 4 s (attempt 2).',
        'Trying again in 3 s (attempt 2).',
        'Trying again in 2 s (attempt 2).',
        'Trying again in 1 s (attempt 2).',
        'Trying again now (attempt 2).',
      ],
    );
    assert.match(await text(page), /^The gateway is busy: too many requests\./);
    const said = await page.evaluate(() => (window as unknown as { said: string[] }).said);
    assert.deepEqual(said, ['The gateway is busy: too many requests. Trying again, attempt 2.']);
    await line(page).getByRole('button', { name: 'Cancel' }).click();
    assert.equal((await posted(page)).at(-1), 'stop');
    await page.context().close();
  });

  it('a cut run that is resumed keeps the cursor in the panel and its end in sight', async () => {
    const page = await openPanel(browser, origin, 'dark', 600);
    const script = new Script('r', 'Tell me', Date.now()).text('So far.\n\n');
    script.add({ type: 'run.cut', error: { kind: 'stream_cut' } });
    await play(page, { name: '', session, events: script.events });
    const from = script.events.length;
    await page.getByRole('button', { name: 'Ask How It Ended' }).click();
    assert.equal((await posted(page)).at(-1), 'resume');
    script.add({ type: 'run.resumed' }).text('And a line more.\n\n'.repeat(60));
    await send(page, script, from);
    await page.getByText('And a line more.').nth(59).waitFor();
    await page.clock.runFor(100);
    const end = await page.locator('.scroller').evaluate((box) => {
      return box.scrollHeight - box.clientHeight - box.scrollTop;
    });
    assert.ok(end <= 8, `${end} px below`);
    const focused = await page.evaluate(() => document.activeElement?.className);
    assert.equal(focused, 'composer-input');
    await page.context().close();
  });
});
