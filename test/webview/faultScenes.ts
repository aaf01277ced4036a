import { newSession, type SessionEvent } from '../../src/core/session.ts';
import type { Scene } from './scenes.ts';
import { Script } from './wireEvents.ts';

const remote = { name: 'https://llm.example.com', local: false, model: 'gpt-5' };
const LOAD =
  '# Load the sales\nimport pandas as pd\n\ndf = pd.read_csv("/mnt/data/sales.csv")\nprint(len(df))\n';
const FIT =
  '# Fit the model\nfrom sklearn.linear_model import LinearRegression\n\nmodel = LinearRegression().fit(X, y)\n';

function scene(name: string, events: readonly SessionEvent[]): Scene {
  return { name, session: newSession('s1', remote), events };
}

/** What the panel shows when networks and providers fail. */
export function faultScenes(): Scene[] {
  const now = Date.now();
  const waiting = new Script('run1', 'Count the rows of the attached file', now - 3_000, ['sales.csv']).add({
    type: 'run.waiting',
    error: { kind: 'rate_limited', status: 429 },
    attempt: 2,
    until: now + 8_000,
  });
  const silent = new Script('run1', 'Fit a model to the sales', now)
    .step({ code: LOAD, logs: '1204\n' })
    .step({ code: FIT, until: 'running' });
  const cut = (background: boolean) =>
    new Script('run1', 'How many rows are there, and why?', now - 60_000, ['sales.csv'], background)
      .step({ code: LOAD, logs: '1204\n' })
      .text('There are **1,204 rows**, one for each day on which something')
      .add({ type: 'run.cut', error: { kind: 'connection_lost' } });
  const renewed = new Script('run2', 'Now on a logarithmic scale', now - 30_000)
    .notice({
      kind: 'container_renewed',
      loss: 'expired',
      restored: 2,
      changed: ['sales.csv'],
      leftOut: ['budget 2025.xlsx', 'notes.txt'],
    })
    .step({ code: LOAD, logs: '1204\n' })
    .text('Drawn again.')
    .end();
  const logsOnly = new Script('run1', 'Plot a sine wave', now - 30_000)
    .step({ code: 'plt.plot(x, np.sin(x))\nprint("done")\n', logs: 'done\n' })
    .text('The plot is in `sine.png`.')
    .end()
    .notice({ kind: 'only_logs' });
  return [
    scene('30-waiting', waiting.events),
    { ...scene('31-silent', silent.events), later: 130_000 },
    scene('32-cut', cut(false).events),
    scene('33-cut-background', cut(true).events),
    scene('34-renewed', renewed.events),
    scene('35-only-logs', logsOnly.events),
  ];
}
