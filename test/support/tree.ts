import type { Locator, Page } from 'playwright-core';
import { waitFor } from './processes.ts';
import { shown } from './shown.ts';

export interface TreeItem {
  readonly label: string;
  readonly description: string;
  readonly level: number;
  readonly expanded: boolean | undefined;
  /** What a screen reader says. */
  readonly spoken: string;
}

/** One tree view in the side bar or the panel. Only rows that are scrolled into view exist. */
export class Tree {
  readonly #page: Page;
  /** The view with its header. */
  readonly root: Locator;

  constructor(page: Page, view: string) {
    this.#page = page;
    this.root = page
      .locator(`[id="workbench.view.extension.${view}"], .pane:has(> .pane-header[aria-label^="${view}"])`)
      .first();
  }

  async items(): Promise<TreeItem[]> {
    // One look at the whole list: rows come and go while it is drawn.
    return this.root.locator('.monaco-list-row').evaluateAll((rows) =>
      rows.map((row) => {
        const expanded = row.getAttribute('aria-expanded');
        return {
          label: row.querySelector('.label-name')?.textContent ?? '',
          description: row.querySelector('.label-description')?.textContent ?? '',
          level: Number(row.getAttribute('aria-level')),
          expanded: expanded === null ? undefined : expanded === 'true',
          spoken: row.getAttribute('aria-label') ?? '',
        };
      }),
    );
  }

  async labels(): Promise<string[]> {
    return (await this.items()).map((item) => item.label);
  }

  /** The text shown in place of an empty tree. */
  async welcome(): Promise<string> {
    const welcome = this.root.locator('.welcome-view:visible');
    await welcome.waitFor();
    return shown(welcome);
  }

  row(label: string | RegExp): Locator {
    return this.root
      .locator('.monaco-list-row')
      .filter({ has: this.#label(label) })
      .first();
  }

  #label(label: string | RegExp): Locator {
    const names = this.#page.locator('.label-name');
    return typeof label === 'string'
      ? names.filter({ has: this.#page.getByText(label, { exact: true }) })
      : names.filter({ hasText: label });
  }

  async waitForRow(label: string | RegExp, timeout = 20_000): Promise<void> {
    await this.row(label)
      .waitFor({ timeout })
      .catch(async () => {
        throw new Error(
          `no row ${label} in the tree; there are: ${(await this.labels()).join(' | ') || 'none'}`,
        );
      });
  }

  async expand(label: string | RegExp): Promise<void> {
    await this.waitForRow(label);
    const row = this.row(label);
    if ((await row.getAttribute('aria-expanded')) === 'false')
      await row.locator('.monaco-tl-twistie').click();
    await waitFor(async () => (await row.getAttribute('aria-expanded')) === 'true', {
      what: `${label} to open in the tree`,
    });
  }

  async click(label: string | RegExp): Promise<void> {
    await this.waitForRow(label);
    await this.row(label).click();
  }

  /** Presses an icon that a row shows when pointed at, by its spoken name. */
  async inlineAction(label: string | RegExp, action: string): Promise<void> {
    await this.waitForRow(label);
    const row = this.row(label);
    await row.hover();
    await row.locator(`.action-label[aria-label^="${action}"]`).click();
  }

  /** The names of the icons that a row shows when pointed at. */
  async inlineActions(label: string | RegExp): Promise<string[]> {
    await this.waitForRow(label);
    const row = this.row(label);
    await row.hover();
    return row
      .locator('.actions .action-label')
      .evaluateAll((icons) => icons.map((icon) => icon.getAttribute('aria-label') ?? ''));
  }

  /** Chooses from a row's context menu. */
  async menu(label: string | RegExp, entry: string): Promise<void> {
    const names = await this.#openMenu(label);
    const item = this.#page.locator('.monaco-menu .action-menu-item:visible').filter({ hasText: entry });
    if ((await item.count()) === 0)
      throw new Error(`no "${entry}" in the menu; there are: ${names.join(' | ')}`);
    // A menu that has just opened takes no clicks for a moment.
    let clicked = false;
    const choose = async (): Promise<boolean> => {
      // On a busy machine it may take its time to close after a click that it took.
      if (clicked && !(await item.first().isVisible())) return true;
      await item.first().click({ timeout: 1000 });
      clicked = true;
      await item.first().waitFor({ state: 'hidden', timeout: 500 });
      return true;
    };
    await waitFor(choose, { what: `the menu entry "${entry}" to be taken` });
  }

  async menuEntries(label: string | RegExp): Promise<string[]> {
    const names = await this.#openMenu(label);
    await this.#page.keyboard.press('Escape');
    return names;
  }

  async #openMenu(label: string | RegExp): Promise<string[]> {
    await this.waitForRow(label);
    await this.row(label).click({ button: 'right' });
    const labels = this.#page.locator('.monaco-menu .action-menu-item:visible .action-label');
    await labels.first().waitFor();
    return labels.allInnerTexts();
  }

  /** Presses an icon in the view's title. */
  async titleAction(action: string): Promise<void> {
    await this.root.hover();
    const inPane = this.root.locator(`.pane-header .action-label[aria-label^="${action}"]`);
    const inTitle = this.#page.locator(`.part.sidebar > .title .action-label[aria-label^="${action}"]`);
    await inPane.or(inTitle).first().click();
  }
}
