import assert from 'node:assert/strict';
import type { Server } from 'node:http';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { readTexts } from '../../scripts/l10n.ts';
import { outDir } from '../support/tools.ts';
import { fit, launchBrowser, openPanel, type PanelOptions, play, servePanel } from '../webview/harness.ts';
import { type Scene, scenes } from '../webview/scenes.ts';
import { type ThemeName, themeNames, unrecorded } from '../webview/themes.ts';
import { axeFindings } from './axe.ts';
import { poses } from './poses.ts';

/** Sizes that each state is looked at in. */
const views = {
  narrow: { width: 300 },
  middle: { width: 760 },
  /** A window of 1440 by 900 at a zoom of 200 %, the panel taking all of it. */
  zoomed: { width: 720, height: 400, scale: 2 },
  wide: { width: 1600 },
} as const satisfies Record<string, { readonly width: number } & PanelOptions>;

type ViewName = keyof typeof views;

/** Pages that are looked at at a time. */
const PAGES = 3;

/** Full width and zoom change the layout, not the colours: one dark and one light theme show them. */
const seenIn: Readonly<Record<ThemeName, readonly ViewName[]>> = {
  dark: ['narrow', 'middle', 'zoomed'],
  light: ['narrow', 'middle', 'wide'],
  highContrast: ['narrow', 'middle'],
  highContrastLight: ['narrow', 'middle'],
};

describe('every state of the panel', () => {
  const folder = outDir('screenshots', 'panel');
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

  async function shown(scene: Scene, theme: ThemeName, view: ViewName): Promise<Page> {
    const options: { readonly width: number } & PanelOptions = views[view];
    const page = await openPanel(browser, origin, theme, options.width, options);
    await play(page, scene);
    await poses[scene.name]?.(page);
    if (options.scale === undefined) await fit(page, options.width);
    return page;
  }

  it('is looked at in themes that have all the variables of the style sheets', () => {
    assert.deepEqual(unrecorded(), [], 'record them: node test/webview/recordThemes.ts');
  });

  for (const theme of themeNames) {
    for (const view of seenIn[theme]) {
      it(`is accessible and stays within its column: ${theme}, ${view}`, async () => {
        const wrong = new Map<string, string[]>();
        const left = scenes().values();
        const look = async () => {
          for (const scene of left) {
            const page = await shown(scene, theme, view);
            await page.screenshot({ path: path.join(folder, `${scene.name}-${theme}-${view}.png`) });
            const found = [...(await axeFindings(page)), ...(await overflowing(page))];
            for (const line of found) wrong.set(line, [...(wrong.get(line) ?? []), scene.name]);
            await page.context().close();
          }
        };
        await Promise.all(Array.from({ length: PAGES }, look));
        assert.deepEqual(Object.fromEntries(wrong), {});
      });
    }
  }

  it('stands still where less motion is asked for, of the browser or of VS Code, and moves elsewhere', async () => {
    const moving = async (options: PanelOptions) => {
      const found = new Set<string>();
      for (const scene of scenes().filter(({ name }) => /^(?:03|05|06)-/.test(name))) {
        const page = await openPanel(browser, origin, 'dark', 760, options);
        await play(page, scene);
        const names = await page.evaluate(() =>
          [...document.querySelectorAll('*')].flatMap((element) =>
            ['', '::before', '::after'].flatMap((pseudo) => {
              const style = getComputedStyle(element, pseudo);
              const lasts = style.transitionDuration.split(', ').some((time) => Number.parseFloat(time) > 0);
              return style.animationName !== 'none' || lasts ? [`${element.className}${pseudo}`] : [];
            }),
          ),
        );
        for (const name of names) found.add(name);
        await page.context().close();
      }
      return [...found];
    };
    assert.ok((await moving({})).length > 0);
    assert.deepEqual(await moving({ reducedMotion: true }), []);
    assert.deepEqual(await moving({ bodyClass: 'vscode-reduce-motion' }), []);
  });

  it('speaks German where the editor does, also in the narrowest column', async () => {
    // What a host says and a person asks in the scenes.
    const given = ['Local Python', 'Generate a bar chart of sales by quarter and save as PNG'];
    const english = Object.entries(readTexts('l10n/bundle.l10n.de.json')).filter(
      ([key, text]) => key !== text && !given.includes(key) && !key.includes('{') && key.includes(' '),
    );
    for (const scene of scenes().filter(({ name }) => /^(?:01|06|12|32|34)-/.test(name))) {
      const page = await openPanel(browser, origin, 'light', 300, { lang: 'de' });
      await play(page, scene);
      await fit(page, 300);
      await page.screenshot({ path: path.join(folder, `${scene.name}-light-narrow-de.png`) });
      const shown = await page.locator('body').innerText();
      const left = english.filter(([key]) => shown.split('\n').includes(key));
      assert.deepEqual([...left, ...(await axeFindings(page)), ...(await overflowing(page))], [], scene.name);
      assert.match(shown, /Schritt|Fragen Sie|Erneut|Gateway/);
      assert.equal(await page.locator('html').getAttribute('lang'), 'de');
      await page.context().close();
    }
  });
});

/** Elements that reach beyond the page's sides, where nothing that scrolls or cuts holds them. */
function overflowing(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const held = (element: Element): boolean => {
      for (let box = element.parentElement; box && !box.matches('.scroller, body'); box = box.parentElement) {
        if (getComputedStyle(box).overflowX !== 'visible') return true;
      }
      return false;
    };
    const wide = [...document.querySelectorAll('body *')].filter((element) => {
      const { left, right, width } = element.getBoundingClientRect();
      return width > 1 && (right > window.innerWidth + 0.5 || left < -0.5) && !held(element);
    });
    return wide.map((element) => `wider than the page: ${element.tagName} .${element.className}`);
  });
}
