import {
  type GatewayLabel,
  newSession,
  type SessionEvent,
  type SessionState,
} from '../../src/core/session.ts';
import { chartPng } from './chartPng.ts';
import { faultScenes } from './faultScenes.ts';
import { manyScenes } from './manyScenes.ts';
import { colouredLog, longCode, longLog, TRACEBACK } from './sceneTexts.ts';
import { wideScenes } from './wideScenes.ts';
import { recording, Script } from './wireEvents.ts';

/** A state of the panel worth looking at: what the host sends. */
export interface Scene {
  readonly name: string;
  readonly session: SessionState;
  readonly events: readonly SessionEvent[];
  /** ms that go by after the last event before one looks. */
  readonly later?: number;
}

const remote: GatewayLabel = { name: 'https://llm.example.com', local: false, model: 'gpt-5' };
const local: GatewayLabel = { name: 'Local Python', local: true, model: 'built-in' };

const CHART = `# Sales by quarter as a bar chart
import pandas as pd
import matplotlib.pyplot as plt

df = pd.read_csv("/mnt/data/sales.csv", parse_dates=["date"])
by_quarter = df.groupby(df["date"].dt.to_period("Q"))["amount"].sum()


def label(value: float) -> str:
    """How a bar is labelled."""
    return f"\${value / 1000:.1f}k"


fig, ax = plt.subplots(figsize=(8, 4.5))
bars = ax.bar([str(q) for q in by_quarter.index], by_quarter, color="#4477aa")
ax.bar_label(bars, [label(v) for v in by_quarter])
ax.set_title("Sales by quarter")
plt.savefig("/mnt/data/sales_by_quarter.png", dpi=150)  # a comment that makes this line much longer than any narrow panel could ever hold
plt.show()
`;

const ANSWER = `Sales **rose every quarter**, from $41.2k to $63.9k. The strongest step was between Q3 and Q4.

| Quarter | Sales | Change |
|:--------|------:|-------:|
| Q1 | 41,200 | |
| Q2 | 48,050 | +16.6 % |
| Q3 | 52,310 | +8.9 % |
| Q4 | 63,900 | +22.2 % |

1. The chart is saved as [sales_by_quarter.png](sandbox:/mnt/data/sales_by_quarter.png).
2. The numbers behind it are in [sales by quarter.csv](sandbox:/mnt/data/sales by quarter.csv).
3. An older draft, [draft.png](sandbox:/mnt/data/draft.png), was not kept.

To draw it again, \`plt.show()\` is enough:

\`\`\`python
df = pd.read_csv("sales.csv")  # the same file
df.plot.bar()
\`\`\`

> Amounts are in US dollars, see [the pandas guide](https://pandas.pydata.org/docs/).
`;

const at = Date.now() - 40_000;

function scene(
  name: string,
  gateway: GatewayLabel,
  ...scripts: readonly (Script | readonly SessionEvent[])[]
): Scene {
  const events = scripts.flatMap((script) => (script instanceof Script ? script.events : [...script]));
  return { name, session: newSession('s1', gateway), events };
}

function container(): readonly SessionEvent[] {
  return [
    {
      type: 'session.container',
      container: { id: 'cntr_68e1f2a39f2a', lastUsedAt: Date.now() - 120_000, lifeMinutes: 20 },
    },
  ];
}

function recorded(name: string, file: string, prompt: string, files: readonly string[]): Scene[] {
  const events = recording(file);
  if (events === undefined) return [];
  const script = new Script('run1', prompt, at);
  for (const event of events) script.add(event);
  return [scene(name, remote, script.files(files), container())];
}

const hostileNames = [
  're\u202Egnp.exe',
  '..\\..\\evil.bat',
  '<img src=x onerror=alert(1)>.html',
  `${'very-long-name-'.repeat(12)}.csv`,
];

/** All scenes, in the order in which one would look at them. */
export function scenes(): Scene[] {
  const chart = chartPng([41_200, 48_050, 52_310, 63_900]);
  return [
    scene('01-empty-local', local),
    scene('02-empty-remote', remote, [
      {
        type: 'session.attachments',
        attachments: [
          { id: 'a', name: 'sales.csv', size: 48_213 },
          { id: 'b', name: 'a rather long file name for a workbook 2024 final (2).xlsx', size: 1_200_345 },
        ],
      },
    ]),
    scene(
      '03-waiting',
      remote,
      new Script('run1', 'Generate a bar chart of sales by quarter and save as PNG', Date.now() - 4_000, [
        'sales.csv',
      ]),
    ),
    scene(
      '04-writing',
      remote,
      new Script('run1', 'Generate a bar chart of sales by quarter and save as PNG', Date.now() - 6_000, [
        'sales.csv',
      ]).step({ code: CHART.slice(0, 520), until: 'writing' }),
    ),
    scene(
      '05-running',
      remote,
      new Script('run1', 'Generate a bar chart of sales by quarter and save as PNG', Date.now() - 9_000, [
        'sales.csv',
      ]).step({ code: CHART, until: 'running' }),
    ),
    scene(
      '06-finished',
      remote,
      new Script('run1', 'Generate a bar chart of sales by quarter and save as PNG', at, ['sales.csv'])
        .text('I will read the file first, then draw the chart.')
        .step({
          code: CHART.replace('df.groupby(df["date"].dt.to_period("Q"))', 'df.groupby("quater")'),
          logs: TRACEBACK,
        })
        .step({
          code: CHART,
          images: [chart],
          logs: '2024Q1    41200\n2024Q2    48050\n2024Q3    52310\n2024Q4    63900\nFreq: Q-DEC, Name: amount, dtype: int64\n',
        })
        .text(ANSWER, [
          { filename: 'sales_by_quarter.png', fileId: 'cfile_0' },
          { filename: 'sales by quarter.csv', fileId: 'cfile_1' },
        ])
        .end()
        .files(['sales_by_quarter.png', 'sales by quarter.csv']),
      container(),
    ),
    ...recorded(
      '07-recorded-image',
      'stream-image-and-file.sse',
      'Create a chart of y=x^2 for x=-5 to 5',
      [],
    ),
    ...recorded('08-recorded-csv', 'stream-csv-file.sse', 'Make a CSV', []),
    ...recorded('09-recorded-text-first', 'stream-text-before-code.sse', 'Plot a sine wave', []),
    ...recorded('10-recorded-failure', 'stream-error-then-failed.sse', 'Explain the quota', []),
    scene(
      '11-cut',
      remote,
      new Script('run1', 'Count the rows', at)
        .step({ code: 'import time\ntime.sleep(60)\n', until: 'running' })
        .add({ type: 'run.cut', error: { kind: 'stream_cut' } }),
    ),
    scene(
      '12-key',
      remote,
      new Script('run1', 'Count the rows', at).add({
        type: 'run.failed',
        error: {
          kind: 'key_rejected',
          status: 401,
          requestId: 'req_9f2',
          detail: 'Authentication Error, Invalid proxy server token passed.',
        },
      }),
    ),
    scene(
      '13-stopped',
      local,
      new Script('run1', 'while True:\n    pass', at)
        .step({ code: 'while True:\n    pass\n', until: 'running' })
        .add({ type: 'run.cancelled' }),
    ),
    scene(
      '14-incomplete',
      remote,
      new Script('run1', 'Write a long story about pandas', at)
        .text('Once upon a time there was a **data frame** that had lost its index, and')
        .end('incomplete', { incomplete_details: { reason: 'max_output_tokens' } })
        .notice({ kind: 'files_unlisted' })
        .notice({ kind: 'outputs_unavailable' }),
    ),
    scene(
      '15-long-logs',
      local,
      new Script('run1', 'print 10,000 lines', at)
        .step({ code: 'for i in range(10_000):\n    print(f"row {i + 1}")\n', logs: longLog })
        .text('Done.')
        .end(),
    ),
    scene(
      '16-long-code',
      local,
      new Script('run1', 'Write three hundred lines', at)
        .step({ code: `# Three hundred lines\n${longCode}`, logs: 'ok' })
        .text('Three hundred lines.')
        .end(),
    ),
    scene(
      '17-many-files',
      local,
      new Script('run1', 'Make many files', at)
        .step({ code: 'make()', logs: '' })
        .text('Here they are.')
        .end()
        .files([
          ...Array.from(
            { length: 9 },
            (_, i) => `report_${i}.${['csv', 'png', 'json', 'py', 'pdf', 'zip', 'txt', 'html', 'xlsx'][i]}`,
          ),
          ...hostileNames,
        ]),
    ),
    scene(
      '18-long-prompt',
      remote,
      new Script(
        'run1',
        `Summarise this:\n${'A line of text that somebody pasted without thinking much about it.\n'.repeat(200)}`,
        at,
      )
        .text('A line, many times.')
        .end('completed', {}),
    ),
    scene(
      '19-two-runs',
      local,
      new Script('run1', 'Calculate the first 20 fibonacci numbers and plot them', at)
        .step({ code: CHART, images: [chart] })
        .text('Plotted.')
        .end(),
      new Script('run2', 'Now on a logarithmic scale', Date.now() - 5_000).step({
        code: 'ax.set_yscale("log")\n',
        images: [],
      }),
    ),
    scene(
      '20-colours',
      local,
      new Script('run1', 'Print in colours', at)
        .step({
          code: 'rich()',
          logs: colouredLog,
        })
        .end(),
    ),
    scene(
      '21-changing-code',
      local,
      new Script('run1', 'Draw it', at)
        .step({ code: CHART, images: [chart] })
        .text('Drawn.')
        .end(),
    ),
    scene(
      '22-enlarged',
      local,
      new Script('run1', 'Draw it', at)
        .step({ code: CHART, images: [chart] })
        .text('Drawn.')
        .end(),
    ),
    ...faultScenes(),
    ...wideScenes(),
    ...manyScenes(),
  ];
}
