import type { StreamEvent } from './events.ts';

/**
 * Makes one delta of two that follow each other in the same text: the run is the same after it as after both.
 *
 * @param last the event before, changed in place where the next is taken into it: nobody else may hold it yet
 * @returns whether the next was taken in
 */
export function joinDelta(last: StreamEvent | undefined, next: StreamEvent): boolean {
  if (last === undefined || !isDelta(last) || !isDelta(next)) return false;
  if (last.type !== next.type || last.itemId !== next.itemId || last.outputIndex !== next.outputIndex) {
    return false;
  }
  if ('contentIndex' in last && 'contentIndex' in next && last.contentIndex !== next.contentIndex)
    return false;
  const joined: { delta: string; sequence?: number | undefined } = last;
  joined.delta += next.delta;
  // A number that runs backwards is nonsense of the server; the highest is what a stream is resumed after.
  if (next.sequence !== undefined) joined.sequence = Math.max(next.sequence, last.sequence ?? 0);
  return true;
}

type Delta = Extract<StreamEvent, { readonly delta: string }>;

function isDelta(event: StreamEvent): event is Delta {
  switch (event.type) {
    case 'response.code_interpreter_call_code.delta':
    case 'response.output_text.delta':
    case 'response.refusal.delta':
      return true;
    default:
      return false;
  }
}
