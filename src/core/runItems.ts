import type {
  AtItem,
  CodeInterpreterCall,
  ItemStatus,
  OutputItem,
  OutputMessage,
  TextPart,
} from './events.ts';
import { LONGEST_LIST } from './events.ts';
import type { AnswerMessage, CodeStep, RunItem, RunState } from './runState.ts';

/** The step ended, at the time it first did. */
export function endStep(step: CodeStep, status: ItemStatus, at: number): CodeStep {
  const endedAt = step.endedAt ?? at;
  return status === step.status && endedAt === step.endedAt ? step : { ...step, status, endedAt };
}

/** The place of the item an event speaks of: by output index first, for item ids change or are empty with some servers. */
function find(items: readonly RunItem[], at: AtItem, kind: RunItem['kind']): number {
  for (let i = items.length - 1; i >= 0; i--) {
    const item = items[i] as RunItem;
    if (item.kind !== kind) continue;
    if (at.outputIndex === undefined) {
      if (at.itemId === undefined || item.itemId === at.itemId) return i;
    } else if (item.outputIndex === at.outputIndex) return i;
  }
  return -1;
}

/** Puts `item` at `place`, or in its order where it is new (`place` of -1). */
function put(state: RunState, place: number, item: RunItem): RunState {
  if (place >= 0) {
    if (state.items[place] === item) return state;
    const items = state.items.slice();
    items[place] = item;
    return { ...state, items };
  }
  if (state.items.length >= LONGEST_LIST) return state;
  let after = state.items.length;
  while (after > 0 && (state.items[after - 1] as RunItem).outputIndex > item.outputIndex) after--;
  return { ...state, items: state.items.toSpliced(after, 0, item) };
}

function nextIndex(state: RunState): number {
  return (state.items.at(-1)?.outputIndex ?? -1) + 1;
}

function newStep(state: RunState, where: AtItem, at: number): CodeStep {
  return {
    kind: 'code',
    outputIndex: where.outputIndex ?? nextIndex(state),
    itemId: where.itemId ?? '',
    status: 'in_progress',
    code: '',
    containerId: undefined,
    outputs: undefined,
    startedAt: at,
    interpretingAt: undefined,
    endedAt: undefined,
  };
}

function newMessage(state: RunState, where: AtItem): AnswerMessage {
  return {
    kind: 'message',
    outputIndex: where.outputIndex ?? nextIndex(state),
    itemId: where.itemId ?? '',
    status: 'in_progress',
    parts: [],
  };
}

/** The state with the step that an event speaks of changed; a step not seen before is begun. */
export function changeStep(
  state: RunState,
  where: AtItem,
  at: number,
  change: (step: CodeStep) => CodeStep,
): RunState {
  const place = find(state.items, where, 'code');
  const found = state.items[place];
  return put(state, place, change(found?.kind === 'code' ? found : newStep(state, where, at)));
}

/** The state with the part of a message that an event speaks of changed; a message not seen before is begun. */
export function changePart(
  state: RunState,
  where: AtItem & { readonly contentIndex: number },
  change: (part: TextPart) => TextPart,
): RunState {
  const place = find(state.items, where, 'message');
  const found = state.items[place];
  const message = found?.kind === 'message' ? found : newMessage(state, where);
  const { length } = message.parts;
  // A content index beyond the next free one is a server's slip: the text belongs to what was written last.
  const index = where.contentIndex <= length ? where.contentIndex : Math.max(0, length - 1);
  const part = message.parts[index] ?? { text: '', refusal: false, citations: [] };
  const changed = change(part);
  if (changed === part && found !== undefined && index < message.parts.length) return state;
  const parts = message.parts.slice();
  parts[index] = changed;
  return put(state, place, { ...message, parts });
}

/** What is told of a part in full, with what was known of its text and citations where that tells of none. */
export function mergePart(part: TextPart, told: TextPart): TextPart {
  const citations = told.citations.length > 0 ? told.citations : part.citations;
  if (told.text !== '') return { ...told, citations };
  return citations === part.citations ? part : { ...part, citations };
}

/**
 * The state with an item told in full taken in, at the place that `where` names.
 *
 * @param phase what the event that tells it says of the item itself, beyond its status
 */
export function placeItem(
  state: RunState,
  item: OutputItem,
  where: AtItem,
  at: number,
  phase?: 'added' | 'done',
): RunState {
  if (item.type === 'other') return state;
  const kind = item.type === 'message' ? 'message' : 'code';
  const latest = find(state.items, where, kind);
  const nameless = where.outputIndex === undefined && where.itemId === undefined;
  // Without index and id it is the latest of its kind, unless that has ended and another one begins.
  const another = phase === 'added' && nameless && !isOpen(state.items[latest]);
  const place = another ? -1 : latest;
  const found = state.items[place];
  const told = phase === 'done' && item.status === undefined ? 'completed' : item.status;
  if (item.type === 'message') {
    const message = found?.kind === 'message' ? found : newMessage(state, where);
    return put(state, place, mergeMessage(message, item, isOpen(message) ? told : item.status));
  }
  const step = found?.kind === 'code' ? found : newStep(state, where, at);
  return put(state, place, mergeCall(step, item, isOpen(step) ? told : item.status, at));
}

function isOpen(item: RunItem | undefined): boolean {
  return item?.status === 'in_progress' || item?.status === 'interpreting';
}

function mergeCall(
  step: CodeStep,
  call: CodeInterpreterCall,
  status: ItemStatus | undefined,
  at: number,
): CodeStep {
  // An empty code or list of outputs says "not yet" as often as "none": it never takes away what was seen.
  const merged: CodeStep = {
    ...step,
    itemId: call.id || step.itemId,
    code: call.code || step.code,
    containerId: call.containerId ?? step.containerId,
    outputs: call.outputs?.length ? call.outputs : (step.outputs ?? call.outputs),
  };
  switch (status) {
    case 'completed':
    case 'incomplete':
    case 'failed':
      return endStep(merged, status, at);
    default:
      return merged;
  }
}

function mergeMessage(
  message: AnswerMessage,
  item: OutputMessage,
  status: ItemStatus | undefined,
): AnswerMessage {
  const told = item.parts.map((part, index) => {
    const known = message.parts[index];
    return known === undefined ? part : mergePart(known, part);
  });
  return {
    ...message,
    itemId: item.id || message.itemId,
    status: status ?? message.status,
    parts: [...told, ...message.parts.slice(told.length)],
  };
}
