/**
 * Shows the panel in a real browser, without VS Code: bundles it, serves it on this machine only, plays scenes in
 * each theme and width, and keeps pictures of them in `out/panel` for people to look at.
 *
 *     node test/webview/harness.ts [part of a scene's name] [--theme=dark] [--width=600]
 */

import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type Browser, chromium, type Page } from 'playwright-core';
import { panelHtml } from '../../src/host/panel/panelHtml.ts';
import { browserTool } from '../support/tools.ts';
import { bundleWebview } from '../support/webviewBundle.ts';
import { type Scene, scenes } from './scenes.ts';
import { table } from './sceneTexts.ts';
import { defaultStyles, type ThemeName, theme, themeNames } from './themes.ts';
import { pictures } from './wireEvents.ts';

const ROOT = new URL('../../', import.meta.url);
const OUT = new URL('out/panel/', ROOT);
const WIDTHS = [320, 600, 1200];
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** How the page differs from the usual. */
export interface PanelOptions {
  readonly height?: number;
  /** Device pixels for each of the page's: 2 is a zoom of 200 %, for a page half as wide. */
  readonly scale?: number;
  readonly reducedMotion?: boolean;
  /** Classes that the body has besides the theme's. */
  readonly bodyClass?: string;
  /** BCP 47 tag; its texts are those of `l10n/bundle.l10n.*.json`. */
  readonly lang?: string;
  /** The page's clock goes by itself and cannot be moved. */
  readonly ownClock?: boolean;
}

/** Serves the page on 127.0.0.1 at a free port. */
export async function servePanel(): Promise<{ server: Server; origin: string }> {
  const script = await bundleWebview();
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://x').pathname;
    const style = /^\/media\/[\w/]+\.css$/.test(path) ? new URL(`.${path}`, ROOT) : undefined;
    const codicon = /^\/codicon\.(?:css|ttf)$/.test(path)
      ? new URL(`node_modules/@vscode/codicons/dist${path}`, ROOT)
      : undefined;
    const file = style ?? codicon;
    if (path === '/') {
      const origin = `http://${request.headers.host}`;
      const lang = new URL(request.url ?? '/', origin).searchParams.get('lang') ?? 'en';
      const html = panelHtml({
        cspSource: origin,
        nonce: 'n0nce',
        scriptUri: '/webview.js',
        styleUris: ['/codicon.css', '/media/panel.css'],
        l10n: texts(lang),
        lang,
        title: 'Code Interpreter',
      });
      response.setHeader('Content-Type', 'text/html').end(html);
    } else if (path === '/favicon.ico') response.writeHead(204).end();
    else if (path === '/webview.js') response.setHeader('Content-Type', 'text/javascript').end(script);
    else if (file && existsSync(file)) {
      response
        .setHeader('Content-Type', path.endsWith('.css') ? 'text/css' : 'font/ttf')
        .end(readFileSync(file));
    } else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no address');
  return { server, origin: `http://127.0.0.1:${address.port}` };
}

function texts(lang: string): Readonly<Record<string, string>> {
  const file = new URL(`l10n/bundle.l10n.${lang}.json`, ROOT);
  return lang === 'en' ? {} : (JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>);
}

export function launchBrowser(): Promise<Browser> {
  const { path, env } = browserTool();
  return chromium.launch({ executablePath: path, env: { ...process.env, ...env }, args: FLAGS });
}

/** Opens a page that stands in for VS Code: theme, its own style sheet, `acquireVsCodeApi`, and a host that has the scene's pictures. */
export async function openPanel(
  browser: Browser,
  origin: string,
  themeName: ThemeName,
  width: number,
  options: PanelOptions = {},
): Promise<Page> {
  const { height = 900, scale = 1, lang = 'en' } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    deviceScaleFactor: scale,
    reducedMotion: options.reducedMotion ? 'reduce' : 'no-preference',
  });
  const page = await context.newPage();
  if (!options.ownClock) await page.clock.install();
  page.on('console', (message) => console.log(`[page] ${message.text()}`));
  page.on('pageerror', (error) => console.log(`[page] ${error.stack ?? error.message}`));
  const { variables, bodyClass } = theme(themeName);
  await page.addInitScript(
    ({ variables, bodyClass, styles, data, table }) => {
      const posted: { type: string }[] = [];
      const fake = {
        postMessage(message: { type: string; source?: Record<string, string>; [key: string]: unknown }) {
          posted.push(message);
          if (message.type === 'requestTable') {
            const key = `${message['containerId']}/${message['fileId']}`;
            window.postMessage({ type: 'table', key, table });
          }
          const source = message.source;
          if (source === undefined) return;
          const key = source['key'] ?? `file:${source['containerId']}/${source['fileId']}`;
          const url = data[key];
          if (url === undefined) {
            window.postMessage({
              type: 'imageFailed',
              key,
              sentence: 'The picture is gone with its container.',
            });
            return;
          }
          const bytes = Uint8Array.from(atob(url.slice(url.indexOf(',') + 1)), (c) => c.charCodeAt(0)).buffer;
          window.postMessage({ type: 'image', key, mime: 'image/png', bytes });
        },
        getState: () => undefined,
        setState: () => undefined,
      };
      Object.assign(window, { acquireVsCodeApi: () => fake, posted });
      document.addEventListener('DOMContentLoaded', () => {
        document.body.className = bodyClass;
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(styles);
        document.adoptedStyleSheets = [sheet];
        for (const [name, value] of Object.entries(variables)) {
          document.documentElement.style.setProperty(`--vscode-${name}`, value);
        }
      });
    },
    {
      variables,
      bodyClass: `${bodyClass} ${options.bodyClass ?? ''}`.trim(),
      // In a layer of its own, so weaker than all of the panel's, though it is adopted after them.
      styles: defaultStyles,
      data: Object.fromEntries(pictures),
      table,
    },
  );
  await page.goto(lang === 'en' ? origin : `${origin}/?lang=${lang}`);
  return page;
}

/** Sends a scene as the host would: a snapshot, then events, a few to a message, as frames go by. */
export async function play(page: Page, scene: Scene, perMessage = 400): Promise<void> {
  await page.evaluate(
    async ({ session, events, perMessage }) => {
      const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
      window.postMessage({ type: 'snapshot', seq: 0, session });
      for (let at = 0; at < events.length; at += perMessage) {
        window.postMessage({ type: 'events', seq: at + 1, events: events.slice(at, at + perMessage) });
        await frame();
      }
      await frame();
      await frame();
    },
    { session: scene.session, events: scene.events, perMessage },
  );
  if (scene.later !== undefined) await page.clock.fastForward(scene.later);
  await page.waitForTimeout(120);
}

/** The height that shows the whole session without scrolling. */
export async function fit(page: Page, width: number): Promise<void> {
  const height = await page.evaluate(() => {
    const scroller = document.querySelector('.scroller');
    return scroller ? scroller.scrollHeight - scroller.clientHeight + window.innerHeight : 0;
  });
  await page.setViewportSize({ width, height: Math.min(Math.max(500, height), 4_000) });
  await page.waitForTimeout(80);
}

async function main(): Promise<void> {
  const wanted = process.argv.slice(2).find((argument) => !argument.startsWith('--')) ?? '';
  const option = (name: string) =>
    process.argv.find((argument) => argument.startsWith(`--${name}=`))?.split('=')[1];
  mkdirSync(OUT, { recursive: true });
  const all = scenes().filter((scene) => scene.name.includes(wanted));
  const { server, origin } = await servePanel();
  const browser = await launchBrowser();
  for (const theme of themeNames.filter((name) => name === (option('theme') ?? name))) {
    for (const width of WIDTHS.filter((one) => String(one) === (option('width') ?? String(one)))) {
      for (const scene of all) {
        const page = await openPanel(browser, origin, theme, width);
        await play(page, scene);
        await fit(page, width);
        await page.screenshot({ path: new URL(`${scene.name}-${theme}-${width}.png`, OUT).pathname });
        await page.context().close();
      }
    }
  }
  await browser.close();
  server.close();
}

if (process.argv[1] === import.meta.filename) await main();
