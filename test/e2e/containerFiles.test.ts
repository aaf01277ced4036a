import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { FILES_SESSION, MAKE_FILES, openContainers, PNG } from '../support/filesJob.ts';
import { type LocalGatewayProgram, startLocalGateway } from '../support/localGateway.ts';
import { Panel, python } from '../support/panel.ts';
import { waitFor } from '../support/processes.ts';
import { testExtension } from '../support/tools.ts';
import { startVsCode, type VsCode } from '../support/vscode.ts';

describe('files of a container at a gateway', () => {
  let gateway: LocalGatewayProgram;
  let vscode: VsCode;
  const panel = () => new Panel(vscode);
  const tree = () => vscode.workbench.tree('Containers');
  const place = (...parts: string[]) => path.join(vscode.workspace, ...parts);
  const toPanel = () => vscode.page.locator('.tab', { hasText: FILES_SESSION }).first().click();
  const editorText = (hasText: string) =>
    vscode.page.locator('.editor-instance:visible .view-line', { hasText }).first().waitFor();
  const tabsOf = async (name: string) =>
    (await vscode.workbench.tabs()).filter((tab) => tab.startsWith(name)).length;
  const container = async (): Promise<string> => {
    await waitFor(async () => (await tree().items()).length > 0, { what: 'a container', timeout: 20_000 });
    return (await tree().items()).find(({ level }) => level === 1)?.label ?? '';
  };

  before(async () => {
    gateway = await startLocalGateway();
    vscode = await startVsCode({
      also: [await testExtension('byteViewer')],
      settings: {
        'codeInterpreter.gateway.url': gateway.url,
        'codeInterpreter.gateway.model': 'built-in',
      },
      env: { CODE_INTERPRETER_GATEWAY_KEY: gateway.key },
    });
    await vscode.workbench.runCommand('Code Interpreter: New Session');
    await panel().frame.locator('.composer-input').waitFor();
    await panel().askAndWait(python(MAKE_FILES));
  });
  after(async () => {
    await vscode?.close();
    await gateway?.close();
  });
  afterEach(async (test) => {
    if ('passed' in test && !test.passed)
      await vscode.workbench.screenshot(`failed-container-files-${test.name.slice(0, 40)}`);
  });

  it('one opened from the panel before its container was listed is the tab that the tree opens, and is written', async () => {
    const { workbench, page } = vscode;
    await panel().frame.locator('.file-open', { hasText: 'notes.txt' }).first().click();
    await editorText('a needle here');
    await openContainers(vscode);
    await tree().expand(await container());
    await tree().click('notes.txt');
    await waitFor(async () => (await workbench.activeTab()) === 'notes.txt', { what: 'the tab' });
    assert.equal(await tabsOf('notes.txt'), 1);
    await page.locator('.editor-instance:visible .view-line').first().click();
    await page.keyboard.press('ControlOrMeta+Home');
    await page.keyboard.type('by hand: ');
    await workbench.runCommand('File: Save');
    await waitFor(async () => (await page.locator('.tab.dirty').count()) === 0, { what: 'the file saved' });
    await toPanel();
    // The gateway keeps it under a name of its own, for the old one was taken as long as it came in.
    await panel().askAndWait(python('print(*(p.read_text() for p in d.glob("*notes.txt")))'));
    assert.match(await panel().logs(), /by hand: first line/);
  });

  // The Hex Editor itself cannot be had here: it reads in the same way, by size and bytes from `vscode.workspace.fs`.
  it('a viewer of another extension gets the bytes of a picture', async () => {
    const { workbench, page } = vscode;
    await tree().expand('plots');
    await tree().expand('2024');
    await tree().menu('dot.png', 'Open With…');
    await workbench.quickPick('Byte Viewer');
    const shown = workbench.panelFrame('test.byte-viewer').locator('#bytes');
    await shown.waitFor({ timeout: 20_000 });
    const bytes = Buffer.from(PNG, 'base64');
    assert.equal(await shown.innerText(), bytes.toString('hex'));
    assert.equal(await shown.getAttribute('data-size'), String(bytes.byteLength));
    await workbench.screenshot('files-byte-viewer');
    await page.keyboard.press('ControlOrMeta+F4');
  });

  it('a folder is saved as a folder', async () => {
    const { workbench } = vscode;
    await tree().inlineAction('plots', 'Save Folder');
    await workbench.fileDialog(`${vscode.workspace}/`);
    await workbench.notification(/Saved dot\.png to plots\./);
    assert.deepEqual(await readFile(place('plots', '2024', 'dot.png')), Buffer.from(PNG, 'base64'));
    await tree().menu('2024', 'Save Folder…');
    await workbench.fileDialog(`${place('plots')}/`);
    // There is one of this name.
    await waitFor(async () => (await readFile(place('plots', '2024 (2)', 'dot.png'))).byteLength > 0, {
      what: 'the folder beside the first',
      timeout: 20_000,
    });
    await workbench.clearNotifications();
  });

  it('a file and a folder go to a folder of the workspace in one step', async () => {
    const { workbench } = vscode;
    await mkdir(place('reports', '2026'), { recursive: true });
    for (const label of ['cities.csv', 'plots']) {
      await tree().menu(label, 'Save to Workspace Folder…');
      await workbench.quickPick('workspace/reports/2026');
      await workbench.notification(/Saved .* to reports.2026/);
      await workbench.clearNotifications();
    }
    assert.match(await readFile(place('reports', '2026', 'cities.csv'), 'utf8'), /Oslo/);
    const dot = await readFile(place('reports', '2026', 'plots', '2024', 'dot.png'));
    assert.deepEqual(dot, Buffer.from(PNG, 'base64'));
  });

  it('dropped files whose names are taken are asked about: replaced, beside each other, or not at all', async () => {
    const { workbench } = vscode;
    const row = tree().row(await container());
    const drop = async (text: string) => {
      const transfer = await vscode.page.evaluateHandle((content) => {
        const made = new DataTransfer();
        made.items.add(new File([content], 'part_0.csv', { type: 'text/csv' }));
        return made;
      }, text);
      for (const type of ['dragenter', 'dragover', 'drop'])
        await row.dispatchEvent(type, { dataTransfer: transfer });
      assert.match(await workbench.dialog(), /The container has a file part_0\.csv already/);
    };
    const contents = async () => {
      await toPanel();
      await panel().askAndWait(
        python(
          'import glob\nprint(sorted(open(p).read().strip() for p in glob.glob("/mnt/data/*part_0*.csv")))',
        ),
      );
      return (await panel().logs()).trim();
    };
    await drop('not at all');
    await workbench.screenshot('files-drop-clash');
    await workbench.dialogButton('Cancel');
    assert.equal(await contents(), "['n\\n0']");
    await drop('replaced');
    await workbench.dialogButton('Replace');
    await waitFor(async () => (await contents()) === "['replaced']", {
      what: 'the new file',
      timeout: 60_000,
    });
    await drop('beside');
    await workbench.dialogButton('Keep Both');
    await tree().waitForRow('part_0 (2).csv');
    await waitFor(async () => (await contents()) === "['beside', 'replaced']", {
      what: 'both files',
      timeout: 60_000,
    });
    await workbench.clearNotifications();
  });

  it('dropped files that look like secrets are asked about, and left out where that is wanted', async () => {
    const { workbench } = vscode;
    const label = await container();
    await writeFile(place('.env'), 'TOKEN=secret');
    await writeFile(place('plain.txt'), 'plain');
    const drop = async (...names: string[]) => {
      const transfer = await vscode.page.evaluateHandle((dropped) => {
        const made = new DataTransfer();
        for (const name of dropped) made.items.add(new File([`TOKEN of ${name}`], name));
        return made;
      }, names);
      for (const type of ['dragenter', 'dragover', 'drop'])
        await tree().row(label).dispatchEvent(type, { dataTransfer: transfer });
      return workbench.dialog();
    };
    assert.match(await drop('.env', 'plain.txt'), /Send \.env to .*Environment files often hold passwords/s);
    await workbench.screenshot('files-drop-secret');
    await workbench.dialogButton('Leave Out');
    await tree().waitForRow('plain.txt');
    assert.ok(!(await tree().labels()).includes('.env'));
    await drop('.env');
    await workbench.dialogButton('Cancel');
    await drop('.env');
    await workbench.dialogButton('Send');
    await tree().waitForRow('.env');
    // One from the workspace, by a real drag of its tab.
    await writeFile(place('id_rsa'), 'a key');
    await workbench.openFile('id_rsa');
    await vscode.page.locator('.tab', { hasText: 'id_rsa' }).first().dragTo(tree().row(label));
    assert.match(await workbench.dialog(), /Send id_rsa to .*it is a key or a key store/s);
    await workbench.dialogButton('Cancel');
    assert.ok(!(await tree().labels()).includes('id_rsa'));
  });

  it('a folder that is wished for in “Save As” is refused with the reason', async () => {
    const { workbench, page } = vscode;
    await tree().click('cities.csv');
    await editorText('city,people');
    await workbench.runCommand('File: Save As...');
    await workbench.quickInputOpen();
    const box = workbench.quickInputBox();
    await waitFor(async () => /cities/.test(await box.inputValue()), { what: 'the path in the dialog' });
    await box.fill((await box.inputValue()).replace('cities.csv', 'new/cities.csv'));
    await page.keyboard.press('Enter');
    await waitFor(async () => /folder new does not exist/.test(await workbench.quickInputText()), {
      what: 'the question of the dialog',
    });
    await page.keyboard.press('Enter');
    await workbench.notification(/cannot make the folder new: only code makes folders in a container/);
    await workbench.screenshot('files-no-folders');
    await workbench.clearNotifications();
  });

  it('the order of files is remembered over a reload of the window', async () => {
    const { workbench } = vscode;
    await workbench.runCommand('Code Interpreter: Sort Files By…');
    await workbench.quickPick('Name');
    const parts = async () => (await tree().labels()).filter((label) => /^part_\d+\.csv/.test(label));
    const byName = () =>
      waitFor(async () => (await parts()).slice(0, 3).join() === 'part_0.csv,part_1.csv,part_2.csv', {
        what: 'the order by name',
        timeout: 20_000,
      });
    await byName();
    await vscode.reloadWithEditors();
    await openContainers(vscode);
    await tree().expand(await container());
    await byName();
    await workbench.runCommand('Code Interpreter: Sort Files By…');
    await waitFor(async () => (await workbench.quickRows()).some((row) => /^Name.*in use/.test(row)), {
      what: 'the order in use',
    });
    await workbench.quickPick('Newest First');
  });

  it('an open file whose gateway is not connected any more says so, and what to do', async () => {
    const { workbench, page } = vscode;
    await tree().click('cities.csv');
    await editorText('city,people');
    await page.keyboard.press('ControlOrMeta+k');
    await page.keyboard.press('Enter');
    await vscode.writeSettings({ 'codeInterpreter.gateway.url': '', 'codeInterpreter.gateway.model': '' });
    await vscode.reloadWithEditors();
    const why = /at a gateway that is not connected\. Set up that gateway again/;
    await workbench.notification(why);
    await workbench.screenshot('files-not-connected');
    assert.equal(
      (await workbench.notifications()).filter((text) => why.test(text)).length,
      1,
      'of two files',
    );
    await workbench.notificationButton(why, 'Set Up Gateway');
    await workbench.quickInputOpen();
    await workbench.dismissQuickInput();
  });
});
