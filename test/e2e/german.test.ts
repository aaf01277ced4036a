import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { leftInEnglish, textsIn } from '../support/english.ts';
import { Panel, python } from '../support/panel.ts';
import { waitFor } from '../support/processes.ts';
import { startVsCode, type VsCode } from '../support/vscode.ts';

const CATEGORY = 'Code Interpreter';

describe('in an editor that speaks German', () => {
  let vscode: VsCode;
  const panel = () => new Panel(vscode);
  const command = (title: string) => vscode.workbench.runCommand(`${CATEGORY}: ${title}`);
  const allGerman = async (what: string) => {
    const texts = await textsIn(panel().frame.locator('body'));
    assert.ok(texts.length > 5, `${what} shows ${texts.length} texts`);
    assert.deepEqual(leftInEnglish(texts, 'de'), [], what);
  };

  before(async () => {
    vscode = await startVsCode({ language: 'de' });
  });
  after(() => vscode?.close());
  afterEach(async (test) => {
    if ('passed' in test && !test.passed)
      await vscode.workbench.screenshot(`failed-german-${test.name.slice(0, 40)}`);
  });

  it('the views, the welcome and the status bar do too', async () => {
    const { workbench, page } = vscode;
    await workbench.openView(CATEGORY);
    assert.match(await workbench.tree('Container').welcome(), /Noch keine Container[\s\S]*Python läuft/);
    assert.match(await workbench.tree('Sitzungen').welcome(), /Sitzungen werden hier aufbewahrt/);
    const side = await textsIn(page.locator('.part.sidebar'));
    assert.deepEqual(leftInEnglish(side, 'de'), []);
    await workbench.screenshot('german-welcome');
  });

  it('a new session offers German examples, which the model of this machine understands', async () => {
    await command('Neue Sitzung');
    const examples = panel().frame.locator('.example');
    await examples.first().waitFor();
    assert.deepEqual(await examples.allInnerTexts(), [
      'Erstelle ein Balkendiagramm des Umsatzes nach Quartal und speichere es als PNG',
      'Berechne die ersten 20 Fibonacci-Zahlen und zeichne sie',
      'Erstelle eine CSV-Datei mit Beispieldaten zum Umsatz',
      'Erstelle ein Kreisdiagramm der Marktanteile',
    ]);
    await allGerman('the empty panel');
    await vscode.workbench.screenshot('german-empty');
    await examples.first().click();
    await panel().next(0);
    assert.match(await panel().code(), /import matplotlib/);
    assert.equal((await panel().pictures()).length, 1);
    assert.match(await panel().text(), /aus Beispieldaten gezeichnet/);
    assert.equal((await panel().files()).length, 1);
    await allGerman('the run');
    await vscode.workbench.screenshot('german-chart');
  });

  it('the command asks in German, and its session goes on with a table', async () => {
    const { workbench } = vscode;
    await command('Im selben Container fortfahren…');
    await workbench.quickInputOpen();
    assert.match(await workbench.quickInputText(), /Im selben Container fortfahren/);
    assert.equal(
      await workbench.quickInputBox().getAttribute('placeholder'),
      'Etwa: Erstelle ein Balkendiagramm des Umsatzes nach Quartal und speichere es als PNG',
    );
    await workbench.screenshot('german-ask');
    const before = await panel().runCount();
    await workbench.quickInput('Erstelle eine CSV-Datei mit Beispieldaten zum Umsatz');
    await panel().next(before);
    await panel().run.locator('.data table').waitFor();
    assert.match(await panel().text(), /8 von 24 Zeilen/);
    await allGerman('the table');
    await workbench.screenshot('german-table');
  });

  it('a failure, a stop and what is typed meanwhile are told in German', async () => {
    await panel().askAndWait(python('def half(x):\n    return x / 0\n\nhalf(4)'));
    assert.match(await panel().logs(), /ZeroDivisionError/);
    await panel().ask(python('while True:\n    pass'));
    await panel().run.locator('.step[data-phase="running"]').waitFor({ timeout: 30_000 });
    await allGerman('the running step');
    await vscode.workbench.screenshot('german-running');
    await command('Anhalten');
    await panel().ended();
    assert.match(await panel().text(), /Angehalten/);
    await allGerman('the stopped run');
    await panel().askAndWait('Was ist die Hauptstadt von Frankreich?');
    assert.match(await panel().text(), /Es ist kein Sprachmodell eingerichtet[\s\S]*Was ohne geht:/);
    await vscode.workbench.screenshot('german-no-model');
    await allGerman('what the model cannot do');
  });

  it('saving asks and answers in German', async () => {
    const { workbench } = vscode;
    await panel().askAndWait(
      python('from pathlib import Path\nPath("/mnt/data/umsatz.csv").write_text("a,b\\n1,2\\n")'),
    );
    assert.match(await panel().text(), /Der Code lief bis zum Ende\.\s+umsatz\.csv herunterladen/);
    const file = path.join(vscode.workspace, 'umsatz.csv');
    await panel().press('umsatz.csv speichern');
    await workbench.fileDialog(file);
    await workbench.notification(/umsatz\.csv.*gespeichert|gespeichert.*umsatz\.csv/i);
    await writeFile(file, 'mine\n');
    await panel().press('umsatz.csv speichern');
    await workbench.quickInputOpen();
    const rows = (await workbench.quickRows()).join('\n');
    assert.match(rows, /Beide behalten/);
    await workbench.screenshot('german-conflict');
    await workbench.quickPick('Beide behalten');
    const both = path.join(vscode.workspace, 'umsatz (2).csv');
    await waitFor(async () => (await readFile(both, 'utf8')) === 'a,b\n1,2\n', { what: both });
    await workbench.clearNotifications();
  });

  it('the tree, its menus and its questions are German', async () => {
    const { workbench, page } = vscode;
    const tree = workbench.tree('Container');
    await tree.expand(/Erstelle ein Balkendiagramm/);
    await tree.waitForRow('umsatz.csv', 30_000);
    const entries = await tree.menuEntries('umsatz.csv');
    assert.ok(entries.includes('Speichern als…') && entries.includes('Datei löschen'), entries.join());
    assert.deepEqual(leftInEnglish(await textsIn(page.locator('.part.sidebar')), 'de'), []);
    await workbench.screenshot('german-tree');
    const sessions = workbench.tree('Sitzungen');
    await sessions.inlineAction(/Erstelle ein Balkendiagramm/, 'Sitzung löschen');
    const question = await workbench.dialog();
    assert.match(question, /Die Sitzung „Erstelle ein Balkendiagramm.*“ mit ihren Bildern löschen\?/);
    await workbench.screenshot('german-delete');
    await workbench.dialogButton('Cancel');
  });

  it('settings are German', async () => {
    const { workbench, page } = vscode;
    await workbench.runCommand('Preferences: Open Settings (UI)');
    await page.locator('.settings-editor .search-container .monaco-editor.focused').waitFor();
    await page.keyboard.type('codeInterpreter.gateway');
    await page.locator('.settings-tabs-widget .action-label', { hasText: 'Remote' }).click();
    await page.locator('.setting-item-description', { hasText: 'Die Adresse des Gateways' }).waitFor();
    await workbench.screenshot('german-settings');
  });
});
