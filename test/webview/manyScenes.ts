import { newSession } from '../../src/core/session.ts';
import type { Scene } from './scenes.ts';
import { Script } from './wireEvents.ts';

const CODE = `# Split the sales by region
import pandas as pd

sales = pd.read_csv("/mnt/data/sales.csv")
for region, rows in sales.groupby("region"):
    rows.to_csv(f"/mnt/data/{region}.csv", index=False)
`;

/** A prompt that holds code in words, a query and a long line; and a run that made more tables than are shown. */
export function manyScenes(): Scene[] {
  const prompt = [
    'Run this, then tell me why the second one is slower:',
    `\`\`\`python\n${CODE}\`\`\``,
    `\`\`\`sql\nSELECT region, sum(revenue) FROM sales ${'WHERE region IS NOT NULL '.repeat(8)}\n\`\`\``,
    'Thank you!',
  ].join('\n\n');
  const names = ['North', 'South', 'East', 'West', 'a region with a rather long name of its own', 'Others'];
  const script = new Script('run1', prompt, Date.now() - 20_000)
    .step({ code: CODE, logs: '' })
    .text('One file for each region.')
    .end()
    .files(names.map((name) => `${name}.csv`));
  const session = newSession('s1', { name: 'https://llm.example.com', local: false, model: 'gpt-5' });
  return [{ name: '41-many-tables', session, events: script.events }];
}
