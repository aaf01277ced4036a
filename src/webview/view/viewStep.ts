import type { Translate } from '../../core/errorText.ts';
import type { CodeStep } from '../../core/runState.ts';
import type { RunEntry } from '../../core/session.ts';
import { trimRules } from '../../core/title.ts';
import { logFacts } from '../logs.ts';
import { stepPictures } from '../pictures.ts';
import { displayName } from './format.ts';
import type { StepPhase, StepView } from './viewTypes.ts';
import { phaseWords } from './words.ts';

/** The view of one step; `shown` gathers the pictures that the run has displayed so far. */
export function stepView(
  entry: RunEntry,
  step: CodeStep,
  number: number,
  shown: Set<string>,
  t: Translate,
): StepView {
  const logs = logFacts(step.outputs);
  const phase = stepPhase(step, logs.raised !== undefined);
  const cut = phase === 'stopped' && entry.state.status !== 'cancelled';
  return {
    kind: 'step',
    key: `step ${step.outputIndex}`,
    runId: entry.id,
    outputIndex: step.outputIndex,
    number,
    title: codeTitle(step.code),
    phase,
    words: cut ? t('Not finished') : phase === 'raised' ? exceptionName(logs.raised) : phaseWords(phase, t),
    // Once the code runs, how long it runs is what people wait for; how long it took to write is not.
    since: step.interpretingAt ?? step.startedAt,
    until: step.endedAt,
    code: step.code,
    pictures: stepPictures(step, shown, entry.prompt, t),
    log: logs.log,
  };
}

function exceptionName(raised: string | undefined): string {
  return displayName(raised?.split(':', 1)[0] ?? '');
}

function stepPhase(step: CodeStep, raised: boolean): StepPhase {
  switch (step.status) {
    case 'in_progress':
      return 'writing';
    case 'interpreting':
      return 'running';
    case 'failed':
      return 'failed';
    case 'incomplete':
      return 'stopped';
    case 'completed':
      return raised ? 'raised' : 'done';
  }
}

/** What the code says about itself: its first comment, if it stands at its beginning. */
export function codeTitle(code: string): string {
  const match = /^\s*#[ \t]*(?!!|-\*-|%%)([^\n\r]{2,})[\n\r]/.exec(code.slice(0, 400));
  const title = trimRules(match?.[1] ?? '');
  return displayName(title.length > 100 ? `${title.slice(0, 99)}…` : title);
}
