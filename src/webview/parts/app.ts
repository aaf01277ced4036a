import { announcement } from '../announce.ts';
import { el, show, textButton } from '../dom.ts';
import { Follower } from '../follow.ts';
import { type PanelContext, PartList } from '../part.ts';
import type { RunView, SessionView } from '../view/viewTypes.ts';
import { createComposer } from './composer.ts';
import { createEmptyState } from './emptyState.ts';
import { createHeader } from './header.ts';
import { createRun } from './run.ts';

/** The whole panel. */
export interface App {
  update(view: SessionView): void;
  focusComposer(): void;
}

/** Builds the panel into `parent`: header, the session, composer. */
export function createApp(parent: HTMLElement, context: PanelContext): App {
  const { t } = context;
  const header = createHeader(context);
  const composer = createComposer(context);
  const empty = createEmptyState(context, (prompt) => {
    composer.ask(prompt);
    // The button that was pressed goes away with the empty state.
    composer.focus();
  });
  show(empty.root, false);
  const runBox = el('div', 'runs');
  const runs = new PartList<RunView>(
    runBox,
    (run) => run.id,
    (run) => createRun(context, run),
  );
  const content = el('div', 'content', empty.root, runBox);
  const scroller = el('main', 'scroller', content);
  scroller.setAttribute('aria-label', t('Session'));
  scroller.tabIndex = -1;
  const status = el('div', 'visually-hidden');
  status.setAttribute('role', 'status');
  status.setAttribute('aria-live', 'polite');
  const follower = new Follower(scroller, content, (following) => show(jump, !following));
  const jump = textButton(
    t('Jump to latest'),
    () => {
      follower.toEnd();
      composer.focus();
    },
    { icon: 'arrow-down', className: 'jump-button' },
  );
  show(jump, false);
  const dock = el('div', 'dock', jump, composer.root);
  parent.replaceChildren(header.root, scroller, dock, status);

  let shown: SessionView | undefined;
  return {
    focusComposer: () => composer.focus(),
    update(view) {
      const focused = document.activeElement;
      const inContent = focused instanceof HTMLElement && content.contains(focused);
      const last = view.runs.at(-1);
      const asked = last !== undefined && last.id !== shown?.runs.at(-1)?.id;
      if (view.gateway !== shown?.gateway) {
        header.update(view.gateway);
        empty.update(view.gateway);
      }
      show(empty.root, view.runs.length === 0);
      show(runBox, view.runs.length > 0);
      runs.update(view.runs);
      composer.update(view);
      const words = announcement(shown, view, t);
      if (words !== undefined) status.textContent = words;
      shown = view;
      if (asked) follower.toEnd();
      // The button that was pressed may be gone with what it was for.
      if (inContent && !focused.checkVisibility()) composer.focus();
    },
  };
}
