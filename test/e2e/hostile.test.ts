import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { after, before, describe, it } from 'node:test';
import type { Frame, Page } from 'playwright-core';
import { FaultServer } from '../support/faultServer.ts';
import { hostile, hostileCount } from '../support/hostile.ts';
import { hostileRuns } from '../support/hostileRuns.ts';
import { intruders, noted, noteViolations } from '../support/hostileWitness.ts';
import { Panel } from '../support/panel.ts';
import { ScriptedGateway, sse } from '../support/scriptedGateway.ts';
import { startVsCode, type VsCode } from '../support/vscode.ts';

describe('a gateway that says hostile things, in a real VS Code', () => {
  let gateway: ScriptedGateway;
  let listener: FaultServer;
  let vscode: VsCode;
  /** Requests of the browser, by the frame that made them. */
  const requests: { readonly url: string; readonly panel: boolean }[] = [];
  const dialogs: string[] = [];

  before(async () => {
    gateway = await ScriptedGateway.start();
    listener = await FaultServer.start();
    listener.answer = (_request, response) => response.setHeader('access-control-allow-origin', '*').end();
    vscode = await startVsCode({
      settings: { 'codeInterpreter.gateway.url': gateway.server.url, 'codeInterpreter.gateway.model': 'm' },
      env: { CODE_INTERPRETER_GATEWAY_KEY: 'sk-of-the-environment-0123456789' },
    });
    await vscode.workbench.runCommand('Code Interpreter: New Session');
    await new Panel(vscode).frame.locator('.composer-input').waitFor();
  });
  after(async () => {
    await vscode?.close();
    await gateway?.[Symbol.asyncDispose]();
    await listener?.[Symbol.asyncDispose]();
  });

  function watch(page: Page): void {
    page.on('request', (request) => {
      const frame = request.frame();
      requests.push({ url: request.url(), panel: frame !== page.mainFrame() });
    });
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
  }

  async function frameOfPanel(page: Page): Promise<Frame> {
    const body = await new Panel(vscode).frame.locator('body').elementHandle();
    const frame = await body?.ownerFrame();
    assert.ok(frame && frame !== page.mainFrame());
    return frame;
  }

  it(`hears of none of ${hostileCount} hostile texts: nothing is asked for, nothing is run`, async () => {
    const { page } = vscode;
    const panel = new Panel(vscode);
    const frame = await frameOfPanel(page);
    await noteViolations(frame);
    watch(page);
    const words = hostile('words', listener.url);
    const runs = hostileRuns(listener.url);
    for (const [place, { events, files }] of runs.entries()) {
      for (const file of files) gateway.make('cntr_1', file);
      gateway.runs.push((response) => streamInPieces(response, events));
      await panel.askAndWait(words[place % words.length] ?? '');
    }
    gateway.runs.push((response) => {
      response.writeHead(400, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { message: words.join(' '), type: words[0], code: words[1] } }));
    });
    await panel.askAndWait('What is wrong?');
    assert.equal(await panel.runCount(), runs.length + 1);
    await vscode.workbench.screenshot('hostile');
    assert.deepEqual(await intruders(frame), []);
    assert.deepEqual(await noted(frame), { violations: [], ran: false });
    const foreign = requests.filter(({ url, panel }) =>
      panel ? !url.startsWith('blob:') : new URL(url).origin !== new URL(vscode.url).origin,
    );
    assert.deepEqual(foreign, []);
    assert.deepEqual(
      listener.received.map(({ url }) => url),
      [],
    );
    assert.deepEqual(dialogs, []);
  });

  it('has the policy of the panel in force: no markup from text, no connection, no foreign picture', async () => {
    const frame = await frameOfPanel(vscode.page);
    const before = requests.length;
    const tried = await frame.evaluate(async (url) => {
      const attempt = (work: () => unknown): string => {
        try {
          work();
          return 'done';
        } catch (error) {
          return error instanceof Error ? error.name : 'refused';
        }
      };
      const box = document.createElement('div');
      const picture = new Image();
      const loaded = new Promise((resolve) => {
        picture.onload = () => resolve('loaded');
        picture.onerror = () => resolve('refused');
      });
      picture.src = url;
      return {
        markup: attempt(() => {
          box.innerHTML = '<b>x</b>';
        }),
        script: attempt(() => {
          const script = document.createElement('script');
          script.src = url;
        }),
        fetched: await fetch(url).then(
          () => 'answered',
          () => 'refused',
        ),
        picture: await loaded,
      };
    }, `${listener.url}/tried`);
    assert.deepEqual(tried, {
      markup: 'TypeError',
      script: 'TypeError',
      fetched: 'refused',
      picture: 'refused',
    });
    const { violations } = await noted(frame);
    for (const directive of ['require-trusted-types-for', 'img-src', 'connect-src'])
      assert.ok(
        violations.some((line) => line.startsWith(directive)),
        `${directive}: ${violations.join('; ')}`,
      );
    assert.deepEqual(listener.received, []);
    // The browser's log has even what the policy stops: the test above would have seen an attempt.
    assert.ok(requests.slice(before).some(({ url, panel }) => panel && url === `${listener.url}/tried`));
  });

  it('would be heard by the listener', async () => {
    await fetch(`${listener.url}/control`);
    assert.deepEqual(
      listener.received.map(({ url }) => url),
      ['/control'],
    );
  });
});

/** In many small packets, so that the panel shows each text half arrived too. */
function streamInPieces(response: ServerResponse, events: readonly object[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const left = events.slice();
  const send = () => {
    if (left.length === 0) response.end();
    else {
      response.write(sse(...left.splice(0, 10)));
      setTimeout(send, 5);
    }
  };
  send();
}
