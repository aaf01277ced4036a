import { el, icon, nameGroup, setIcon, show } from '../dom.ts';
import { type PanelContext, type Part, PartList } from '../part.ts';
import { formatDuration, formatWholeSeconds } from '../view/format.ts';
import type { PictureView, StepPhase, StepView } from '../view/viewTypes.ts';
import { CodePart } from './code.ts';
import { LogsPart } from './logs.ts';
import { createPicture } from './picture.ts';
import { createStepActions } from './stepActions.ts';

const ICONS: Readonly<Record<StepPhase, readonly [string, string]>> = {
  writing: ['edit', ''],
  running: ['loading', 'codicon-modifier-spin'],
  done: ['check', ''],
  raised: ['error', ''],
  stopped: ['circle-slash', ''],
  failed: ['error', ''],
};

let nextId = 0;

/** One piece of Python as a notebook cell: code, then its pictures, then what it printed. */
export function createStep(context: PanelContext, first: StepView): Part<StepView> {
  const { t } = context;
  const name = t('Step {0}', String(first.number));
  const memoryKey = `${first.runId} ${first.key}`;

  const chevron = icon('chevron-down', 'step-chevron');
  const title = el('span', 'step-title');
  const stateIcon = icon('edit');
  const words = el('span', 'step-words');
  const time = el('span', 'step-time');
  const toggle = el(
    'button',
    'step-toggle',
    chevron,
    el('span', 'step-name', name),
    title,
    el('span', 'step-state', stateIcon, words),
    time,
  );
  toggle.type = 'button';
  const code = new CodePart(context, t('Code of step {0}', String(first.number)));
  const unsent = el('p', 'step-note', t('The provider did not send the code of this step.'));
  const actions = createStepActions(context, first, code.root);
  const body = el('div', 'step-body', actions.root, code.root, unsent);
  body.id = `step-body-${nextId++}`;
  toggle.setAttribute('aria-controls', body.id);
  const pictureBox = el('div', 'step-pictures');
  const pictures = new PartList<PictureView>(
    pictureBox,
    (view) => view.key,
    (view) => createPicture(context, view),
  );
  const logs = new LogsPart(context, {
    label: t('Output of step {0}', String(first.number)),
    onLine: (line) => {
      if (root.classList.contains('collapsed')) toggle.click();
      code.mark(line);
    },
  });
  const logBox = el('div', 'step-logs', logs.root);

  const heading = el('h3', 'step-heading', toggle);
  const root = el('div', 'step', el('div', 'step-head', heading), body, pictureBox, logBox);
  nameGroup(root, name);

  function setCollapsed(collapsed: boolean): void {
    root.classList.toggle('collapsed', collapsed);
    toggle.setAttribute('aria-expanded', String(!collapsed));
    setIcon(chevron, collapsed ? 'chevron-right' : 'chevron-down', 'step-chevron');
    show(body, !collapsed);
    show(logBox, !collapsed);
  }
  toggle.addEventListener('click', () => {
    const collapsed = !root.classList.contains('collapsed');
    context.memory.setCollapsed(memoryKey, collapsed);
    setCollapsed(collapsed);
  });
  setCollapsed(context.memory.isCollapsed(memoryKey));

  let stopClock: (() => void) | undefined;
  let shown: StepView | undefined;

  function showTime(view: StepView): void {
    if (shown && shown.since === view.since && shown.until === view.until) return;
    stopClock?.();
    stopClock = undefined;
    if (view.until !== undefined) {
      time.textContent = formatDuration(view.until - view.since, context.lang, t);
      return;
    }
    stopClock = context.clock.follow((now) => {
      time.textContent = formatWholeSeconds(now - view.since, t);
    });
  }

  return {
    root,
    update(view) {
      if (view.phase !== shown?.phase) {
        root.dataset['phase'] = view.phase;
        setIcon(stateIcon, ...ICONS[view.phase]);
      }
      if (view.words !== shown?.words) words.textContent = view.words;
      if (view.title !== shown?.title) title.textContent = view.title;
      showTime(view);
      const live = view.phase === 'writing';
      code.update(view.code, live);
      show(code.root, (view.code !== '' || live) && !actions.editing);
      show(unsent, view.code === '' && view.until !== undefined);
      actions.update(view);
      pictures.update(view.pictures);
      show(pictureBox, view.pictures.length > 0);
      logs.update(view.log, view.code);
      shown = view;
    },
    dispose() {
      stopClock?.();
      pictures.dispose();
      actions.dispose();
    },
  };
}
