import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { FaultServer, json } from '../support/faultServer.ts';
import { FILES_SESSION, filesJob, openContainers } from '../support/filesJob.ts';
import { type Litellm, startLitellm } from '../support/litellm.ts';
import { type LocalGatewayProgram, startLocalGateway } from '../support/localGateway.ts';
import { manyFiles, nameOf } from '../support/manyFiles.ts';
import { Panel, python } from '../support/panel.ts';
import { waitFor } from '../support/processes.ts';
import { setSideBarWidth } from '../support/sideBar.ts';
import { litellmMissing } from '../support/tools.ts';
import { startVsCode, type VsCode } from '../support/vscode.ts';
import { themes } from '../support/workbench.ts';

/** Pixels: as narrow as VS Code lets its side bar be. */
const NARROW = 170;

describe('files of containers of the local Python', () => {
  let vscode: VsCode;
  before(async () => {
    vscode = await startVsCode();
  });
  after(() => vscode?.close());

  filesJob('local', () => vscode);

  for (const theme of Object.keys(themes) as (keyof typeof themes)[]) {
    it(`look: ${theme}`, async () => {
      await vscode.workbench.setTheme(theme);
      await openContainers(vscode);
      const tree = vscode.workbench.tree('Containers');
      await tree.waitForRow('cities.csv');
      await vscode.workbench.screenshot(`files-looks-${theme}`);
      await setSideBarWidth(vscode.page, NARROW);
      // The long title of its session leaves no room for words; the minutes stay in sight.
      const badges = await tree
        .row(FILES_SESSION)
        .evaluate((row) =>
          [...row.querySelectorAll('*')].map((part) => getComputedStyle(part, '::after').content),
        );
      assert.equal(badges.filter((content) => /^"(?:20|19|18)"$/.test(content)).length, 1, badges.join());
      await vscode.workbench.screenshot(`files-narrow-${theme}`);
      await setSideBarWidth(vscode.page, 300);
    });
  }
});

describe('files of containers through a real LiteLLM proxy', { skip: litellmMissing() }, () => {
  let upstream: LocalGatewayProgram;
  let litellm: Litellm;
  let vscode: VsCode;
  before(async () => {
    upstream = await startLocalGateway();
    litellm = await startLitellm(upstream);
    vscode = await startVsCode({
      settings: { 'codeInterpreter.gateway.url': litellm.url, 'codeInterpreter.gateway.model': 'built-in' },
      env: { CODE_INTERPRETER_GATEWAY_KEY: litellm.key },
    });
  });
  after(async () => {
    await vscode?.close();
    await litellm?.close();
    await upstream?.close();
  });

  filesJob('litellm', () => vscode);

  it('a file of a session is opened from its own gateway after another was chosen', async () => {
    const { workbench, page } = vscode;
    await openContainers(vscode);
    await vscode.writeSettings({ 'codeInterpreter.gateway.url': '', 'codeInterpreter.gateway.model': '' });
    assert.match(await workbench.tree('Containers').welcome(), /No containers yet/);
    await page.locator('.tab', { hasText: FILES_SESSION }).first().click();
    const panel = new Panel(vscode);
    await panel.frame.locator('.file-open', { hasText: 'part_5.csv' }).first().click();
    await page.locator('.editor-instance:visible .view-line', { hasText: /^5$/ }).first().waitFor();
  });
});

describe('files of containers in Restricted Mode', () => {
  let vscode: VsCode;
  before(async () => {
    vscode = await startVsCode({ untrusted: true });
  });
  after(() => vscode?.close());

  it('are made, listed and opened', async () => {
    const { workbench, page } = vscode;
    await workbench.runCommand('Code Interpreter: New Session');
    const panel = new Panel(vscode);
    await panel.askAndWait(python('open("/mnt/data/made.txt", "w").write("made in restricted mode")'));
    await openContainers(vscode);
    const tree = workbench.tree('Containers');
    await waitFor(async () => (await tree.items()).length > 0, { what: 'a container' });
    await tree.expand((await tree.labels())[0] ?? '');
    await tree.click('made.txt');
    await page.locator('.editor-instance:visible .view-line', { hasText: 'made in restricted' }).waitFor();
    await workbench.screenshot('files-restricted');
  });
});

describe('a hundred containers of ten thousand files', () => {
  let server: FaultServer;
  let vscode: VsCode;
  const tree = () => vscode.workbench.tree('Containers');
  /** Requests for the pages of a container's list. */
  const pages = (container: string) =>
    server.received.filter(({ url }) => url.startsWith(`/v1/containers/${container}/files?`)).length;

  before(async () => {
    server = await FaultServer.start();
    const answer = manyFiles({ containers: 100, files: 10_000, latency: 5 });
    let open = 0;
    server.answer = (request, response) => {
      if (request.url.endsWith('/content')) {
        if (refusing) return json(401, { error: { message: 'Invalid key' } })(request, response);
        mostContents = Math.max(mostContents, ++open);
        response.on('close', () => open--);
      }
      answer(request, response);
    };
    vscode = await startVsCode({
      settings: { 'codeInterpreter.gateway.url': server.url, 'codeInterpreter.gateway.model': 'm' },
      env: { CODE_INTERPRETER_GATEWAY_KEY: 'sk-of-the-environment-0123456789' },
    });
  });
  after(async () => {
    await vscode?.close();
    await server?.[Symbol.asyncDispose]();
  });
  let mostContents = 0;
  let refusing = false;

  /** Goes to the end of the tree, its beginning, or a page up. */
  async function press(key: 'End' | 'Home' | 'PageUp'): Promise<void> {
    await tree().root.locator('.monaco-list').first().focus();
    await vscode.page.keyboard.press(key);
  }

  it('are listed, the newest files at once, and more when wanted', async () => {
    await openContainers(vscode);
    await tree().expand('analysis 0');
    await tree().waitForRow(nameOf(9999));
    assert.equal(pages('cntr_0'), 5, 'five pages of a hundred make the first rows');
    assert.equal(pages('cntr_1'), 0, 'nobody has looked into the others');
    await vscode.workbench.screenshot('files-many');
    await press('End');
    await waitFor(
      async () => {
        if ((await tree().labels()).includes('Show More…')) return true;
        await press('PageUp');
        return false;
      },
      { what: 'the row for more', every: 300, timeout: 30_000 },
    );
    await tree().click('Show More…');
    await waitFor(() => pages('cntr_0') === 10, { what: 'the next pages' });
  });

  it('why one of them cannot be opened is said, which the editor does not', async () => {
    const { workbench, page } = vscode;
    await press('Home');
    refusing = true;
    await tree().click(nameOf(9995));
    await workbench.notification(/The gateway rejected the key/);
    await workbench.screenshot('files-unread');
    refusing = false;
    await page.getByRole('button', { name: 'Try Again' }).click();
    await page.locator('.editor-instance:visible .view-line', { hasText: 'content' }).first().waitFor();
    await workbench.clearNotifications();
  });

  it('a refresh asks again for what is in sight, and leaves it open and where it was', async () => {
    await press('Home');
    await tree().waitForRow(nameOf(9999));
    const rows = async () => (await tree().items()).map(({ label, expanded }) => ({ label, expanded }));
    const before = await rows();
    let seen = true;
    const watching = waitFor(
      async () => {
        seen &&= (await tree().labels()).includes(nameOf(9999));
        return pages('cntr_0') >= 20;
      },
      { what: 'the pages again', every: 20, timeout: 20_000 },
    );
    await tree().titleAction('Refresh');
    await watching;
    assert.ok(seen, 'the rows were there all the time');
    assert.deepEqual(await rows(), before);
    assert.equal(pages('cntr_0'), 20);
  });

  it('by name, all of it is listed once', async () => {
    await vscode.workbench.runCommand('Code Interpreter: Sort Files By…');
    await vscode.workbench.quickPick('Name');
    await tree().waitForRow(nameOf(0), 60_000);
    await tree().waitForRow(nameOf(1));
    const asked = pages('cntr_0');
    await vscode.workbench.runCommand('Code Interpreter: Filter Files…');
    await vscode.workbench.quickInput('result_777*.png');
    await tree().waitForRow(nameOf(7776));
    await tree().waitForRow(nameOf(7771));
    await vscode.workbench.screenshot('files-many-filtered');
    assert.equal(pages('cntr_0'), asked, 'what is known is not asked for again');
    await vscode.workbench.runCommand('Code Interpreter: Show All Files');
  });

  it('all of it is saved from the list that is known', async () => {
    const { workbench } = vscode;
    const asked = pages('cntr_0');
    for (const command of ['Save Container as Folder…', 'Save All']) {
      await press('Home');
      await tree().menu('analysis 0', command);
      await workbench.quickInputOpen();
      await workbench.dismissQuickInput();
    }
    assert.equal(pages('cntr_0'), asked);
  });

  it('many files open at once are each fetched once, some at a time', async () => {
    const { workbench } = vscode;
    await workbench.runCommand('Code Interpreter: Filter Files…');
    await workbench.quickInput('result_12??.csv');
    await tree().waitForRow('result_1200.csv');
    await tree().row('result_1200.csv').click();
    const lists = pages('cntr_0');
    const contents = () => server.received.filter(({ url }) => url.endsWith('/content'));
    const before = contents().length;
    await tree()
      .row('result_1290.csv')
      .click({ modifiers: ['Shift'] });
    await tree().menu('result_1250.csv', 'Open File of Container');
    const open = async () => (await workbench.tabs()).filter((tab) => tab.startsWith('result_12')).length;
    await waitFor(async () => (await open()) === 19, { what: 'nineteen tabs', timeout: 30_000 });
    const fetched = contents().slice(before);
    assert.equal(new Set(fetched.map(({ url }) => url)).size, fetched.length, 'each once');
    assert.ok(mostContents <= 8, `${mostContents} at once`);
    assert.equal(pages('cntr_0'), lists, 'no list was asked for to open them');
  });
});
