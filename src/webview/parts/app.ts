import { announcement } from '../announce.ts';
import { el, show, textButton } from '../dom.ts';
import { Follower } from '../follow.ts';
import { Later } from '../later.ts';
import { type PanelContext, PartList } from '../part.ts';
import type { RunView, SessionView } from '../view/viewTypes.ts';
import { createComposer } from './composer.ts';
import { createDropZone } from './dropZone.ts';
import { createEmptyState } from './emptyState.ts';
import { createHeader } from './header.ts';
import { createRun, isBuilt, runElementId } from './run.ts';

/** Runs at the end of a session that are there as soon as it is opened, mostly more than are in sight. Those before follow. */
const AT_ONCE = 5;

/** The whole panel. */
export interface App {
  readonly roots: readonly HTMLElement[];
  update(view: SessionView): void;
  focusComposer(): void;
  /** Puts a text into the composer, to be changed and sent. */
  compose(text: string): void;
  /** Goes on with what the arrow key began: the texts that were sent before, oldest first. */
  browseHistory(prompts: readonly string[]): void;
  /** Brings a run into sight, as soon as it is there. */
  revealRun(runId: string): void;
}

/** Builds the panel: header, the session, composer. */
export function createApp(context: PanelContext): App {
  const { t, busy, say } = context;
  const header = createHeader(context);
  const composer = createComposer(context);
  const empty = createEmptyState(context, (prompt) => {
    composer.ask(prompt);
    // The button that was pressed goes away with the empty state.
    composer.focus();
  });
  show(empty.root, false);
  const runBox = el('div', 'runs');
  const later = new Later();
  /** Number of the last run. */
  let newest = 0;
  const runs = new PartList<RunView>(
    runBox,
    (run) => run.id,
    (run) => createRun(context, run, run.number > newest - AT_ONCE ? undefined : later),
  );
  const content = el('div', 'content', empty.root, runBox);
  const scroller = el('main', 'scroller', content);
  scroller.setAttribute('aria-label', t('Session'));
  scroller.tabIndex = -1;
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
  const dropHint = createDropZone(document.body, context, (words) => composer.warn(words));

  let shown: SessionView | undefined;
  let wanted: string | undefined;
  const goToWanted = () => {
    const run = wanted === undefined ? null : document.getElementById(runElementId(wanted));
    if (run === null) return;
    wanted = undefined;
    // Where it stands is known when it and all below it are there.
    later.until(() => isBuilt(run));
    follower.goTo(run);
    run.focus({ preventScroll: true });
  };
  return {
    roots: [header.root, scroller, dock, dropHint],
    focusComposer: () => composer.focus(),
    compose: (text) => composer.compose(text),
    browseHistory: (prompts) => composer.browseHistory(prompts),
    revealRun(runId) {
      wanted = runId;
      goToWanted();
    },
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
      newest = view.runs.length;
      runs.update(view.runs);
      composer.update(view);
      busy.set(view.active);
      const words = announcement(shown, view, t);
      if (words !== undefined) say(words);
      shown = view;
      if (asked) follower.toEnd();
      goToWanted();
      // The button that was pressed may be gone with what it was for.
      if (inContent && !focused.checkVisibility()) composer.focus();
    },
  };
}
