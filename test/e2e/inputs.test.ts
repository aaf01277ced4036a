import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { Panel, python } from '../support/panel.ts';
import { waitFor } from '../support/processes.ts';
import { completed, created, ScriptedGateway, stream } from '../support/scriptedGateway.ts';
import { root } from '../support/tools.ts';
import { startVsCode, type VsCode } from '../support/vscode.ts';

/** A repository with a secret, an ignored file and a folder of data. */
async function makeWorkspace(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'code-interpreter-inputs-'));
  await cp(path.join(root, 'test', 'sample'), folder, { recursive: true });
  await mkdir(path.join(folder, 'data', '2025'), { recursive: true });
  const write = (name: string, text: string) => writeFile(path.join(folder, name), text);
  await write('.env', 'PASSWORD=hunter2\n');
  await write('.gitignore', 'private/\n');
  await mkdir(path.join(folder, 'private'));
  await write('private/notes.csv', 'a,b\n1,2\n');
  await write('data/a.csv', 'x\n1\n');
  await write('data/2025/a.csv', 'x\n2\n');
  await write('data/2025/hidden.csv', 'x\n3\n');
  await write('data/readme.md', '# Data\n');
  await promisify(execFile)('git', ['init', '-q', folder]);
  return folder;
}

/** The names and sizes on the chips above the composer. */
async function chips(panel: Panel): Promise<string[]> {
  const texts = await panel.frame.locator('.composer .chip').allInnerTexts();
  return texts.map((text) => text.replace(/\s+/g, ' ').trim());
}

async function chipsAre(panel: Panel, pattern: RegExp, count: number): Promise<void> {
  const there = async () => {
    const shown = await chips(panel);
    return shown.length === count && shown.some((text) => pattern.test(text));
  };
  await waitFor(there, { what: `${count} chips, one like ${pattern}` }).catch(async (error: unknown) => {
    throw new Error(`there are: ${(await chips(panel)).join(' | ')}`, { cause: error });
  });
}

/** Waits for what the open quick input says about what is typed. */
async function saysInput({ workbench }: VsCode, pattern: RegExp): Promise<void> {
  await waitFor(async () => pattern.test(await workbench.quickInputText()), { what: 'words' }).catch(
    async (error: unknown) => {
      await workbench.screenshot('inputs-failed');
      throw new Error(`not ${pattern} but: ${await workbench.quickInputText()}`, { cause: error });
    },
  );
}

describe('what goes in, on this machine', () => {
  let folder: string;
  let vscode: VsCode;
  const panel = () => new Panel(vscode);
  before(async () => {
    folder = await makeWorkspace();
    vscode = await startVsCode({
      workspace: folder,
      settings: { 'files.exclude': { '**/hidden.csv': true } },
    });
  });
  after(async () => {
    await vscode?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('the active editor goes as it is shown, and that it is unsaved is said', async () => {
    const { workbench, page } = vscode;
    await workbench.openFile('analysis.py');
    await page.locator('.monaco-editor .view-line').first().click();
    await page.keyboard.press('Control+Home');
    await page.keyboard.type('# never saved\n');
    await workbench.runCommand('Code Interpreter: Attach Active Editor');
    await chipsAre(panel(), /^analysis\.py unsaved text/, 1);
    await panel().askAndWait(
      python('import glob\nprint(open(glob.glob("/mnt/data/*analysis.py")[0]).readline())'),
    );
    assert.match(await panel().logs(), /# never saved/);
  });

  it('a selection goes as a file of its own', async () => {
    const { workbench, page } = vscode;
    await page.locator('.tab', { hasText: 'analysis.py' }).click();
    await page.locator('.monaco-editor .view-line').first().click();
    await page.keyboard.press('Control+Home');
    await page.keyboard.press('Shift+ArrowDown');
    await workbench.runCommand('Code Interpreter: Attach Selection as a File');
    await chipsAre(panel(), /^analysis-line-1\.py selection 14 B/, 1);
    await workbench.screenshot('inputs-chips');
    await panel().frame.locator('.composer .chip button').click();
  });

  it('the files of a folder that match a pattern go, counted before, those that are hidden never', async () => {
    const { workbench } = vscode;
    await workbench.runCommand('Code Interpreter: Attach Folder…');
    await workbench.fileDialog(`${vscode.workspace}/data/`);
    await saysInput(vscode, /3 files, 1\d B/);
    await workbench.quickInputBox().fill('**/*.xlsx');
    await saysInput(vscode, /No file/);
    await workbench.quickInputBox().fill('**/*.csv');
    await saysInput(vscode, /2 files, 8 B/);
    await workbench.screenshot('inputs-folder');
    await vscode.page.keyboard.press('Enter');
    await chipsAre(panel(), /^data\/2025\/a\.csv/, 2);
    await panel().askAndWait(
      python(
        'import glob\nfor name in sorted(glob.glob("/mnt/data/*a.csv")):\n    print(name, open(name).read().split())',
      ),
    );
    assert.match(await panel().logs(), /data_2025_a\.csv \['x', '2'\]/);
    assert.match(await panel().logs(), /data_a\.csv \['x', '1'\]/);
  });

  it('a secret is nobody’s business here', async () => {
    const { workbench } = vscode;
    await workbench.runCommand('Code Interpreter: Attach File…');
    await workbench.fileDialog(`${vscode.workspace}/.env`);
    await chipsAre(panel(), /^\.env/, 1);
    await panel().askAndWait(python('1 + 1'));
    assert.match(await panel().text(), /2/);
  });

  it('all that was sent is listed', async () => {
    const { workbench } = vscode;
    await workbench.runCommand('Code Interpreter: Show Sent Files…');
    await workbench.quickInputOpen();
    const rows = await waitFor(
      async () => {
        const found = await workbench.quickRows();
        return found.length === 4 ? found : undefined;
      },
      { what: 'four sent files' },
    );
    assert.match(rows[0] ?? '', /^\.env, 17 B.*Local Python.*SHA-256 [0-9a-f]{64}/);
    await workbench.screenshot('inputs-sent');
    await workbench.quickPick('data/a.csv');
    await waitFor(async () => (await workbench.activeTab()) === 'a.csv', { what: 'its source' });
  });
});

describe('before a message leaves the machine', () => {
  const TOKEN = `ghp_${'a1B2'.repeat(9)}`;
  let gateway: ScriptedGateway;
  let vscode: VsCode;
  const panel = () => new Panel(vscode);
  before(async () => {
    gateway = await ScriptedGateway.start();
    vscode = await startVsCode({
      settings: { 'codeInterpreter.gateway.url': gateway.server.url, 'codeInterpreter.gateway.model': 'm' },
      env: { CODE_INTERPRETER_GATEWAY_KEY: 'sk-of-the-environment-0123456789' },
    });
    await writeFile(path.join(vscode.workspace, 'login.py'), `import x\n\nx.login("${TOKEN}")\n`);
  });
  after(async () => {
    await vscode?.close();
    await gateway?.[Symbol.asyncDispose]();
  });

  async function runSelection(): Promise<void> {
    const { workbench, page } = vscode;
    await page.locator('.tab', { hasText: 'login.py' }).click();
    await page.locator('.monaco-editor .view-line').first().click();
    await page.keyboard.press('Control+A');
    await workbench.runCommand('Code Interpreter: Run Selection');
  }

  it('a token in what is selected is asked about, and Cancel sends nothing', async () => {
    const { workbench } = vscode;
    await workbench.openFile('login.py');
    await runSelection();
    const question = await workbench.dialog();
    assert.match(question, /Send what is selected in login\.py to 127\.0\.0\.1/);
    assert.match(question, /looks like an access token/);
    await workbench.screenshot('inputs-message');
    await workbench.dialogButton('Cancel');
    await panel().ended();
    assert.match(await panel().text(), /Run login\.py, lines 1-3[\s\S]*Stopped\./);
    assert.deepEqual(gateway.asked(), []);
  });

  it('once allowed, it is sent, and not asked about again in the session', async () => {
    const { workbench } = vscode;
    gateway.runs.push(stream(created('resp_1'), completed('resp_1', 'Answer one.')));
    await panel().press('Run Again');
    await workbench.dialog();
    await workbench.dialogButton('Send');
    await panel().run.getByText('Answer one.').waitFor();
    gateway.runs.push(stream(created('resp_2'), completed('resp_2', 'Answer two.')));
    await panel().press('Run Again');
    await panel().run.getByText('Answer two.').waitFor();
  });
});

for (const untrusted of [false, true]) {
  describe(`before files leave the machine${untrusted ? ', in Restricted Mode' : ''}`, () => {
    let folder: string;
    let gateway: ScriptedGateway;
    let vscode: VsCode;
    const panel = () => new Panel(vscode);
    const answer = (id: string) => gateway.runs.push(stream(created(id), completed(id, `Answer ${id}.`)));
    const attach = async (name: string) => {
      await vscode.workbench.runCommand('Code Interpreter: Attach File…');
      await vscode.workbench.fileDialog(`${vscode.workspace}/${name}`);
      await panel()
        .frame.locator('.composer .chip', { hasText: path.basename(name) })
        .waitFor();
      // The panel takes the focus, and with it closes whatever is opened before.
      await panel().frame.locator('.composer-input:focus').waitFor();
    };
    const sent = () => gateway.uploads.map(({ name }) => name);
    before(async () => {
      folder = await makeWorkspace();
      gateway = await ScriptedGateway.start();
      vscode = await startVsCode({
        workspace: folder,
        untrusted,
        settings: {
          'codeInterpreter.gateway.url': gateway.server.url,
          'codeInterpreter.gateway.model': 'm',
          'security.workspace.trust.startupPrompt': 'never',
        },
        env: { CODE_INTERPRETER_GATEWAY_KEY: 'sk-of-the-environment-0123456789' },
      });
      await vscode.workbench.runCommand('Code Interpreter: New Session');
      await panel().frame.locator('.composer-input:focus').waitFor();
    });
    after(async () => {
      await vscode?.close();
      await gateway?.[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    });

    it('what looks like a secret or is ignored by git is asked about, with the reason', async () => {
      const { workbench } = vscode;
      await attach('.env');
      await attach('private/notes.csv');
      await attach('sales.csv');
      await chipsAre(panel(), /notes\.csv/, 3);
      answer('resp_1');
      await panel().ask('What is in these?');
      const question = await workbench.dialog();
      assert.match(question, untrusted ? /Send \.env to 127\.0\.0\.1/ : /Send these 2 files to 127\.0\.0\.1/);
      assert.match(question, /Environment files often hold passwords/);
      // Restricted Mode has no git: nothing is said of what it ignores.
      assert.equal(/notes\.csv: Git ignores it/.test(question), !untrusted);
      assert.deepEqual(sent(), []);
      await workbench.screenshot(`inputs-question${untrusted ? '-restricted' : ''}`);
      await workbench.dialogButton('Leave Out');
      await panel().ended();
      assert.deepEqual(sent(), untrusted ? ['notes.csv', 'sales.csv'] : ['sales.csv']);
      assert.match(await panel().text(), /Not sent, as you chose: \.env/);
      await workbench.screenshot(`inputs-left-out${untrusted ? '-restricted' : ''}`);
    });

    it('Cancel sends nothing, and the file waits for the next message', async () => {
      const { workbench } = vscode;
      const before = sent().length;
      await attach('.env');
      await chipsAre(panel(), /\.env/, 1);
      await panel().ask('And this?');
      await workbench.dialog();
      await workbench.dialogButton('Cancel');
      await panel().ended();
      assert.match(await panel().text(), /Stopped\./);
      assert.equal(sent().length, before);
      await chipsAre(panel(), /\.env/, 1);
    });

    it('once allowed, a file is not asked about again', async () => {
      const { workbench } = vscode;
      answer('resp_2');
      await panel().ask('And this?');
      await workbench.dialog();
      await workbench.dialogButton('Send');
      await panel().ended();
      assert.equal(sent().at(-1), '.env');
      await writeFile(path.join(vscode.workspace, '.env'), 'PASSWORD=hunter3\n');
      await attach('.env');
      await chipsAre(panel(), /\.env/, 1);
      answer('resp_3');
      await panel().askAndWait('And now?');
      assert.match(await panel().text(), /Answer resp_3/);
      assert.equal(gateway.uploads.at(-1)?.bytes, 'PASSWORD=hunter3\n');
    });
  });
}
