import { describeError, type ErrorAction, type Translate } from '../core/errorText.ts';
import type { RunError } from '../core/events.ts';
import type { RunState } from '../core/runState.ts';
import type { Notice } from '../core/session.ts';
import type { EndingView, ErrorView, StepPhase } from './viewTypes.ts';

/** A failure in words: the sentence, the button beside it, and the small print. */
export function errorView(error: RunError, t: Translate): ErrorView {
  const { sentence, action } = describeError(error, t);
  const detail = [
    error.detail && !sentence.includes(error.detail) ? error.detail : '',
    error.status === undefined ? '' : t('HTTP status {0}', String(error.status)),
    error.requestId === undefined ? '' : t('Request {0}', error.requestId),
  ];
  return {
    sentence,
    action: action && { action, label: actionLabel(action, t) },
    detail: detail.filter((part) => part !== '').join(' · '),
    canRetry: false,
  };
}

function actionLabel(action: ErrorAction, t: Translate): string {
  const labels: Readonly<Record<ErrorAction, string>> = {
    setUpGateway: t('Set Up Gateway'),
    chooseModel: t('Choose Model'),
    newSession: t('New Session'),
    retry: t('Try Again'),
    openSettings: t('Open Settings'),
    showLog: t('Show Log'),
  };
  return labels[action];
}

/** How a run ended, said in words, where it did not simply complete and no error says it. */
export function endingView(state: RunState, last: boolean, t: Translate): EndingView | undefined {
  switch (state.status) {
    case 'cancelled':
      return { text: t('Stopped. What had arrived is kept.'), icon: 'circle-slash', canRetry: last };
    case 'incomplete':
      return { text: incompleteText(state.incompleteReason, t), icon: 'warning', canRetry: last };
    case 'completed':
      return state.items.length === 0
        ? { text: t('The run ended without an answer.'), icon: 'info', canRetry: last }
        : undefined;
    default:
      return undefined;
  }
}

function incompleteText(reason: string | undefined, t: Translate): string {
  switch (reason) {
    case 'max_output_tokens':
      return t('Incomplete: the model reached the limit on the length of its answer.');
    case 'content_filter':
      return t("Incomplete: the provider's content filter stopped the answer.");
    default:
      return t('Incomplete: the run ended before the model had finished.');
  }
}

/** A notice as a sentence. */
export function noticeText(notice: Notice, t: Translate): string {
  switch (notice) {
    case 'local_restarted':
      return t('The local Python was started anew: variables and files from before are gone.');
    case 'outputs_unavailable':
      return t('This gateway does not pass on what the code printed and drew.');
    case 'files_unlisted':
      return t(
        'The list of files could not be read: files that the answer does not mention may be missing here.',
      );
  }
}

/** The state of a step in a word or two. */
export function phaseWords(phase: StepPhase, t: Translate): string {
  switch (phase) {
    case 'writing':
      return t('Writing');
    case 'running':
      return t('Running');
    case 'done':
      return t('Done');
    case 'raised':
      return t('Error');
    case 'stopped':
      return t('Stopped');
    case 'failed':
      return t('Failed');
  }
}
