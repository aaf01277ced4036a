import { errorFromWire, isCutBehind, moreTelling } from './classify.ts';
import type { ItemStatus, OutputItem, ResponseObject, RunEvent, WaitEvent } from './events.ts';
import { LONGEST_LIST } from './events.ts';
import { addText } from './latestText.ts';
import { changePart, changeStep, endStep, mergePart, placeItem } from './runItems.ts';
import {
  hasEnded,
  type Interrupted,
  type RunItem,
  type RunState,
  type RunStatus,
  type RunWait,
} from './runState.ts';

/**
 * The run after one more event.
 *
 * @param at when the event arrived, ms since the epoch
 * @returns the same object where the event changed nothing that is shown
 */
export function reduceRun(state: RunState, event: RunEvent, at: number): RunState {
  if (event.type === 'run.resumed') return resume(state, at);
  if (event.type !== 'unknown' && hasEnded(state)) {
    // Azure says how it failed only after saying that it failed (wire.md, section 2).
    if (event.type !== 'error' || state.status !== 'failed') return state;
    const error = moreTelling(state.error, errorFromWire(event.error));
    return error === state.error ? state : { ...state, error };
  }
  const next = applyEvent(state, event, at);
  const waiting = event.type === 'run.waiting' ? waitOf(event) : undefined;
  const lastSequence = laterOf(state.lastSequence, 'sequence' in event ? event.sequence : undefined);
  if (next === state && waiting === state.waiting && lastSequence === state.lastSequence) return state;
  // Made by this very event, the next state is nobody else's yet: a second copy would double the cost of a delta.
  const changed: { -readonly [K in keyof RunState]: RunState[K] } = next === state ? { ...state } : next;
  changed.lastEventAt = at;
  changed.lastSequence = lastSequence;
  changed.waiting = waiting;
  return changed;
}

/** What the cut itself ended goes on; what had ended before stays so. */
function resume(state: RunState, at: number): RunState {
  if (state.status !== 'cut') return state;
  const items = state.items.slice();
  for (const { place, status } of state.interrupted) {
    const item = items[place];
    if (item === undefined) continue;
    items[place] = item.kind === 'code' ? { ...item, status, endedAt: undefined } : { ...item, status };
  }
  const open = { status: 'in_progress', error: undefined, endedAt: undefined, interrupted: [] } as const;
  return { ...state, ...open, items, lastEventAt: at };
}

function waitOf({ error, attempt, until }: WaitEvent): RunWait {
  return { error, attempt, until };
}

function laterOf(known: number | undefined, told: number | undefined): number | undefined {
  return told === undefined || (known !== undefined && known >= told) ? known : told;
}

function applyEvent(
  state: RunState,
  event: Exclude<RunEvent, { type: 'run.resumed' }>,
  at: number,
): RunState {
  switch (event.type) {
    case 'unknown':
      return { ...state, unknownEvents: state.unknownEvents + 1 };
    case 'run.waiting':
      return state;
    case 'response.code_interpreter_call_code.delta':
      return changeStep(state, event, at, (step) => ({ ...step, code: step.code + event.delta }));
    case 'response.code_interpreter_call_code.done':
      return changeStep(state, event, at, (step) =>
        step.code === event.code ? step : { ...step, code: event.code },
      );
    case 'response.code_interpreter_call.in_progress':
      return changeStep(state, event, at, (step) => step);
    case 'response.code_interpreter_call.interpreting':
      return changeStep(state, event, at, (step) =>
        step.endedAt === undefined ? { ...step, status: 'interpreting', interpretingAt: at } : step,
      );
    case 'response.code_interpreter_call.completed':
      return changeStep(state, event, at, (step) => endStep(step, 'completed', at));
    case 'response.output_text.delta':
    case 'response.refusal.delta':
      return changePart(state, event, (part) =>
        addText(part, event.delta, event.type === 'response.refusal.delta'),
      );
    case 'response.output_text.done':
    case 'response.refusal.done':
      return changePart(state, event, (part) =>
        part.text === event.text ? part : { ...part, text: event.text },
      );
    case 'response.output_text.annotation.added':
      return changePart(state, event, (part) =>
        part.citations.length >= LONGEST_LIST ||
        part.citations.some(
          (known) => known.fileId === event.citation.fileId && known.startIndex === event.citation.startIndex,
        )
          ? part
          : { ...part, citations: [...part.citations, event.citation] },
      );
    case 'response.content_part.added':
    case 'response.content_part.done':
      return changePart(state, event, (part) => mergePart(part, event.part));
    case 'response.output_item.added':
      return placeItem(state, event.item, event, at, 'added');
    case 'response.output_item.done':
      return placeItem(state, event.item, event, at, 'done');
    case 'response.created':
    case 'response.queued':
    case 'response.in_progress':
      return begin(state, event.response, event.type === 'response.queued' ? 'queued' : 'in_progress');
    case 'response.completed':
    case 'response.incomplete':
    case 'response.failed':
    case 'response.cancelled':
      return finish(state, event.response, statusOf(event), at);
    case 'error':
      return { ...state, error: moreTelling(state.error, errorFromWire(event.error)) };
    case 'run.cut':
      // An error frame without an end marker is a failure that was said, not a mere cut.
      return state.error === undefined
        ? close({ ...state, error: event.error }, 'cut', at)
        : close(state, 'failed', at);
    case 'run.failed':
      return close({ ...state, error: moreTelling(state.error, event.error) }, 'failed', at);
    case 'run.cancelled':
      return close({ ...state, error: undefined }, 'cancelled', at);
    default:
      return event satisfies never;
  }
}

const STATUS_OF = {
  'response.completed': 'completed',
  'response.incomplete': 'incomplete',
  'response.failed': 'failed',
  'response.cancelled': 'cancelled',
} as const;

/** A run that was cancelled ends with `response.failed` too: the response itself says it (recorded of the hosted service). */
function statusOf({
  type,
  response,
}: {
  readonly type: keyof typeof STATUS_OF;
  readonly response: ResponseObject;
}) {
  return type === 'response.failed' && response.status === 'cancelled' ? 'cancelled' : STATUS_OF[type];
}

function begin(state: RunState, response: ResponseObject, status: RunStatus): RunState {
  const responseId = response.id ?? state.responseId;
  const model = response.model ?? state.model;
  const same = responseId === state.responseId && model === state.model && status === state.status;
  return same ? state : { ...state, responseId, model, status };
}

/** The terminal response is the authority on what was made (wire.md, section 2): what it says replaces, what it leaves out stays. */
function finish(state: RunState, response: ResponseObject, status: RunStatus, at: number): RunState {
  let next = begin(state, response, state.status);
  const output = response.output ?? [];
  const places = placesInRun(state, output);
  for (const [position, item] of output.entries()) {
    next = placeItem(next, item, { outputIndex: places[position], itemId: undefined }, at);
  }
  const said = response.error && errorFromWire(response.error);
  const told = {
    ...next,
    usage: response.usage ?? next.usage,
    incompleteReason: response.incompleteReason ?? next.incompleteReason,
    // Some say only that it failed, others say why in an event that follows.
    error: status === 'failed' ? (moreTelling(next.error, said) ?? ({ kind: 'server' } as const)) : undefined,
  };
  return status === 'failed' && isCutBehind(response.error)
    ? close({ ...told, error: { ...said, kind: 'stream_cut' } }, 'cut', at)
    : close(told, status, at);
}

/**
 * The places in the run of all items of the terminal response. Servers that leave reasoning out of the final list
 * shift its positions, and some change item ids, so: the same id; else the same rank among the items of its kind
 * that are left, where the run has as many of them; else the same place; else a place of its own. None is given twice.
 */
function placesInRun({ items }: RunState, output: readonly OutputItem[]): readonly (number | undefined)[] {
  const places: (number | undefined)[] = output.map(() => undefined);
  for (const [type, kind] of KINDS) {
    const theirs = [...output.entries()].filter(([, item]) => item.type === type);
    const left = new Set(items.filter((item) => item.kind === kind));
    const pair = (position: number, known: RunItem | undefined) => {
      if (known === undefined || places[position] !== undefined) return;
      places[position] = known.outputIndex;
      left.delete(known);
    };
    for (const [position, item] of theirs) {
      if (item.type === 'other' || item.id === '') continue;
      pair(
        position,
        [...left].find((known) => known.itemId === item.id),
      );
    }
    const unplaced = theirs.filter(([position]) => places[position] === undefined);
    const inOrder = unplaced.length === left.size ? [...left] : undefined;
    for (const [rank, [position]] of unplaced.entries()) {
      pair(position, inOrder?.[rank] ?? [...left].find((known) => known.outputIndex === position));
    }
  }
  return withNewPlaces(places, output, items);
}

const KINDS = [
  ['code_interpreter_call', 'code'],
  ['message', 'message'],
] as const;

/** Items that the run lacks go where the list has them if that is free and in order, else to the end. */
function withNewPlaces(
  places: readonly (number | undefined)[],
  output: readonly OutputItem[],
  items: readonly RunItem[],
): readonly (number | undefined)[] {
  const used = new Set(items.map((item) => item.outputIndex));
  let previous = -1;
  let highest = Math.max(-1, ...used);
  return places.map((known, position) => {
    if (output[position]?.type === 'other') return undefined;
    const fits = position > previous && !used.has(position);
    const place = known ?? (fits ? position : highest + 1);
    used.add(place);
    previous = place;
    highest = Math.max(highest, place);
    return place;
  });
}

function close(state: RunState, status: RunStatus, at: number): RunState {
  const left: ItemStatus = status === 'completed' ? 'completed' : 'incomplete';
  const interrupted: Interrupted[] = [];
  const items = state.items.map((item, place) => {
    if (item.status !== 'in_progress' && item.status !== 'interpreting') return item;
    if (status === 'cut') interrupted.push({ place, status: item.status });
    return item.kind === 'code' ? endStep(item, left, at) : { ...item, status: left };
  });
  return { ...state, items, status, endedAt: at, interrupted };
}
