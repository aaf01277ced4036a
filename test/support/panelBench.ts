/** How the panel is measured in a real browser; what is measured is in test/bench/panel.ts. */
import { readFileSync } from 'node:fs';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { newSession, reduceSession, type SessionEvent, type SessionState } from '../../src/core/session.ts';
import { openPanel } from '../webview/harness.ts';
import { Script, wire } from '../webview/wireEvents.ts';
import { root } from './tools.ts';

const gateway = { name: 'https://llm.example.com', local: false, model: 'm' };

export const emptySession = newSession('s', gateway);

export function sessionOf(events: readonly SessionEvent[]): SessionState {
  return events.reduce(reduceSession, emptySession);
}

/** The panel as VS Code shows it, with no session yet. */
export async function emptyPanel(browser: Browser, origin: string): Promise<Page> {
  const page = await openPanel(browser, origin, 'dark', 900, { ownClock: true });
  await page.locator('.composer-input').waitFor();
  return page;
}

/** ms from a snapshot's message until the page with it is painted. */
export function opening(page: Page, session: SessionState): Promise<number> {
  return page.evaluate(async (session) => {
    const painted = () =>
      new Promise<number>((resolve) => {
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => resolve(performance.now());
          port2.postMessage(undefined);
        });
      });
    const started = performance.now();
    window.postMessage({ type: 'snapshot', seq: 0, session });
    const wanted = session.runs.length;
    for (;;) {
      const at = await painted();
      if (document.querySelectorAll('article.run').length === wanted) return at - started;
    }
  }, session);
}

/** ms from the message with the first piece of code until it is painted, for a number of runs one after the other. */
export async function firstPaints(page: Page, count: number): Promise<number[]> {
  const starts = Array.from({ length: count }, (_, run) => {
    const script = new Script(`run${run}`, 'p', Date.now());
    script.add(added());
    const before = script.events.length;
    script.add(delta(`marker_${run} = 1`));
    return {
      before: script.events.slice(0, before),
      first: script.events.slice(before),
      marker: `marker_${run}`,
    };
  });
  return await page.evaluate(
    async ({ starts, session }) => {
      const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
      const macrotask = () =>
        new Promise((resolve) => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = resolve;
          port2.postMessage(undefined);
        });
      window.postMessage({ type: 'snapshot', seq: 0, session });
      let seq = 1;
      const times: number[] = [];
      for (const [place, { before, first, marker }] of starts.entries()) {
        window.postMessage({ type: 'events', seq, events: before });
        seq += before.length;
        for (let idle = 0; idle < 6; idle++) await frame();
        // At any moment of a frame, as news from a gateway is.
        await new Promise((resolve) => setTimeout(resolve, (place * 7) % 17));
        const started = performance.now();
        window.postMessage({ type: 'events', seq, events: first });
        seq += first.length;
        const shown = () =>
          document.querySelector('article.run:last-child .code-box')?.textContent?.includes(marker);
        // A look of its own behind each frame: one in a frame would come before the panel's work in the same frame.
        do {
          await frame();
          await macrotask();
        } while (!shown());
        times.push(performance.now() - started);
      }
      return times;
    },
    { starts, session: emptySession },
  );
}

function added() {
  const item = {
    type: 'code_interpreter_call',
    id: 'ci',
    container_id: 'cntr_1',
    status: 'in_progress',
    code: '',
  };
  return wire('response.output_item.added', { output_index: 0, item });
}

function delta(text: string) {
  return wire('response.code_interpreter_call_code.delta', { output_index: 0, delta: text });
}

export interface Flood {
  /** The most frames that a message waited to be seen, beyond the one that it came in. */
  readonly behind: number;
  /** ms of each task that the browser calls long (over 50 ms). */
  readonly long: readonly number[];
  /** ms that the page's own work of each frame took. */
  readonly work: readonly number[];
}

/** 1,000 events a second for some seconds, in messages as the host sends them. */
export async function flood(page: Page, seconds: number): Promise<Flood> {
  const script = new Script('run0', 'p', Date.now());
  script.add(added());
  const total = seconds * 1_000;
  for (let place = 0; place < total; place++)
    script.add(delta(place % 8 === 7 ? `v${place}\n` : `v${place} = `));
  return await page.evaluate(
    async ({ events, session, perMessage }) => {
      const long: number[] = [];
      const observer = new PerformanceObserver((list) =>
        long.push(...list.getEntries().map((entry) => entry.duration)),
      );
      window.postMessage({ type: 'snapshot', seq: 0, session });
      await new Promise((resolve) => setTimeout(resolve, 300));
      observer.observe({ type: 'longtask' });
      const work: number[] = [];
      const usual = window.requestAnimationFrame;
      window.requestAnimationFrame = (callback) =>
        usual((now) => {
          const started = performance.now();
          callback(now);
          work.push(performance.now() - started);
        });
      let frames = 0;
      let behind = 0;
      let ended = false;
      const waiting: { readonly length: number; readonly frame: number }[] = [];
      let sent = 0;
      const watch = () => {
        frames++;
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
          const shown = document.querySelector('.code-box code')?.textContent?.length ?? 0;
          while (waiting[0] && waiting[0].length <= shown) waiting.shift();
          for (const { frame } of waiting) behind = Math.max(behind, frames - frame - 1);
          if (!ended || waiting.length > 0) usual(watch);
        };
        port2.postMessage(undefined);
      };
      usual(watch);
      // Counted when it arrives: what the page is asked to show is what it has been told.
      window.addEventListener('message', ({ data }) => {
        if (data?.type !== 'events') return;
        for (const { event } of data.events) sent += event?.delta?.length ?? 0;
        waiting.push({ length: sent, frame: frames });
      });
      const started = performance.now();
      for (let at = 0; at < events.length; at += perMessage) {
        window.postMessage({ type: 'events', seq: at + 1, events: events.slice(at, at + perMessage) });
        const due = started + at + perMessage;
        const left = due - performance.now();
        if (left > 0) await new Promise((resolve) => setTimeout(resolve, left));
      }
      ended = true;
      await new Promise((resolve) => setTimeout(resolve, 300));
      observer.disconnect();
      window.requestAnimationFrame = usual;
      return { behind, long, work };
    },
    { events: script.events, session: emptySession, perMessage: 16 },
  );
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
  return (await taken()) - before;
}

interface Told {
  readonly messages: readonly object[];
}

/** ms of processor time that the panel takes for an answer in pieces, one a frame: scripts, and the browser's work for every 100th frame. */
export async function answerWork(page: Page, pieces: readonly string[]): Promise<number> {
  const script = new Script('run0', 'p', Date.now());
  const begun = script.events.length;
  const at = { output_index: 0, content_index: 0, item_id: 'm' };
  for (const piece of pieces) script.add(wire('response.output_text.delta', { ...at, delta: piece }));
  const messages = [
    { type: 'snapshot', seq: 0, session: emptySession },
    { type: 'events', seq: 1, events: script.events.slice(0, begun) },
    ...script.events
      .slice(begun)
      .map((event, place) => ({ type: 'events', seq: begun + 1 + place, events: [event] })),
  ];
  await page.evaluate((messages) => Object.assign(window, { messages }), messages);
  const time = await processorTime(
    page,
    async () => {
      const queue: FrameRequestCallback[] = [];
      const usual = window.requestAnimationFrame;
      // Frames as fast as the page can take them: only its work counts.
      window.requestAnimationFrame = (callback) => queue.push(callback);
      for (const [place, data] of (window as unknown as Told).messages.entries()) {
        window.dispatchEvent(new MessageEvent('message', { data, origin: window.origin }));
        for (const callback of queue.splice(0)) callback(performance.now());
        if (place % 100 === 0) await new Promise((resolve) => usual(resolve));
      }
      window.requestAnimationFrame = usual;
    },
    undefined,
  );
  const shown = (await page.locator('.answer').textContent())?.length ?? 0;
  if (shown < 50_000) throw new Error(`only ${shown} characters of the answer are shown`);
  return time;
}

/** The same by rendering all of the text with markdown-it in each frame; every 20th frame is done and stands for 20. */
export async function wholeRenders(browser: Browser, pieces: readonly string[]): Promise<number> {
  const { outputFiles } = await build({
    stdin: {
      contents: "import MarkdownIt from 'markdown-it'; globalThis.md = new MarkdownIt({ linkify: true });",
      resolveDir: root,
    },
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
  });
  const page = await browser.newPage();
  await page.goto('about:blank');
  await page.evaluate(outputFiles[0]?.text ?? '');
  const time = await processorTime(
    page,
    async (pieces) => {
      const { md } = globalThis as unknown as { md: { render(text: string): string } };
      const box = document.body.appendChild(document.createElement('div'));
      let text = '';
      for (const [place, piece] of pieces.entries()) {
        text += piece;
        if (place % 20 === 10) box.innerHTML = md.render(text);
      }
    },
    pieces,
  );
  await page.close();
  return time * 20;
}

/** MB of memory that only the page's process has, as Linux counts it. Undefined elsewhere. */
export async function privateMemory(browser: Browser, page: Page): Promise<number | undefined> {
  if (process.platform !== 'linux') return undefined;
  const own = await page.context().newCDPSession(page);
  await own.send('HeapProfiler.collectGarbage');
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const sizes = processInfo.flatMap(({ type, id }) => (type === 'renderer' ? [privateOf(id)] : []));
  return Math.max(...sizes) / 1_000;
}

/** KB (of 1,000 bytes). */
function privateOf(pid: number): number {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const kib = [...text.matchAll(/^Private_\w+: +(\d+) kB/gm)].reduce(
    (sum, match) => sum + Number(match[1]),
    0,
  );
  return (kib * 1_024) / 1_000;
}
