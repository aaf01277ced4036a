import path from 'node:path';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { answerFileDialog } from './fileDialog.ts';
import { waitFor } from './processes.ts';
import { shown } from './shown.ts';
import { outDir } from './tools.ts';
import { Tree } from './tree.ts';

export const themes = {
  light: { label: 'Light 2026', kind: 'vs' },
  dark: { label: 'Dark 2026', kind: 'vs-dark' },
  highContrast: { label: 'Dark High Contrast', kind: 'hc-black' },
  highContrastLight: { label: 'Light High Contrast', kind: 'hc-light' },
} as const;

/** What a person does in VS Code's window, by name. */
export class Workbench {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Resolves when extensions are there: their commands are contributed when the host has been scanned. */
  async ready(): Promise<void> {
    await this.page.waitForSelector('.monaco-workbench .part.statusbar', { timeout: 60_000 });
    await this.page.waitForSelector('.part.editor', { timeout: 60_000 });
  }

  // The palette and quick inputs

  /** Runs a command by the title that the palette shows, for example "Code Interpreter: Ask". */
  async runCommand(title: string): Promise<void> {
    const row = await this.#findCommand(title);
    if (row === undefined) {
      const shown = await this.quickRows();
      await this.page.keyboard.press('Escape');
      throw new Error(`no command "${title}" in the palette; it shows: ${shown.join(' | ')}`);
    }
    // What takes the focus from the palette closes it, and the row with it.
    await row.click({ timeout: 5000 }).catch(async () => (await this.#findCommand(title))?.click());
    await waitFor(async () => !(await this.#paletteOpen()), {
      what: `the palette to close after "${title}"`,
    });
  }

  /** Whether the palette offers a command here and now. */
  async hasCommand(title: string): Promise<boolean> {
    const row = await this.#findCommand(title, 3000);
    await this.page.keyboard.press('Escape');
    await this.quickInputBox().waitFor({ state: 'hidden' });
    return row !== undefined;
  }

  async #findCommand(title: string, timeout = 15_000): Promise<Locator | undefined> {
    // The palette lists what was known when it opened, so each try opens it anew.
    const find = async (): Promise<Locator | undefined> => {
      if (await this.quickInputBox().isVisible()) await this.page.keyboard.press('Escape');
      await this.page.keyboard.press('F1');
      await this.quickInputBox().fill(`>${title}`, { timeout: 2000 });
      const row = this.#row(title);
      await row.waitFor({ timeout: 1500 });
      return row;
    };
    return waitFor(find, { timeout, what: `the command "${title}"` }).catch(() => undefined);
  }

  async #paletteOpen(): Promise<boolean> {
    const box = this.quickInputBox();
    return (await box.isVisible()) && (await box.inputValue({ timeout: 1000 })).startsWith('>');
  }

  quickInputBox(): Locator {
    return this.page.locator('.quick-input-widget:visible .quick-input-box input');
  }

  #row(label: string): Locator {
    const name = this.page.getByText(label, { exact: true });
    return this.page.locator('.quick-input-list .monaco-list-row').filter({ has: name }).first();
  }

  /** Types into the open quick input and accepts it; waits for one that is not the palette. */
  async quickInput(text: string): Promise<void> {
    await this.quickInputOpen();
    await this.quickInputBox().fill(text);
    await this.page.keyboard.press('Enter');
  }

  /** The same for one of several inputs in a row, told apart by what stands above it. */
  async quickInputTitled(title: RegExp, text: string): Promise<void> {
    await waitFor(async () => title.test(await this.quickInputText()), {
      timeout: 20_000,
      what: `a quick input titled ${title}`,
    });
    await this.quickInput(text);
  }

  /** Gives up an open quick input, with whatever it asks in turn. */
  async dismissQuickInput(): Promise<void> {
    const gone = async () => {
      if (!(await this.quickInputBox().isVisible())) return true;
      await this.page.keyboard.press('Escape');
      return false;
    };
    await waitFor(gone, { every: 200, what: 'the quick input to close' });
  }

  async quickInputOpen(): Promise<void> {
    await waitFor(async () => (await this.quickInputBox().isVisible()) && !(await this.#paletteOpen()), {
      timeout: 20_000,
      what: 'a quick input',
    });
  }

  /** Answers VS Code's own file dialog, which is a quick input in the browser, with a path. */
  async fileDialog(file: string): Promise<void> {
    await this.quickInputOpen();
    await answerFileDialog(this.page, this.quickInputBox(), file);
  }

  /** Chooses a row of the open quick pick by its label. */
  async quickPick(label: string): Promise<void> {
    const row = this.#row(label);
    const rows = this.page.locator('.quick-input-list .monaco-list-row:visible');
    // The input before may still be open; what has no rows is not the list that is meant.
    await rows.first().waitFor({ timeout: 20_000 });
    // A long list holds only the rows in sight: typing brings the others in.
    await row.waitFor({ timeout: 2000 }).catch(() => this.quickInputBox().fill(label));
    await row.waitFor({ timeout: 20_000 }).catch(async () => {
      throw new Error(`no row "${label}" to pick; there are: ${(await this.quickRows()).join(' | ')}`);
    });
    await row.click();
  }

  /** The labels and details of the rows that the quick input shows. */
  async quickRows(): Promise<string[]> {
    // One look at the whole list: rows go while it closes.
    const rows = this.page.locator('.quick-input-list .monaco-list-row');
    const labels = await rows.evaluateAll((all) => all.map((row) => row.getAttribute('aria-label')));
    return labels.filter((label) => label !== null);
  }

  /** Title, prompt and validation text of the open quick input. */
  async quickInputText(): Promise<string> {
    const parts = this.page.locator(
      '.quick-input-widget:visible .quick-input-title, .quick-input-widget:visible .quick-input-message',
    );
    return (await parts.allInnerTexts()).join('\n').trim();
  }

  // The panel

  /** The document of an extension's web view that is now visible; for one with a given text inside, filter further. */
  panelFrame(extension = 'code-interpreter.'): FrameLocator {
    return this.page
      .frameLocator(`iframe.webview[src*="extensionId=${extension}"]:visible`)
      .frameLocator('iframe#active-frame');
  }

  async closeEditors(): Promise<void> {
    await this.runCommand('View: Close All Editors');
  }

  // Editors

  /** Opens a file of the workspace in an editor. */
  async openFile(name: string): Promise<void> {
    await this.runCommand('Go to File...');
    await this.quickInputOpen();
    await this.quickInputBox().fill(name);
    const row = this.page
      .locator('.quick-input-list .monaco-list-row')
      .filter({ hasText: path.basename(name) });
    await row.first().click();
    await this.page
      .locator('.tab.active')
      .filter({ hasText: path.basename(name) })
      .waitFor();
  }

  activeTab(): Promise<string> {
    return this.page
      .locator('.editor-group-container.active .tab.active')
      .evaluate((tab) => tab.getAttribute('aria-label')?.split(',')[0] ?? '');
  }

  async tabs(): Promise<string[]> {
    return this.page
      .locator('.tabs-container .tab')
      .evaluateAll((tabs) => tabs.map((tab) => tab.getAttribute('aria-label')?.split(',')[0] ?? ''));
  }

  // Views and trees

  /** Opens a view container by the name on its icon in the activity bar. */
  async openView(name: string): Promise<void> {
    const icon = this.page.locator(`.part.activitybar .action-label[aria-label^="${name}"]`).first();
    const title = this.page.locator('.part.sidebar .composite.title', { hasText: new RegExp(name, 'i') });
    // A window that is just opening brings its view back by itself: a click then closes it, and the next opens it.
    const open = async (): Promise<boolean> => {
      if (!(await title.isVisible())) await icon.click({ timeout: 5000 });
      await title.waitFor({ timeout: 3000 });
      return true;
    };
    await waitFor(open, { timeout: 30_000, what: `the view ${name}` });
  }

  /** A tree by the id of its view container, or by the title of its pane. */
  tree(view: string): Tree {
    return new Tree(this.page, view);
  }

  // Notifications and dialogs

  /** The notifications now on screen, as texts. */
  async notifications(): Promise<string[]> {
    return this.page.locator('.notifications-toasts .notification-list-item-message').allInnerTexts();
  }

  /** Waits for a notification that matches, and answers with its text. */
  async notification(pattern: RegExp, timeout = 20_000): Promise<string> {
    const message = this.page.locator('.notification-list-item-message').filter({ hasText: pattern }).first();
    await message.waitFor({ timeout }).catch(async () => {
      const shown = (await this.notifications()).join(' | ') || 'none';
      throw new Error(`no notification like ${pattern} within ${timeout / 1000} s; there are: ${shown}`);
    });
    return shown(message);
  }

  /** Presses a button of the notification that matches. */
  async notificationButton(pattern: RegExp, label: string): Promise<void> {
    await this.notification(pattern);
    const item = this.page.locator('.notification-list-item').filter({ hasText: pattern }).first();
    await item.hover();
    await item.locator('.monaco-button', { hasText: label }).first().click();
  }

  async clearNotifications(): Promise<void> {
    await this.runCommand('Notifications: Clear All Notifications');
  }

  /** The text of the open modal dialog. */
  async dialog(timeout = 20_000): Promise<string> {
    const box = this.page.locator('.monaco-dialog-box');
    await box.waitFor({ timeout });
    return shown(box.locator('.dialog-message-container'));
  }

  async dialogButton(label: string): Promise<void> {
    await this.page.locator('.monaco-dialog-box .monaco-button').getByText(label, { exact: true }).click();
    await this.page.locator('.monaco-dialog-box').waitFor({ state: 'hidden' });
  }

  // The status bar

  /** The texts of the status bar's entries; an icon alone is its spoken name. */
  async statusBar(): Promise<string[]> {
    const items = await this.page.locator('.part.statusbar .statusbar-item').all();
    const texts = await Promise.all(
      items.map(async (item) => (await shown(item)).trim() || (await item.getAttribute('aria-label')) || ''),
    );
    return texts.filter((text) => text !== '');
  }

  // Looks

  async setTheme(name: keyof typeof themes): Promise<void> {
    const theme = themes[name];
    await this.runCommand('Preferences: Color Theme');
    await this.quickPick(theme.label);
    await this.quickInputBox().waitFor({ state: 'hidden' });
    await this.page.locator(`.monaco-workbench.${theme.kind}`).waitFor({ timeout: 20_000 });
  }

  /** Keeps a picture of the window, or of one part, in out/screenshots; answers with the file. */
  async screenshot(name: string, part?: Locator): Promise<string> {
    const file = path.join(outDir('screenshots'), `${name}.png`);
    await (part ?? this.page).screenshot({ path: file });
    return file;
  }
}
