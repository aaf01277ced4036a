import { el, icon, show, textButton } from '../dom.ts';
import type { PanelContext, Part } from '../part.ts';
import type { ErrorView } from '../viewTypes.ts';

/** A failure: its sentence, the button that helps, and the small print. */
export function createErrorBox(
  context: PanelContext,
  runId: string | undefined,
): Part<ErrorView | undefined> {
  const sentence = el('p', 'error-sentence');
  const detail = el('p', 'error-detail');
  const actions = el('div', 'error-actions');
  const root = el('div', 'error-box', icon('error'), el('div', 'error-words', sentence, detail, actions));
  show(root, false);
  let shownAction: string | undefined;
  return {
    root,
    update(view) {
      show(root, view !== undefined);
      if (view === undefined) return;
      if (sentence.textContent !== view.sentence) sentence.textContent = view.sentence;
      if (detail.textContent !== view.detail) detail.textContent = view.detail;
      show(detail, view.detail !== '');
      show(actions, view.action !== undefined);
      if (view.action?.action === shownAction) return;
      shownAction = view.action?.action;
      const { action } = view;
      actions.replaceChildren();
      if (action === undefined) return;
      actions.append(
        textButton(action.label, () => context.post({ type: 'errorAction', action: action.action, runId })),
      );
    },
    dispose() {},
  };
}
