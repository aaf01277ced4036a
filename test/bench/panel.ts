import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import type { SessionEvent } from '../../src/core/session.ts';
import { activationTimes } from '../support/activation.ts';
import {
  answerPieces,
  answerWork,
  lateFrames,
  lateWholeRenders,
  markdownWork,
  wholeRenders,
} from '../support/answerBench.ts';
import { type Bench, Samples } from '../support/bench.ts';
import { loadedAtStart } from '../support/loadedAtStart.ts';
import { emptyPanel, firstPaints, flood, opening, privateMemory, sessionOf } from '../support/panelBench.ts';
import { root, vsixFile } from '../support/tools.ts';
import { chartPng } from '../webview/chartPng.ts';
import { launchBrowser, servePanel } from '../webview/harness.ts';
import { Script } from '../webview/wireEvents.ts';

const half = 'first piece of code to paint, half of them within';
const most = 'first piece of code to paint, 95 of 100 within';
const behind = '1,000 events/s: frames behind';
const longest = '1,000 events/s: longest task';
const frameWork = '1,000 events/s: work of a frame, 95 of 100 within';
const answer = '100 KB of answer, 6 tokens a frame, to elements: markdown-it, whole each time';
const panelAnswer = 'the same in the panel, from the message on';
const firstAnswer = 'the same where it is the first of a window';
const lateFrame = 'a frame at the end of it, painting and all: markdown-it, whole each time';
const memory = 'memory of the page with 10,000 log lines and 20 pictures';
const open = 'a session of 50 runs opened';
const openWhole = 'all of it, what is out of sight too';
const size = 'code loaded before the first command';
const activation = 'load and activate in VS Code: its git extension';

export const bench: Bench = {
  description:
    'The panel in a real browser, and the start of the extension in VS Code; the peer of a row is named in it.',
  runs: 3,
  async measure(runs, tell) {
    const samples = new Samples();
    samples.row(half, 'ms', { goal: 25 });
    samples.row(most, 'ms', { goal: 50 });
    samples.row(behind, 'frames', { goal: 1 });
    samples.row(longest, 'ms', { goal: 50 });
    samples.row(frameWork, 'ms');
    samples.row(answer, 'ms', { goal: 150, goalRatio: 1 / 20 });
    samples.row(panelAnswer, 'ms');
    samples.row(firstAnswer, 'ms');
    samples.row(lateFrame, 'ms');
    samples.row(memory, 'MB', { goal: 150 });
    samples.row(open, 'ms', { goal: 300 });
    samples.row(openWhole, 'ms');
    samples.row(size, 'KiB', { goal: 60 });
    samples.row(activation, 'ms', { goalRatio: 1 / 2 });
    const { server, origin } = await servePanel();
    try {
      for (let round = 1; round <= runs; round++) {
        tell(`Round ${round} of ${runs}`);
        // A browser of its own for each: what one leaves behind is not another's.
        const browser = await launchBrowser();
        try {
          await measureRound(samples, browser, origin);
        } finally {
          await browser.close();
        }
      }
    } finally {
      server.close();
    }
    const files = await loadedAtStart(vsixFile());
    samples.add(size, 'ours', files.reduce((sum, { bytes }) => sum + bytes, 0) / 1_024);
    tell('Activation, in VS Code');
    // One window opens as another does not: more of them than of what is steadier.
    for (const { ours, git } of await activationTimes(3 * runs)) {
      samples.add(activation, 'ours', ours);
      samples.add(activation, 'peer', git);
    }
    const { version } = JSON.parse(
      readFileSync(path.join(root, 'node_modules', 'markdown-it', 'package.json'), 'utf8'),
    ) as { version: string };
    return { ours: 'the panel', peer: 'peer', facts: { 'markdown-it': version }, rows: samples.rows() };
  },
};

async function measureRound(samples: Samples, browser: Browser, origin: string): Promise<void> {
  // Made before any page: the pictures of both are known to those that are opened afterwards.
  const [many, long] = [sessionOf(large()), sessionOf(fifty())];
  const page = async () => await emptyPanel(browser, origin);
  const full = await page();
  await opening(full, many);
  await full.locator('img.picture-image[src]').nth(19).waitFor();
  const used = await privateMemory(browser, full);
  if (used !== undefined) samples.add(memory, 'ours', used);
  await full.context().close();

  const paints = (await firstPaints(await page(), 60)).slice(10).toSorted((a, b) => a - b);
  samples.add(half, 'ours', percentile(paints, 0.5));
  samples.add(most, 'ours', percentile(paints, 0.95));

  const flooded = await flood(await page(), 5);
  samples.add(behind, 'ours', flooded.behind);
  samples.add(longest, 'ours', Math.max(0, ...flooded.work, ...flooded.long));
  samples.add(
    frameWork,
    'ours',
    percentile(
      flooded.work.toSorted((a, b) => a - b),
      0.95,
    ),
  );

  const pieces = answerPieces();
  const { first, next } = await answerWork(await page(), pieces);
  samples.add(answer, 'ours', await markdownWork(browser, pieces));
  samples.add(panelAnswer, 'ours', next);
  samples.add(answer, 'peer', await wholeRenders(browser, pieces));
  samples.add(firstAnswer, 'ours', first);
  samples.add(lateFrame, 'ours', await lateFrames(await page(), pieces, 240));
  samples.add(lateFrame, 'peer', await lateWholeRenders(browser, pieces, 24));

  const { shown, whole } = await opening(await page(), long);
  samples.add(open, 'ours', shown);
  samples.add(openWhole, 'ours', whole);
}

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

function code(place: number): string {
  return Array.from(
    { length: 24 },
    (_, line) => `value_${line} = compute(${place}, "text ${line}")  # why\n`,
  ).join('');
}

function large(): readonly SessionEvent[] {
  const logs = Array.from({ length: 10_000 }, (_, line) => `row ${line}: amount=${(line * 37) % 991}`).join(
    '\n',
  );
  const script = new Script('run0', 'Draw', Date.now());
  for (let place = 0; place < 20; place++) {
    script.step({
      code: code(place),
      images: [chartPng([place + 1, 7, 3, 9, 4])],
      ...(place === 0 ? { logs } : {}),
    });
  }
  return script.text('Done.').end().events;
}

function fifty(): readonly SessionEvent[] {
  return Array.from({ length: 50 }, (_, place) =>
    new Script(`run${place}`, `Question number ${place}`, Date.now())
      .step({ code: code(place), logs: Array.from({ length: 30 }, (_, line) => `line ${line}`).join('\n') })
      .step({ code: code(place + 1), images: [chartPng([place % 5, 2, 8])] })
      .text(answerPieces().slice(0, 80).join(''))
      .end(),
  ).flatMap(({ events }) => events);
}
