import { describeError, type ErrorAction, type Translate } from '../../core/errorText.ts';
import type { RunError } from '../../core/events.ts';
import type { RunState } from '../../core/runState.ts';
import type { ContainerLoss, Notice, RunEntry } from '../../core/session.ts';
import { displayName, formatNumber } from './format.ts';
import type { Language } from './view.ts';
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
    resume: undefined,
  };
}

/** A failure that broke off a run: where nothing but trying again helps, what became of the run is said instead. */
export function cutView(error: RunError, goesOn: boolean, { t, lang }: Language): ErrorView {
  const view = errorView(error, t);
  if (view.action?.action !== 'retry') return view;
  const rest = goesOn
    ? t('What had arrived is kept, and the run goes on at the gateway.')
    : t('What had arrived is kept; the run may have gone on at the gateway.');
  return { ...view, sentence: `${firstSentence(view.sentence, lang)} ${rest}` };
}

/** What happened, without the advice after it. */
export function firstSentence(text: string, lang: string): string {
  const [locale] = Intl.Segmenter.supportedLocalesOf([lang]);
  const [first] = new Intl.Segmenter(locale ?? 'en', { granularity: 'sentence' }).segment(text);
  return first?.segment.trim() ?? text;
}

function actionLabel(action: ErrorAction, t: Translate): string {
  const labels: Readonly<Record<ErrorAction, string>> = {
    setUpGateway: t('Set Up Gateway'),
    chooseModel: t('Choose Model'),
    newSession: t('New Session'),
    retry: t('Try Again'),
    refresh: t('Refresh'),
    openProxySettings: t('Open Settings'),
    openCertificateSettings: t('Open Settings'),
    openLocalSettings: t('Open Settings'),
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

/** What the button says that asks how a cut run went on: one in the background may still be going. */
export function resumeLabel({ background }: RunEntry, t: Translate): string {
  return background ? t('Resume') : t('Ask How It Ended');
}

/** A notice in one or a few sentences. */
export function noticeText(notice: Notice, language: Language): string {
  const { t } = language;
  switch (notice.kind) {
    case 'outputs_unavailable':
      return t('This gateway does not pass on what the code printed and drew.');
    case 'only_logs':
      return t(
        'This provider passes on only what the code printed: pictures that it drew and files that it made cannot be had here.',
      );
    case 'files_unreachable':
      return t('This provider does not say where the code ran: files that it made cannot be had here.');
    case 'nothing_passed_on':
      return t('This provider passes on neither what the code printed and drew nor the files that it made.');
    case 'files_unlisted':
      return t(
        'The list of files could not be read: files that the answer does not mention may be missing here.',
      );
    case 'access_restored':
      return t(
        'The gateway refused the files of this run at first. Asking it for the answer once more put that right.',
      );
    case 'answers_retold':
      return t(
        'The gateway did not have the earlier answers any more, so what was said before is sent along with each message.',
      );
    case 'not_cancelled':
      return t('The gateway could not be told to stop this run: it may still be going on there.');
    case 'end_unknown':
      return t('The gateway does not know any more how this run ended.');
    case 'container_renewed':
      return renewedText(notice, language);
    case 'files_left_out':
      return t('Not sent, as you chose: {0}', names(notice.names, language.lang));
  }
}

function lossText(loss: ContainerLoss, restored: boolean, t: Translate): string {
  switch (loss) {
    case 'local_restarted':
      return t('The local Python was started anew: variables and files from before are gone.');
    case 'expired':
      return restored
        ? t(
            'The container had expired, so a new one is used: variables and other files of the old one are gone.',
          )
        : t('The container had expired, so a new one is used: variables and files of the old one are gone.');
    case 'gone':
      return restored
        ? t(
            'The container was not there any more, so a new one is used: variables and other files of the old one are gone.',
          )
        : t(
            'The container was not there any more, so a new one is used: variables and files of the old one are gone.',
          );
  }
}

function renewedText(notice: Extract<Notice, { kind: 'container_renewed' }>, { t, lang }: Language): string {
  const { loss, restored, changed, leftOut } = notice;
  const sentences = [lossText(loss, restored > 0, t)];
  if (restored > 0)
    sentences.push(
      restored === 1
        ? t('1 attached file was uploaded again.')
        : t('{0} attached files were uploaded again.', formatNumber(restored, lang)),
    );
  if (changed.length > 0)
    sentences.push(
      t('Changed or gone since, so the version sent before was used: {0}', names(changed, lang)),
    );
  if (leftOut.length > 0) sentences.push(t('Changed or gone since, so left out: {0}', names(leftOut, lang)));
  return sentences.join('\n');
}

function names(list: readonly string[], lang: string): string {
  const [locale] = Intl.ListFormat.supportedLocalesOf([lang]);
  return new Intl.ListFormat(locale ?? 'en', { type: 'unit' }).format(list.map(displayName));
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
