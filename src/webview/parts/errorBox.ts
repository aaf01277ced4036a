import { el, icon, show, textButton } from '../dom.ts';
import type { PanelContext, Part } from '../part.ts';
import type { ErrorView } from '../view/viewTypes.ts';

/** A failure: its sentence, the button that helps, and the small print. */
export function createErrorBox(context: PanelContext, runId: string): Part<ErrorView | undefined> {
  const sentence = el('p', 'error-sentence');
  const detail = el('p', 'error-detail');
  const actions = el('div', 'error-actions');
  const root = el('div', 'error-box', icon('error'), el('div', 'error-words', sentence, detail, actions));
  show(root, false);
  let shownActions = '';
  return {
    root,
    update(view) {
      show(root, view !== undefined);
      if (view === undefined) return;
      if (sentence.textContent !== view.sentence) sentence.textContent = view.sentence;
      if (detail.textContent !== view.detail) detail.textContent = view.detail;
      show(detail, view.detail !== '');
      const { action, canRetry, resume } = view;
      show(actions, action !== undefined || canRetry || resume !== undefined);
      const wanted = `${action?.action} ${canRetry} ${resume}`;
      if (wanted === shownActions) return;
      shownActions = wanted;
      actions.replaceChildren();
      // What sends nothing a second time comes first.
      if (resume !== undefined) {
        actions.append(textButton(resume, () => context.post({ type: 'resume', runId })));
      }
      if (action) {
        const again = () => context.post({ type: 'errorAction', action: action.action, runId });
        const className = resume === undefined ? 'button' : 'quiet-button';
        actions.append(textButton(action.label, again, { className }));
      }
      if (canRetry) {
        actions.append(
          textButton(context.t('Run Again'), () => context.post({ type: 'retry', runId }), {
            className: 'quiet-button',
          }),
        );
      }
    },
    dispose() {},
  };
}
