import type { Locator } from 'playwright-core';

/** The text as it is painted: hidden parts left out, blocks on lines of their own. */
export async function shown(part: Locator): Promise<string> {
  return (await part.allInnerTexts()).join('\n');
}
