import type { OutputItem, RunEvent, StepOutput } from './events.ts';
import { mapItems } from './mapEvent.ts';

/**
 * The same event with each picture's data URL replaced by a short key, so that a picture, which arrives twice
 * (step and terminal response), is held once and never travels inside a message.
 *
 * @param intern gives the key for a data URL, the same for the same URL
 */
export function internImages(event: RunEvent, intern: (dataUrl: string) => string): RunEvent {
  return mapItems(event, (item) => internItem(item, intern));
}

function internItem(item: OutputItem, intern: (dataUrl: string) => string): OutputItem {
  if (item.type !== 'code_interpreter_call' || !item.outputs?.some((output) => output.type === 'image'))
    return item;
  const outputs = item.outputs.map(
    (output): StepOutput =>
      output.type === 'image' && output.url.startsWith('data:')
        ? { type: 'image', url: intern(output.url) }
        : output,
  );
  return { ...item, outputs };
}
