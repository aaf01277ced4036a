import type { Page } from 'playwright-core';
import { waitFor } from './processes.ts';

/** Drags the edge of VS Code's side bar until it is so many pixels wide; it takes 170 at least. */
export async function setSideBarWidth(page: Page, width: number): Promise<void> {
  const sideBar = async () => {
    const box = await page.locator('.part.sidebar').boundingBox();
    if (box === null) throw new Error('there is no side bar');
    return box;
  };
  const before = await sideBar();
  const y = before.y + before.height / 2;
  await page.mouse.move(before.x + before.width, y);
  await page.mouse.down();
  await page.mouse.move(before.x + width, y, { steps: 10 });
  await page.mouse.up();
  await waitFor(async () => Math.abs((await sideBar()).width - width) < 5, {
    what: `a side bar of ${width} pixels`,
  });
}
