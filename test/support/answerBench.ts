/** How the showing of long answers is measured; what is measured is in test/bench/panel.ts. */
import type { Browser, Page } from 'playwright-core';
import type { SessionEvent } from '../../src/core/session.ts';
import { Script, wire } from '../webview/wireEvents.ts';
import { emptySession } from './panelBench.ts';
import { bundleWebview } from './webviewBundle.ts';

/** What the page keeps between two steps of a measurement. */
interface Kept {
  events: MessageEvent[];
  pending: FrameRequestCallback[];
  frame: typeof requestAnimationFrame;
}

/** 100 KB of what answers are made of, 24 characters a piece: six tokens. */
export function answerPieces(): readonly string[] {
  const section = (place: number) =>
    [
      `## Part ${place}\n\nSales **rose** in \`region_${place}\`, from $41.2k to $63.9k; see [the guide](https://example.com/${place}).\n`,
      `| Quarter | Sales | Change |\n|:--|--:|--:|\n| Q1 | 41,200 | |\n| Q2 | 48,050 | +16.6 % |\n| Q3 | 52,310 | +8.9 % |\n`,
      `1. First, *read* the file.\n2. Then group by quarter.\n   - with the sum\n   - and the mean\n`,
      `\`\`\`python\ndf = pd.read_csv("sales_${place}.csv")\nprint(df.groupby("quarter")["amount"].sum())\n\`\`\`\n`,
      'A longer paragraph that says the same again in other words, because answers do that more often than not.\n',
    ].join('\n');
  let text = '';
  for (let place = 0; text.length < 100_000; place++) text += `${section(place)}\n`;
  return text.slice(0, 100_000).match(/[\s\S]{1,24}/g) ?? [];
}

/** The events of an answer, one a piece; a run of its own. */
function answered(run: string, pieces: readonly string[]): readonly SessionEvent[] {
  const script = new Script(run, 'p', Date.now());
  const at = { output_index: 0, content_index: 0, item_id: 'm' };
  for (const delta of pieces) script.add(wire('response.output_text.delta', { ...at, delta }));
  return script.events;
}

export interface AnswerWork {
  /** ms for the first answer that a page shows, while the browser still compiles what shows it. */
  readonly first: number;
  /** ms for the one after it. */
  readonly next: number;
}

/** ms of processor time that the panel takes for an answer, a piece a frame; without painting, as the peer is measured. */
export async function answerWork(page: Page, pieces: readonly string[]): Promise<AnswerWork> {
  const [one, two] = [answered('run0', pieces), answered('run1', pieces)];
  await prepare(page, [{ type: 'snapshot', seq: 0, session: emptySession }, ...single(one, 1)]);
  const first = await processorTime(page, frames, undefined);
  await prepare(page, single(two, one.length + 1));
  const next = await processorTime(page, frames, undefined);
  for (const answer of await page.locator('.answer').all()) {
    const shown = (await answer.textContent())?.length ?? 0;
    if (shown < 50_000) throw new Error(`only ${shown} characters of an answer are shown`);
  }
  return { first, next };
}

/**
 * ms of processor time that the page takes for a frame at the end of an answer, painting and all, at the screen's pace:
 * of those that are drawn and those that are left out together.
 */
export async function lateFrames(page: Page, pieces: readonly string[], count: number): Promise<number> {
  const events = answered('run0', pieces);
  const before = events.slice(0, -count);
  await prepare(page, [
    { type: 'snapshot', seq: 0, session: emptySession },
    { type: 'events', seq: 1, events: before },
  ]);
  await page.evaluate(frames);
  await prepare(page, single(events.slice(-count), before.length + 1));
  const work = async () => {
    const { events, frame } = window as unknown as Kept;
    window.requestAnimationFrame = frame;
    for (const event of events) {
      await new Promise(frame);
      window.dispatchEvent(event);
    }
    for (let rest = 0; rest < 3; rest++) await new Promise(frame);
  };
  const length = async () => (await page.locator('.answer').textContent())?.length ?? 0;
  const shown = await length();
  const time = await processorTime(page, work, undefined);
  const added = (await length()) - shown;
  if (added < count * 10) throw new Error(`only ${added} characters were added in ${count} frames`);
  return time / count;
}

/** Messages with one event each. */
function single(events: readonly SessionEvent[], seq: number): readonly object[] {
  return events.map((event, place) => ({ type: 'events', seq: seq + place, events: [event] }));
}

/** Leaves messages in the page, as a browser would have made them, and takes its frames over. */
async function prepare(page: Page, messages: readonly object[]): Promise<void> {
  await page.evaluate((messages) => {
    const kept = window as unknown as Kept;
    kept.events = messages.map((data) => new MessageEvent('message', { data, origin: window.origin }));
    kept.frame ??= window.requestAnimationFrame;
    kept.pending ??= [];
    window.requestAnimationFrame = (callback) => kept.pending.push(callback);
  }, messages);
}

/** Frames as fast as the page can take them, with a message before each: only its work counts. */
async function frames(): Promise<void> {
  const { events, pending, frame } = window as unknown as Kept;
  const draw = () => {
    for (const callback of pending.splice(0)) callback(performance.now());
  };
  for (const event of events) {
    window.dispatchEvent(event);
    draw();
  }
  for (let rest = 0; rest < 3; rest++) draw();
  await new Promise(frame);
}

/**
 * ms of processor time for the Markdown and the elements of it alone, a piece a frame, drawn when the panel would draw
 * it, without style, layout and painting: the second answer of a page.
 */
export async function markdownWork(browser: Browser, pieces: readonly string[]): Promise<number> {
  const page = await scriptPage(
    browser,
    `
    import { addText, latestText } from './src/core/latestText.ts';
    import { english } from './src/core/translate.ts';
    import { Pacer } from './src/webview/pacer.ts';
    import { createAnswer } from './src/webview/parts/answer.ts';
    const links = { citations: [], files: [], containerId: '', settled: false, embeds: [] };
    globalThis.answer = (pieces) => {
      const pending = [];
      globalThis.requestAnimationFrame = (callback) => pending.push(callback);
      const shown = createAnswer({ t: english, lang: 'en', post() {} });
      shown.root.hidden = true;
      document.body.append(shown.root);
      let part = { text: '', refusal: false, citations: [] };
      const view = (complete) =>
        ({ kind: 'answer', key: '', text: part.text, latest: latestText(part), refusal: false, complete, links });
      const pacer = new Pacer(() => shown.update(view(false)));
      for (const piece of pieces) {
        part = addText(part, piece, false);
        pacer.change();
        for (const callback of pending.splice(0)) callback(0);
      }
      shown.update(view(true));
    };`,
  );
  const work = async (pieces: readonly string[]) => {
    const { answer } = globalThis as unknown as { answer(pieces: readonly string[]): void };
    answer(pieces);
  };
  await page.evaluate(work, pieces);
  const time = await processorTime(page, work, pieces);
  const shown = await page.evaluate(() => document.querySelectorAll('.answer')[1]?.textContent?.length ?? 0);
  if (shown < 50_000) throw new Error(`only ${shown} characters of the answer are shown`);
  await page.close();
  return time;
}

/** The same by rendering all of the text with markdown-it in every other frame; every 20th is done and stands for ten. */
export async function wholeRenders(browser: Browser, pieces: readonly string[]): Promise<number> {
  const page = await markdownPage(browser);
  const time = await processorTime(
    page,
    async (pieces) => {
      const { md, box } = globalThis as unknown as Whole;
      box.hidden = true;
      let text = '';
      for (const [place, piece] of pieces.entries()) {
        text += piece;
        if (place % 20 === 10) box.innerHTML = md.render(text);
      }
    },
    pieces,
  );
  await page.close();
  return time * 10;
}

/** The same as {@link lateFrames} by rendering all of the text in every other frame. */
export async function lateWholeRenders(
  browser: Browser,
  pieces: readonly string[],
  count: number,
): Promise<number> {
  const page = await markdownPage(browser);
  const time = await processorTime(
    page,
    async ({ before, after }) => {
      const { md, box } = globalThis as unknown as Whole;
      let text = before;
      for (const [place, piece] of after.entries()) {
        await new Promise(requestAnimationFrame);
        text += piece;
        if (place % 2 === 0) continue;
        box.innerHTML = md.render(text);
        window.scrollTo(0, document.body.scrollHeight);
      }
      await new Promise(requestAnimationFrame);
    },
    { before: pieces.slice(0, -count).join(''), after: pieces.slice(-count) },
  );
  await page.close();
  return time / count;
}

interface Whole {
  readonly md: { render(text: string): string };
  readonly box: HTMLElement;
}

async function markdownPage(browser: Browser): Promise<Page> {
  return await scriptPage(
    browser,
    `
    import MarkdownIt from 'markdown-it';
    globalThis.md = new MarkdownIt({ linkify: true });
    globalThis.box = document.body.appendChild(document.createElement('div'));`,
  );
}

/** A page with nothing but this module's work in it. */
async function scriptPage(browser: Browser, contents: string): Promise<Page> {
  const page = await browser.newPage();
  await page.goto('about:blank');
  await page.evaluate(await bundleWebview(contents));
  return page;
}

/** ms of processor time that the page's thread takes for `work`: scripts, style, layout and painting. */
async function processorTime<T>(page: Page, work: (given: T) => Promise<void>, given: T): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const taken = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1_000;
  };
  const before = await taken();
  await page.evaluate(work as (given: unknown) => Promise<void>, given);
  const time = (await taken()) - before;
  await session.detach();
  return time;
}
