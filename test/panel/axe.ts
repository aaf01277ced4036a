import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Frame, Page } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds wrong with the page as it is, all rules counted, one line for each fault. */
export async function axeFindings(page: Page | Frame): Promise<readonly string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(source);
  const { violations } = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(options: object): Promise<AxeResults> } };
    // Without fetching the style sheets, which the page's policy forbids.
    return await axe.run({ resultTypes: ['violations'], elementRef: false, preload: false });
  });
  // The same fault a hundred times over is one to mend: its first place stands for all.
  const found = new Map<string, string>();
  for (const { id, impact, nodes } of violations) {
    for (const { target, failureSummary } of nodes) {
      const fault = `${id} (${impact}): ${failureSummary?.replace(/\s+/g, ' ')}`;
      if (!found.has(fault)) found.set(fault, `${fault} At ${target.join(' ')}`);
    }
  }
  return [...found.values()];
}
