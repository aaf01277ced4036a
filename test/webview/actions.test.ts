import assert from 'node:assert/strict';
import type { Server } from 'node:http';
import { after, before, beforeEach, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, openPanel, play, servePanel } from './harness.ts';
import { scenes } from './scenes.ts';
import { table } from './sceneTexts.ts';

let browser: Browser;
let served: { readonly server: Server; readonly origin: string };
let page: Page;

before(async () => {
  [browser, served] = await Promise.all([launchBrowser(), servePanel()]);
});

after(async () => {
  await browser?.close();
  served?.server.close();
});

beforeEach(async () => {
  await page?.context().close();
  page = await openPanel(browser, served.origin, 'dark', 600);
});

/** Shows a scene. @returns what the panel has sent meanwhile */
async function show(name: string): ReturnType<typeof posted> {
  const scene = scenes().find((one) => one.name === name);
  assert.ok(scene);
  await play(page, scene);
  return posted();
}

/** What the panel has sent since the last look. */
function posted(): Promise<readonly { readonly type: string; readonly [key: string]: unknown }[]> {
  return page.evaluate(() => (window as unknown as { posted: { type: string }[] }).posted.splice(0));
}

const press = (name: string) => page.getByRole('button', { name }).first().click();
const step = { runId: 'run1', outputIndex: 1 };

test('what is done with code and messages is asked of the host', async () => {
  await show('06-finished');
  for (const [button, message] of [
    ['Copy the Code of Step 1', { type: 'code', verb: 'copy', ...step }],
    ['Insert the Code of Step 1 into the Editor', { type: 'code', verb: 'insert', ...step }],
    ['Open the Code of Step 1 as a New File', { type: 'code', verb: 'open', ...step }],
    ['Edit This Message', { type: 'editPrompt', runId: 'run1' }],
    ['Copy This Message', { type: 'copyPrompt', runId: 'run1' }],
    ['Run Again', { type: 'retry', runId: 'run1' }],
  ] as const) {
    await press(button);
    assert.deepEqual(await posted(), [message]);
  }
});

test('every action can be reached with the Tab key, and is seen then', async () => {
  await show('06-finished');
  await page.locator('.step-toggle').first().focus();
  const seen: string[] = [];
  for (let presses = 0; presses < 4; presses++) {
    await page.keyboard.press('Tab');
    seen.push(
      await page.evaluate(() => {
        const focused = document.activeElement;
        const bar = focused?.closest('.float-bar');
        return bar && getComputedStyle(bar).opacity === '1'
          ? (focused?.getAttribute('aria-label') ?? '')
          : '';
      }),
    );
  }
  assert.deepEqual(seen, [
    'Edit the Code of Step 1 and Run It Again',
    'Insert the Code of Step 1 into the Editor',
    'Open the Code of Step 1 as a New File',
    'Copy the Code of Step 1',
  ]);
});

test('code is changed in its cell: sent with Ctrl+Enter, given up with Escape', async () => {
  await show('06-finished');
  const edit = 'Edit the Code of Step 1 and Run It Again';
  const box = page.locator('.code-input');
  await press(edit);
  await box.press('Escape');
  assert.equal(await box.count(), 0, 'nothing was changed, so nothing is lost');
  await press(edit);
  const code = await box.inputValue();
  await box.press('Control+Home');
  await box.pressSequentially('if True:');
  await box.press('Enter');
  await box.pressSequentially('pass');
  await box.press('Enter');
  assert.ok((await box.inputValue()).startsWith('if True:\n    pass\n    # Sales'));
  const shown = await page.locator('.code-colours').innerText();
  assert.equal(shown.trimEnd(), (await box.inputValue()).trimEnd(), 'the colours are those of the same text');
  await box.press('Escape');
  assert.equal(await box.count(), 1, 'a key alone does not throw a change away');
  await box.press('Control+Enter');
  const [sent] = await posted();
  assert.deepEqual(sent, { type: 'runEdited', ...step, code: `if True:\n    pass\n    ${code}` });
  assert.equal(await box.count(), 0);
  const focused = await page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
  assert.equal(focused, edit);
});

test('while a run is under way nothing else can be run', async () => {
  await show('19-two-runs');
  const again = page.getByRole('button', { name: 'Run Again' });
  assert.deepEqual(await again.evaluateAll((all) => all.map((one) => (one as HTMLButtonElement).disabled)), [
    true,
    true,
  ]);
  await press('Edit the Code of Step 1 and Run It Again');
  assert.ok(await page.getByRole('button', { name: 'Run', exact: true }).isDisabled());
  await page.locator('.code-input').press('Control+Enter');
  assert.deepEqual(await posted(), []);
});

test('a picture is enlarged, zoomed, moved and left again by keyboard and pointer', async () => {
  await show('06-finished');
  const open = page.locator('.picture-open').first();
  await open.focus();
  await page.keyboard.press('Enter');
  const viewer = page.locator('dialog.viewer');
  const image = viewer.locator('img');
  const size = () =>
    image.evaluate((one) => {
      const { naturalWidth, naturalHeight } = one as HTMLImageElement;
      const { width, height } = one.getBoundingClientRect();
      return { x: width / naturalWidth, y: height / naturalHeight };
    });
  const isAt = async (factor: number) => {
    const { x, y } = await size();
    assert.ok(
      Math.abs(x - factor) < 0.02 * factor && Math.abs(y - x) < 0.02 * x,
      `${x} x ${y}, not ${factor}`,
    );
  };
  const box = viewer.locator('.viewer-box');
  const whole = async () => {
    const [seen, room] = await Promise.all([image.boundingBox(), box.boundingBox()]);
    return seen && room && seen.width <= room.width && seen.height <= room.height;
  };
  await image.waitFor();
  assert.ok(await whole());
  await page.keyboard.press('1');
  await isAt(1);
  await page.keyboard.press('+');
  await isAt(1.5);
  await page.keyboard.press('-');
  await isAt(1);
  await viewer.getByRole('button', { name: 'Fit' }).click();
  assert.ok(await whole());
  await image.click();
  const clicked = await size();
  assert.ok(clicked.x === 1 || clicked.x === 2, 'a click leads to the actual size, or to twice that');
  await image.click();
  assert.ok(await whole());
  await viewer.getByRole('button', { name: 'Open Picture in Editor' }).click();
  const [sent] = await posted();
  assert.equal(sent?.type, 'picture');
  assert.equal(sent?.['verb'], 'open');
  await page.keyboard.press('Escape');
  await viewer.waitFor({ state: 'hidden' });
  assert.ok(await open.evaluate((one) => one === document.activeElement));
});

test('a picture is saved under what it shows', async () => {
  await show('06-finished');
  await press('Save Picture');
  const [sent] = await posted();
  assert.equal(sent?.['verb'], 'save');
  assert.equal(sent?.['name'], 'Sales by quarter');
});

test('the first rows of a file are asked for when they come into view, once', async () => {
  const before = await show('06-finished');
  await page.locator('.data').scrollIntoViewIfNeeded();
  await page.locator('.data table').waitFor();
  const shown = await page.locator('.data td').allTextContents();
  assert.deepEqual(shown, table.rows.flat());
  assert.match(await page.locator('.data figcaption').innerText(), /8 of 1,204 rows, 10 of 14 columns/);
  await press('Open the Whole File');
  const sent = await posted();
  assert.deepEqual(sent.at(-1), {
    type: 'file',
    verb: 'open',
    containerId: 'cntr_68e1f2a39f2a',
    fileId: 'cfile_1',
    filename: 'sales by quarter.csv',
  });
  const requests = [...before, ...sent].filter(({ type }) => type === 'requestTable');
  assert.equal(requests.length, 1);
});
