import { doneButton, iconButton, toolbar } from '../dom.ts';
import type { PanelContext } from '../part.ts';

/** What can be done with what was asked: change it and ask anew, copy it, run it again as it is. */
export function createPromptActions(
  context: PanelContext,
  runId: string,
): { readonly root: HTMLElement; dispose(): void } {
  const { t, post, busy, say } = context;
  const edit = iconButton('edit', t('Edit This Message'), () => post({ type: 'editPrompt', runId }));
  const copy = doneButton('copy', t('Copy This Message'), () => {
    post({ type: 'copyPrompt', runId });
    say(t('Copied'));
  });
  const again = iconButton('refresh', t('Run Again'), () => post({ type: 'retry', runId }));
  const leave = busy.follow((running) => {
    again.disabled = running;
  });
  return { root: toolbar(t('Message actions'), edit, copy, again), dispose: leave };
}
