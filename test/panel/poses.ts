import type { Page } from 'playwright-core';

/** What a person has done in a scene before it is looked at, by the scene's name. */
export const poses: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  '15-long-logs': async (page) => {
    await page.locator('.logs .fold-button').first().click();
  },
  '16-long-code': async (page) => {
    await page.locator('.code > .fold-button').first().click();
  },
  '06-finished': async (page) => {
    await page.locator('.traceback .link').first().click();
  },
  '18-long-prompt': async (page) => {
    await page.locator('.prompt .fold-button').first().click();
  },
  '21-changing-code': async (page) => {
    await page.getByRole('button', { name: 'Edit the Code of Step 1' }).click();
    await page.locator('.code-input').pressSequentially('# Changed\n');
  },
  '22-enlarged': async (page) => {
    await page.locator('.picture-open').click();
    await page.keyboard.press('+');
  },
  '41-many-tables': async (page) => {
    await page.getByRole('button', { name: 'Show Table' }).first().click();
  },
};
