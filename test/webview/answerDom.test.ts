import assert from 'node:assert/strict';
import type { Server } from 'node:http';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { newSession } from '../../src/core/session.ts';
import { Seeded } from '../support/seeded.ts';
import { launchBrowser, openPanel, servePanel } from './harness.ts';
import { answers } from './markdownCorpus.ts';
import { Script, wire } from './wireEvents.ts';

let browser: Browser;
let served: { readonly server: Server; readonly origin: string };
let page: Page;

before(async () => {
  [browser, served] = await Promise.all([launchBrowser(), servePanel()]);
  page = await openPanel(browser, served.origin, 'dark', 600);
  await page.evaluate(() => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    let seq = 0;
    const told = async (message: object) => {
      window.postMessage(message);
      await frame();
      await frame();
    };
    const telling: Telling = {
      show(session) {
        seq = 0;
        return told({ type: 'snapshot', seq, session });
      },
      send(events) {
        const first = seq + 1;
        seq += events.length;
        return told({ type: 'events', seq: first, events });
      },
    };
    Object.assign(window, telling);
  });
});

/** What the page is told, each shown before the next; functions of the page itself. */
interface Telling {
  show(session: unknown): Promise<void>;
  send(events: readonly unknown[]): Promise<void>;
}

after(async () => {
  await browser?.close();
  served?.server.close();
});

const session = newSession('s', { name: 'g', local: true, model: 'm' });

/** A text in pieces of chance lengths, the same for the same seed. */
function pieces(text: string, seed: number): string[] {
  const random = new Seeded(seed);
  const found: string[] = [];
  for (let at = 0; at < text.length; ) {
    const length = 1 + Math.floor(random.next() ** 3 * 60);
    found.push(text.slice(at, at + length));
    at += length;
  }
  return found;
}

interface Watched {
  readonly html: string;
  /** Closed blocks that were taken off the page or changed after they had been closed. */
  readonly disturbed: number;
  readonly closedOnTheWay: number;
}

/** Lets an answer arrive in pieces, one a frame, and watches the blocks that are closed. */
async function arrive(parts: readonly string[]): Promise<Watched> {
  const script = new Script('r', 'p', 1);
  const begun = script.events.length;
  for (const delta of parts)
    script.add(
      wire('response.output_text.delta', { output_index: 0, item_id: 'm', content_index: 0, delta }),
    );
  const written = script.events.length;
  script.end();
  const start = script.events.slice(0, begun);
  const deltas = script.events.slice(begun, written);
  const end = script.events.slice(written);
  return page.evaluate(
    async ({ session, start, deltas, end }) => {
      const { show, send } = window as unknown as Telling;
      await show(session);
      await send(start);
      const finished = () => [...document.querySelectorAll('.answer-group > *')].slice(0, -1);
      const closed = new Map<Element, string>();
      let disturbed = 0;
      const look = () => {
        for (const [block, html] of closed)
          if (!block.isConnected || block.outerHTML !== html) {
            disturbed++;
            closed.delete(block);
          }
        for (const block of finished()) if (!closed.has(block)) closed.set(block, block.outerHTML);
      };
      for (const delta of deltas) {
        await send([delta]);
        look();
      }
      const closedOnTheWay = closed.size;
      const before = finished();
      await send(end);
      disturbed += before.filter((block) => !block.isConnected).length;
      // Which of them stand in one group is not what is looked at here.
      const html = [...document.querySelectorAll('.answer-group')].map(({ innerHTML }) => innerHTML).join('');
      await show(session);
      return { html, disturbed, closedOnTheWay };
    },
    { session, start, deltas, end },
  );
}

for (const [place, text] of answers.entries()) {
  test(`answer ${place + 1} is the same page however it arrives, and what is closed is left alone`, async () => {
    const whole = await arrive([text]);
    assert.ok(whole.html.length > text.length);
    // A link definition that comes late changes what stands before it: once for each.
    const late = text.match(/^\[\w+\]: /gm)?.length ?? 0;
    for (const seed of [1, 2, 3, 4]) {
      const streamed = await arrive(pieces(text, seed));
      assert.equal(streamed.html, whole.html, `seed ${seed}`);
      assert.ok(streamed.disturbed <= late, `${streamed.disturbed} closed blocks were touched`);
      assert.ok(streamed.closedOnTheWay >= 3, `${streamed.closedOnTheWay} blocks were closed on the way`);
    }
  });
}

test('focus and selection in a block that is being written stay where they are', async () => {
  const parts = [
    'See [the guide](https://example.com/g) and wr',
    'ite **more',
    '** of it.\n\n| a | b |\n|--|--|\n| 1 ',
    '| 2 |\n| 3 | 4 |\n\n```python\nx = "a',
    '"\ny = 2\n',
    'z = 3\n```\n\nDone, an',
    'd no more.\n\nEnd',
  ];
  const script = new Script('r', 'p', 1);
  const begun = script.events.length;
  for (const delta of parts)
    script.add(
      wire('response.output_text.delta', { output_index: 0, item_id: 'm', content_index: 0, delta }),
    );
  const events = script.events;
  const held = await page.evaluate(
    async ({ session, start, deltas }) => {
      const { show, send } = window as unknown as Telling;
      await show(session);
      await send(start);
      const found: string[] = [];
      const focusOn = ['.answer .link', undefined, '.answer .table-box', undefined, '.answer-code'];
      let focused: HTMLElement | null = null;
      for (const [place, delta] of deltas.entries()) {
        await send([delta]);
        if (focused && document.activeElement !== focused) found.push(`focus lost with piece ${place}`);
        const wanted = focusOn[place];
        focused = (wanted ? document.querySelector<HTMLElement>(wanted) : focused) ?? focused;
        focused?.focus();
        if (place === 0) {
          const text = document.querySelector('.answer p')?.lastChild;
          if (text) document.getSelection()?.setBaseAndExtent(text, 1, text, 4);
        } else if (place < 3 && document.getSelection()?.toString() !== 'and')
          found.push(`"${document.getSelection()}" is selected with piece ${place}`);
      }
      if (focused?.className !== 'answer-code') found.push(`${focused?.className} had the focus`);
      return found;
    },
    { session, start: events.slice(0, begun), deltas: events.slice(begun) },
  );
  assert.deepEqual(held, []);
});

test('blocks of a long answer stand in groups, and those that are out of sight are not drawn', async () => {
  const script = new Script('r', 'p', 1);
  const delta = Array.from({ length: 200 }, (_, place) => `Paragraph ${place}.\n\n`).join('');
  script.add(wire('response.output_text.delta', { output_index: 0, item_id: 'm', content_index: 0, delta }));
  const groups = await page.evaluate(
    async ({ session, events }) => {
      const { show, send } = window as unknown as Telling;
      await show(session);
      await send(events);
      return [...document.querySelectorAll('.answer-group')].map((group) => ({
        blocks: group.childElementCount,
        drawn: group.firstElementChild?.checkVisibility({ contentVisibilityAuto: true }),
      }));
    },
    { session, events: script.events },
  );
  assert.equal(
    groups.reduce((sum, { blocks }) => sum + blocks, 0),
    200,
  );
  assert.ok(groups.length >= 5, `${groups.length} groups`);
  assert.deepEqual([groups[0]?.drawn, groups.at(-1)?.drawn], [false, true]);
});

test('headings in a list keep their levels while the list grows', async () => {
  const script = new Script('r', 'p', 1);
  const begun = script.events.length;
  for (const delta of ['- # One\n- ## Two', ' grows'])
    script.add(
      wire('response.output_text.delta', { output_index: 0, item_id: 'm', content_index: 0, delta }),
    );
  const [start, first, second] = [
    script.events.slice(0, begun),
    script.events.slice(begun, -1),
    script.events.slice(-1),
  ];
  const levels = await page.evaluate(
    async ({ session, parts }) => {
      const { show, send } = window as unknown as Telling;
      const now = () =>
        [...document.querySelectorAll('.answer [aria-level]')].map(({ ariaLevel }) => ariaLevel);
      await show(session);
      const seen: (string | null)[][] = [];
      for (const part of parts) {
        await send(part);
        seen.push(now());
      }
      return seen;
    },
    { session, parts: [start, first, second] },
  );
  assert.deepEqual(levels.slice(1), [
    ['3', '4'],
    ['3', '4'],
  ]);
});
