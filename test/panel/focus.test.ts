import assert from 'node:assert/strict';
import type { Server } from 'node:http';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { newSession, reduceSession, type SessionEvent } from '../../src/core/session.ts';
import { chartPng } from '../webview/chartPng.ts';
import { launchBrowser, openPanel, servePanel } from '../webview/harness.ts';
import { Script } from '../webview/wireEvents.ts';

const gateway = { name: 'https://llm.example.com', local: false, model: 'm' };
const TEXT =
  'A table:\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nSee [the chart](sandbox:/mnt/data/a.png), [this](https://example.com).\n\n```python\nx = 1\n```\n';
const CODE = '# Draw it\nimport matplotlib.pyplot as plt\nplt.bar([1, 2], [3, 4])\nprint("done")\n';

function exchange(run: string): Script {
  return new Script(run, `Question of ${run}`, Date.now(), ['sales.csv'])
    .step({ code: CODE, logs: 'one\ntwo\n', images: [chartPng([run.length, 2, 3])] })
    .text(TEXT, [{ filename: 'a.png', fileId: 'cfile_0' }])
    .step({
      code: CODE,
      logs: 'Traceback (most recent call last):\n  File "/tmp/x.py", line 3, in <module>\nKeyError: 1\n',
    })
    .text(TEXT)
    .end()
    .files(['a.png', 'b.csv']);
}

/** What one may stop at with the keyboard: by its place in the page and what it looks like. */
const STOPS = 'button, a, textarea, input, summary, [tabindex="0"]';

describe('the focus while a run streams', () => {
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

  /** A finished run, and a second one that has written half of its first step. */
  async function streaming(): Promise<{ readonly page: Page; readonly left: readonly SessionEvent[] }> {
    const before = exchange('first');
    const { events } = exchange('second');
    const half = events.findIndex(
      ({ type, ...rest }) => type === 'run.event' && JSON.stringify(rest).includes('plt.'),
    );
    const page = await openPanel(browser, origin, 'dark', 700, { ownClock: true });
    const session = [...before.events, ...events.slice(0, half)].reduce(
      reduceSession,
      newSession('s', gateway),
    );
    await page.evaluate((session) => window.postMessage({ type: 'snapshot', seq: 0, session }), session);
    await page.locator('article.run').nth(1).waitFor();
    await page.locator('article.run').nth(1).locator('.code-box').waitFor();
    return { page, left: events.slice(half) };
  }

  /** Streams the rest, a few events a frame; gives the messages after which the focus was elsewhere. */
  function stream(page: Page, events: readonly SessionEvent[], perMessage = 6): Promise<readonly string[]> {
    return page.evaluate(
      async ({ events, perMessage }) => {
        const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
        const focused = document.activeElement;
        const lost: string[] = [];
        for (let at = 0; at < events.length; at += perMessage) {
          window.postMessage({ type: 'events', seq: at + 1, events: events.slice(at, at + perMessage) });
          await frame();
          await frame();
          const now = document.activeElement;
          if (now !== focused)
            lost.push(`after ${at + perMessage} events on ${now?.tagName} ${now?.className}`);
        }
        return lost;
      },
      { events, perMessage },
    );
  }

  /** Stops of the page, one of each kind in each run. */
  function kinds(page: Page): Promise<readonly { readonly kind: string; readonly place: number }[]> {
    return page.evaluate((stops) => {
      const found = new Map<string, number>();
      for (const [place, stop] of [...document.querySelectorAll<HTMLElement>(stops)].entries()) {
        if (!stop.checkVisibility() || stop.matches(':disabled')) continue;
        const run = [...document.querySelectorAll('article.run')].findIndex((one) => one.contains(stop));
        const kind = `${run === -1 ? 'page' : `run ${run + 1}`}: ${stop.tagName.toLowerCase()} ${stop.className} ${stop.querySelector('.codicon')?.className ?? ''}`;
        if (!found.has(kind)) found.set(kind, place);
      }
      return [...found].map(([kind, place]) => ({ kind, place }));
    }, STOPS);
  }

  it('stays where it is, whatever kind of control it is in', async () => {
    const first = await streaming();
    const all = await kinds(first.page);
    await first.page.context().close();
    assert.ok(all.length >= 15, all.map(({ kind }) => kind).join('\n'));
    assert.ok(all.some(({ kind }) => kind.startsWith('run 2')));
    const wrong: string[] = [];
    for (const { kind, place } of all) {
      const { page, left } = await streaming();
      const stop = page.locator(STOPS).nth(place);
      await stop.evaluate((element: HTMLElement) => element.focus());
      const held = await stop.evaluate((element) => element === document.activeElement);
      if (!held) wrong.push(`${kind}: takes no focus`);
      const lost = await stream(page, left);
      if (lost[0] !== undefined) wrong.push(`${kind}: ${lost[0]}`);
      await page.context().close();
    }
    assert.deepEqual(wrong, []);
  });

  it('leaves what is being typed as it is: text, cursor and selection', async () => {
    const { page, left } = await streaming();
    const input = page.locator('.composer-input');
    await input.fill('And now the other half');
    await input.evaluate((element: HTMLTextAreaElement) => element.setSelectionRange(4, 7));
    assert.deepEqual(await stream(page, left), []);
    const state = await input.evaluate(({ value, selectionStart, selectionEnd }: HTMLTextAreaElement) => ({
      value,
      selectionStart,
      selectionEnd,
    }));
    assert.deepEqual(state, { value: 'And now the other half', selectionStart: 4, selectionEnd: 7 });
  });

  it('tells a screen reader of the start, of steps, and of the end with its pictures and files, and no more', async () => {
    const page = await openPanel(browser, origin, 'dark', 700, { ownClock: true });
    const { events } = exchange('only');
    await page.evaluate(
      (session) => window.postMessage({ type: 'snapshot', seq: 0, session }),
      newSession('s', gateway),
    );
    await page.locator('.empty').waitFor();
    await page.evaluate(() => {
      const said: string[] = [];
      Object.assign(window, { said });
      const status = document.querySelector('[role="status"]');
      if (!status) throw new Error('nothing speaks');
      new MutationObserver(() => said.push(status.textContent ?? '')).observe(status, {
        childList: true,
        characterData: true,
        subtree: true,
      });
    });
    await stream(page, events, 1);
    const said = await page.evaluate(() => (window as unknown as { said: string[] }).said);
    assert.deepEqual(said, [
      'Run started',
      'Step 1: writing code',
      'Step 1: running',
      'Step 2: writing code',
      'Step 2: running',
      'Run finished. 1 picture.',
      // How many is known only once the container's files have been listed.
      '2 files made',
    ]);
    const live = await page.locator('main [aria-live], main [role="log"], main [role="alert"]').count();
    assert.equal(live, 0, 'what streams is not read out as it comes');
    const alts = await page
      .locator('img.picture-image')
      .evaluateAll((found) => found.map((image) => (image as HTMLImageElement).alt));
    assert.ok(alts.length > 0 && alts.every((alt) => alt.length > 5), alts.join(' | '));
  });
});
