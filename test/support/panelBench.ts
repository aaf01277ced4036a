/** How the panel is measured in a real browser; what is measured is in test/bench/panel.ts. */
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { newSession, reduceSession, type SessionEvent, type SessionState } from '../../src/core/session.ts';
import { openPanel } from '../webview/harness.ts';
import { Script, wire } from '../webview/wireEvents.ts';

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

export interface Opening {
  /** ms from the snapshot's message until the page is painted with the newest runs, and room for the others. */
  readonly shown: number;
  /** ms until all that is out of sight is there too. */
  readonly whole: number;
}

/** How long the page takes to show a session. */
export function opening(page: Page, session: SessionState): Promise<Opening> {
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
    let shown: number | undefined;
    for (;;) {
      const at = (await painted()) - started;
      const runs = [...document.querySelectorAll('article.run')];
      const built = runs.map((run) => run.querySelector('.blocks') !== null);
      if (runs.length === wanted && built.at(-1)) shown ??= at;
      if (shown !== undefined && built.every(Boolean)) return { shown, whole: at };
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
