import { el, icon, setIcon, setText, show, textButton } from '../dom.ts';
import type { PanelContext, Part } from '../part.ts';
import { type ProgressLine, progressLine } from '../view/viewProgress.ts';
import type { ProgressView } from '../view/viewTypes.ts';

const ICONS: Readonly<Record<ProgressLine['kind'], readonly [string, string]>> = {
  waiting: ['history', ''],
  silent: ['watch', ''],
  activity: ['loading', 'codicon-modifier-spin'],
  nothing: ['loading', ''],
};

/**
 * The line below a run that is under way: what is waited for, why and when the request is sent again, or for how long
 * there has been no news. Its place is kept while it has nothing to say.
 */
export function createProgress(context: PanelContext): Part<ProgressView | undefined> {
  const { t, clock } = context;
  const symbol = icon('loading');
  const words = el('span', 'progress-words');
  const room = el('span', 'progress-room');
  room.setAttribute('aria-hidden', 'true');
  const time = el('span', 'progress-now');
  const stop = textButton('', () => context.post({ type: 'stop' }), { className: 'quiet-button' });
  const text = el('div', 'progress-text', words, el('span', 'progress-time', room, time));
  const line = el('div', 'progress-line', symbol, text, stop);
  const root = el('div', 'progress', line);
  let shown: ProgressView | undefined;
  let said: ProgressLine | undefined;
  let stopClock: (() => void) | undefined;

  function render(now: number): void {
    if (shown === undefined) return;
    const next = progressLine(shown, now, context);
    if (said && sameLine(said, next)) return;
    said = next;
    root.dataset['kind'] = next.kind;
    show(line, next.kind !== 'nothing');
    setIcon(symbol, ...ICONS[next.kind]);
    setText(words, next.words);
    setText(time, next.time);
    setText(room, next.room);
    show(stop, next.kind === 'waiting' || next.kind === 'silent');
    setText(stop, next.kind === 'waiting' ? t('Cancel') : t('Stop'));
  }

  return {
    root,
    update(view) {
      shown = view;
      show(root, view !== undefined);
      if (view === undefined) {
        stopClock?.();
        stopClock = undefined;
      } else if (stopClock === undefined) stopClock = clock.follow(render);
      else render(clock.now());
    },
    dispose: () => stopClock?.(),
  };
}

function sameLine(a: ProgressLine, b: ProgressLine): boolean {
  return a.kind === b.kind && a.words === b.words && a.time === b.time && a.room === b.room;
}
