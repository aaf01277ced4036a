import type { Translate } from '../core/errorText.ts';
import type { RunView, SessionView } from './view/viewTypes.ts';

/**
 * What a screen reader is told when the panel goes from one view to the next: the start of a run, of a step, the
 * end, and failures. Undefined most of the time; text that streams in is left to be read at leisure.
 */
export function announcement(
  before: SessionView | undefined,
  after: SessionView,
  t: Translate,
): string | undefined {
  if (before === undefined) return undefined;
  const run = after.runs.at(-1);
  if (run === undefined) return undefined;
  const known = before.runs.find((other) => other.id === run.id);
  if (known === run) return undefined;
  const waiting = run.progress?.waiting;
  if (waiting && waiting.attempt !== known?.progress?.waiting?.attempt)
    return t('{0} Trying again, attempt {1}.', waiting.reason, String(waiting.attempt));
  const ended = run.footer !== undefined;
  if (ended && known !== undefined && known.footer === undefined) return endWords(run, t);
  if (ended) return known?.filesListed === false ? lateFiles(run, t) : undefined;
  const step = run.blocks.findLast((block) => block.kind === 'step');
  const earlier = known?.blocks.find((block) => block.kind === 'step' && block.key === step?.key);
  if (step && earlier === undefined) return t('Step {0}: writing code', String(step.number));
  if (step?.phase === 'running' && earlier?.kind === 'step' && earlier.phase === 'writing') {
    return t('Step {0}: running', String(step.number));
  }
  return known === undefined ? t('Run started') : undefined;
}

function endWords(run: RunView, t: Translate): string {
  if (run.error) return t('Run failed. {0}', run.error.sentence);
  if (run.ending) return run.ending.text;
  const drawn = run.blocks.reduce(
    (sum, block) => sum + (block.kind === 'step' ? block.pictures.length : block.links.embeds.length),
    run.pictures.length,
  );
  const parts = [t('Run finished.')];
  if (drawn > 0) parts.push(drawn === 1 ? t('1 picture.') : t('{0} pictures.', String(drawn)));
  // Those that the answer mentions may be some of them only.
  if (run.filesListed && run.files.length > 0)
    parts.push(run.files.length === 1 ? t('1 file.') : t('{0} files.', String(run.files.length)));
  return parts.join(' ');
}

/** The files of a run whose end was told already. */
function lateFiles({ filesListed, files, error, ending }: RunView, t: Translate): string | undefined {
  if (!filesListed || files.length === 0 || error || ending) return undefined;
  return files.length === 1 ? t('1 file made') : t('{0} files made', String(files.length));
}
