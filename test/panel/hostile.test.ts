import assert from 'node:assert/strict';
import type { Server } from 'node:http';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { newSession, type SessionEvent } from '../../src/core/session.ts';
import { type PanelMessage, parsePanelMessage } from '../../src/protocol.ts';
import { FaultServer } from '../support/faultServer.ts';
import { hostile, hostileCount } from '../support/hostile.ts';
import { hostileRuns } from '../support/hostileRuns.ts';
import { intruders, noted, noteViolations } from '../support/hostileWitness.ts';
import { launchBrowser, openPanel, play, servePanel } from '../webview/harness.ts';
import { wire } from '../webview/wireEvents.ts';

describe('hostile texts in the panel', () => {
  let server: Server;
  let origin: string;
  let browser: Browser;
  let listener: FaultServer;
  before(async () => {
    ({ server, origin } = await servePanel());
    browser = await launchBrowser();
    listener = await FaultServer.start();
    listener.answer = (_request, response) => {
      response.setHeader('access-control-allow-origin', '*').end();
    };
  });
  after(async () => {
    await browser?.close();
    server?.close();
    await listener?.[Symbol.asyncDispose]();
  });

  /** The session in which all of them were said. */
  function session(): readonly SessionEvent[] {
    const words = hostile('words', listener.url);
    const names = hostile('names', listener.url);
    return hostileRuns(listener.url).flatMap(({ events, files: made }, place): SessionEvent[] => {
      const runId = `run${place}`;
      const at = Date.now();
      const files = made.map((name, index) => ({
        id: `cfile_${index}`,
        containerId: 'cntr_1',
        path: `/mnt/data/${name}`,
        bytes: 1,
        createdAt: undefined,
        source: 'assistant' as const,
      }));
      const attachments = names
        .slice(place, place + 2)
        .map((name, id) => ({ id: String(id), name, size: 1 }));
      const prompt = words[place % words.length] ?? '';
      return [
        { type: 'run.requested', runId, prompt, attachments, background: false, at },
        ...events.map(
          ({ type, ...rest }): SessionEvent => ({
            type: 'run.event',
            runId,
            event: wire(String(type), rest),
            at,
          }),
        ),
        { type: 'run.files', runId, files, listed: files },
      ];
    });
  }

  const posted = (page: Page) =>
    page.evaluate(() => (window as unknown as { posted: PanelMessage[] }).posted);

  it(`all ${hostileCount} of them load nothing, run nothing and build nothing, also when what can be pressed is`, async () => {
    assert.ok(hostileCount >= 150);
    const gateway = { name: hostile('words', listener.url)[0] ?? '', local: false, model: 'm' };
    const page = await openPanel(browser, origin, 'dark', 700);
    await noteViolations(page);
    const requests: string[] = [];
    const dialogs: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith('blob:')) requests.push(request.url());
    });
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    await play(page, { name: '', session: newSession('s', gateway), events: session() }, 4);
    assert.equal(await page.locator('article.run').count(), hostileRuns(listener.url).length);
    assert.deepEqual(await intruders(page), []);
    const pressed = await page.evaluate(() => {
      const all = [...document.querySelectorAll<HTMLElement>('main button, main .link')];
      for (const one of all) one.click();
      return all.length;
    });
    assert.ok(pressed > 200, `${pressed} pressed`);
    await page.waitForTimeout(300);
    const messages = await posted(page);
    for (const message of messages) {
      assert.notEqual(
        parsePanelMessage(message),
        undefined,
        `refused: ${JSON.stringify(message).slice(0, 200)}`,
      );
      if (message.type === 'openLink') assert.match(message.href, /^https?:\/\//i);
    }
    assert.ok(messages.some(({ type }) => type === 'openLink'));
    assert.ok(messages.some(({ type }) => type === 'file'));
    assert.deepEqual(await intruders(page), []);
    assert.deepEqual(await noted(page), { violations: [], ran: false });
    assert.deepEqual(
      { requests, dialogs, heard: listener.received.map(({ url }) => url) },
      {
        requests: [],
        dialogs: [],
        heard: [],
      },
    );
  });

  it('would be heard of: as markup, without the policy, most of them do what they are for', async () => {
    const context = await browser.newContext({ bypassCSP: true });
    const page = await context.newPage();
    let dialogs = 0;
    page.on('dialog', (dialog) => {
      dialogs++;
      void dialog.dismiss();
    });
    await page.goto(origin);
    // One of them leads the page away from the rest.
    await page.route('**', (route, request) => {
      const leaves = request.isNavigationRequest() && request.frame() === page.mainFrame();
      return leaves ? route.fulfill({ status: 204 }) : route.continue();
    });
    for (const text of hostile('answers', listener.url)) {
      await page.evaluate((text) => {
        const box = document.createElement('div');
        document.body.append(box);
        box.innerHTML = text;
      }, text);
    }
    await page.waitForTimeout(500);
    const heard = new Set(listener.received.map(({ url }) => url.replace(/\?.*/, '')));
    assert.ok(heard.size >= 25, `heard of ${heard.size}`);
    assert.ok(dialogs > 5, `${dialogs} dialogs`);
    assert.equal(await page.evaluate(() => 'hostileRan' in window), true);
    assert.ok((await intruders(page)).length > 50);
    listener.received.length = 0;
    await context.close();
  });

  it('meet a policy that is in force: no markup from text, no code from text, no address but our own', async () => {
    const page = await openPanel(browser, origin, 'dark', 700);
    await noteViolations(page);
    // In the page itself, as its own script would do it.
    const tried = await page.evaluate((url) => {
      const attempt = (work: () => unknown): string => {
        try {
          work();
          return 'done';
        } catch (error) {
          return error instanceof Error ? error.name : 'refused';
        }
      };
      const box = document.createElement('div');
      document.body.append(box);
      const made = (tag: string, name: string) => () => {
        const element = document.createElement(tag);
        element.setAttribute(name, url);
        box.append(element);
      };
      return {
        innerHTML: attempt(() => {
          box.innerHTML = '<b>x</b>';
        }),
        write: attempt(() => document.write('<b>x</b>')),
        parse: attempt(() => new DOMParser().parseFromString('<b>x</b>', 'text/html')),
        script: attempt(made('script', 'src')),
        frame: attempt(() => {
          const frame = document.createElement('iframe');
          frame.srcdoc = '<b>x</b>';
        }),
        policy: attempt(() => {
          const { trustedTypes } = window as unknown as {
            trustedTypes: { createPolicy(name: string, rules: object): object };
          };
          return trustedTypes.createPolicy('own', { createHTML: (text: string) => text });
        }),
        ...Object.fromEntries(
          [
            ['img', 'src'],
            ['link', 'href'],
            ['video', 'src'],
          ].map(([tag = '', name = '']) => [tag, attempt(made(tag, name))]),
        ),
      };
    }, `${listener.url}/tried`);
    assert.deepEqual(tried, {
      innerHTML: 'TypeError',
      write: 'TypeError',
      parse: 'TypeError',
      script: 'TypeError',
      frame: 'TypeError',
      policy: 'TypeError',
      img: 'done',
      link: 'done',
      video: 'done',
    });
    const asked = page.evaluate(
      (url) =>
        fetch(url).then(
          () => 'answered',
          () => 'refused',
        ),
      listener.url,
    );
    assert.equal(await asked, 'refused');
    await page.waitForTimeout(200);
    const { violations } = await noted(page);
    for (const directive of [
      'require-trusted-types-for',
      'trusted-types',
      'img-src',
      'connect-src',
      'media-src',
    ])
      assert.ok(
        violations.some((line) => line.startsWith(directive)),
        `${directive}: ${violations.join('; ')}`,
      );
    assert.deepEqual(listener.received, []);
    await page.context().close();
  });
});
