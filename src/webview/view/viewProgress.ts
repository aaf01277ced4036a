import { hasEnded, type RunState } from '../../core/runState.ts';
import type { RunEntry, UploadProgress } from '../../core/session.ts';
import { displayName, formatSize, formatWholeSeconds } from './format.ts';
import type { Language } from './view.ts';
import type { ProgressView, WaitingView } from './viewTypes.ts';
import { errorView, firstSentence } from './words.ts';

/** ms without news after which that is said; an answer that is being thought about often takes some seconds. */
const SILENT_AFTER = 20_000;

/** The longest that minutes and seconds get: room is kept for it, so that nothing moves while the time counts. */
const LONGEST = 59 * 60_000 + 59_000;

/** How a run stands; undefined once it has ended. */
export function progressView(entry: RunEntry, language: Language): ProgressView | undefined {
  const { state } = entry;
  if (hasEnded(state)) return undefined;
  const running = state.items.some((item) => item.kind === 'code' && item.status === 'interpreting');
  const { t } = language;
  return {
    activity: activity(entry, language),
    waiting: state.waiting && waitingView(state.waiting, language),
    lastNewsAt: state.lastEventAt,
    silence: running ? t('The code may still be running.') : t('The gateway may still be working.'),
  };
}

/** What is being waited for, where neither a step nor an answer being written shows it. */
function activity(entry: RunEntry, language: Language): ProgressView['activity'] {
  const { state, requestedAt, upload } = entry;
  const { t } = language;
  if (upload !== undefined) return { text: uploadWords(upload, language), since: requestedAt };
  const last = state.items.at(-1);
  if (last === undefined) {
    const text = state.status === 'queued' ? t('Waiting in the queue') : t('Waiting for the model');
    return { text, since: requestedAt };
  }
  const busy =
    last.kind === 'code'
      ? last.endedAt === undefined
      : last.status === 'in_progress' && last.parts.some((part) => part.text !== '');
  const since = last.kind === 'code' ? (last.endedAt ?? requestedAt) : state.lastEventAt;
  return busy ? undefined : { text: t('Thinking'), since };
}

function uploadWords({ name, place, count, sent, size }: UploadProgress, { t, lang }: Language): string {
  const far = [displayName(name), formatSize(sent, lang), formatSize(size, lang)];
  return count === 1
    ? t('Uploading {0}: {1} of {2}', ...far)
    : t('Uploading {0}: {1} of {2} (file {3} of {4})', ...far, String(place), String(count));
}

function waitingView(waiting: NonNullable<RunState['waiting']>, { t, lang }: Language): WaitingView {
  const { error, attempt, until } = waiting;
  return { reason: firstSentence(errorView(error, t).sentence, lang), attempt, until };
}

/** What the line below a run says at a moment. */
export interface ProgressLine {
  readonly kind: 'waiting' | 'silent' | 'activity' | 'nothing';
  readonly words: string;
  /** The part that counts; empty for none. */
  readonly time: string;
  /** `time` at its longest. */
  readonly room: string;
}

/** The line at the time `now`. */
export function progressLine(view: ProgressView, now: number, { t }: Language): ProgressLine {
  const { waiting, activity } = view;
  const news = waiting ? Math.max(waiting.until, view.lastNewsAt) : view.lastNewsAt;
  const silent = now - news;
  if (silent >= SILENT_AFTER) {
    const after = (ms: number) => t('No news for {0}.', formatWholeSeconds(ms, t));
    return { kind: 'silent', words: view.silence, time: after(silent), room: after(LONGEST) };
  }
  if (waiting) {
    const left = waiting.until - now;
    const attempt = String(waiting.attempt);
    const again = (ms: number) => t('Trying again in {0} (attempt {1}).', formatWholeSeconds(ms, t), attempt);
    const time = left >= 500 ? again(left) : t('Trying again now (attempt {0}).', attempt);
    return { kind: 'waiting', words: waiting.reason, time, room: again(left > 59_000 ? LONGEST : 59_000) };
  }
  if (activity === undefined) return { kind: 'nothing', words: '', time: '', room: '' };
  const waited = now - activity.since;
  // A moment's wait needs no clock.
  const time = waited < 2_000 ? '' : formatWholeSeconds(waited, t);
  return { kind: 'activity', words: activity.text, time, room: '' };
}
