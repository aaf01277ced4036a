import type { Locator, Page } from 'playwright-core';
import { waitFor } from './processes.ts';

/** ms for which a list that was read stays as it is. */
const SETTLED = 800;

/**
 * Enters a path into VS Code's file dialog for the browser and accepts it.
 *
 * @param box where the path is typed; the dialog is open
 * @param file absolute; a folder ends with a slash
 */
export async function answerFileDialog(page: Page, box: Locator, file: string): Promise<void> {
  const typed = () => box.inputValue({ timeout: 1000 });
  // The dialog fills in its own start folder once it has read it.
  await waitFor(async () => (await typed()).startsWith('/'), { what: 'the file dialog' });
  // It takes a name to be in the folder that it has read: it has to be led to another one first.
  if (folderOf(await typed()) !== folderOf(file)) {
    await box.fill(folderOf(file));
    await rowsSettled(page);
  }
  await box.fill(file);
  await waitFor(
    async () => {
      if ((await typed()) !== file) await box.fill(file);
      return (await typed()) === file;
    },
    { what: 'the path in the file dialog' },
  );
  await page.locator('.quick-input-widget:visible .quick-input-action .monaco-button').first().click();
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

/** Resolves when a list that is being read shows the same rows for a while. */
async function rowsSettled(page: Page): Promise<void> {
  let shown = '';
  let since = Date.now();
  const settled = async () => {
    const rows = (await page.locator('.quick-input-list .monaco-list-row').allInnerTexts()).join('\n');
    if (rows !== shown) since = Date.now();
    shown = rows;
    return Date.now() - since > SETTLED;
  };
  await waitFor(settled, { what: 'the list to stay as it is', every: 100 });
}
