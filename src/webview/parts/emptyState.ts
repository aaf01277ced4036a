import type { GatewayLabel } from '../../core/session.ts';
import { el, icon, show, textButton } from '../dom.ts';
import type { PanelContext, Part } from '../part.ts';

/** What a new session shows: what this is for, and requests to begin with. */
export function createEmptyState(
  context: PanelContext,
  onExample: (prompt: string) => void,
): Part<GatewayLabel> {
  const { t } = context;
  const examples: readonly (readonly [string, string])[] = [
    ['graph', t('Generate a bar chart of sales by quarter and save as PNG')],
    ['graph-line', t('Calculate the first 20 fibonacci numbers and plot them')],
    ['table', t('Create a CSV with sample sales data')],
    ['pie-chart', t('Generate a pie chart of market share')],
  ];
  const list = el(
    'ul',
    'examples',
    ...examples.map(([symbol, prompt]) =>
      el(
        'li',
        '',
        textButton(prompt, () => onExample(prompt), { icon: symbol, className: 'example' }),
      ),
    ),
  );
  list.setAttribute('aria-label', t('Examples'));
  const local = el(
    'p',
    'empty-local',
    el(
      'span',
      '',
      t(
        'Runs on this machine, with no account and no model: fixed rules turn requests like these into Python, and Python you write is run as it is.',
      ),
    ),
    ' ',
    textButton(
      t('Connect a gateway'),
      () => context.post({ type: 'errorAction', action: 'setUpGateway', runId: undefined }),
      { className: 'link-button' },
    ),
  );
  const root = el(
    'section',
    'empty',
    icon('notebook', 'empty-icon'),
    el('h2', 'empty-title', t('Ask for a chart, a calculation or a file')),
    el(
      'p',
      'empty-text',
      t(
        'Python is written and run for you. You see the code, what it prints and draws, and keep the files it makes.',
      ),
    ),
    list,
    local,
  );
  return {
    root,
    update: (gateway) => show(local, gateway.local),
    dispose() {},
  };
}
