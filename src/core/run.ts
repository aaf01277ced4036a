import { errorFromWire, moreTelling } from './classify.ts';
import type {
  AtItem,
  CodeInterpreterCall,
  ItemStatus,
  OutputItem,
  OutputMessage,
  ResponseObject,
  RunError,
  RunEvent,
  StepOutput,
  TextPart,
  Usage,
} from './events.ts';

/** `cut` is ours: the stream ended and nobody said how the run ended. */
export type RunStatus =
  | 'queued'
  | 'in_progress'
  | 'completed'
  | 'incomplete'
  | 'failed'
  | 'cut'
  | 'cancelled';

/** One piece of Python that the model wrote and the container ran. Times are ms since the epoch. */
export interface CodeStep {
  readonly kind: 'code';
  readonly outputIndex: number;
  readonly itemId: string;
  readonly status: ItemStatus;
  readonly code: string;
  readonly containerId: string | undefined;
  /** Undefined while nothing is known of them, and for good where the server never tells. */
  readonly outputs: readonly StepOutput[] | undefined;
  readonly startedAt: number;
  readonly interpretingAt: number | undefined;
  readonly endedAt: number | undefined;
}

/** Text of the answer; a run may hold several, before, between and after the steps. */
export interface AnswerMessage {
  readonly kind: 'message';
  readonly outputIndex: number;
  readonly itemId: string;
  readonly status: ItemStatus;
  readonly parts: readonly TextPart[];
}

export type RunItem = CodeStep | AnswerMessage;

/** All that is known of a run. Immutable: {@link reduceRun} gives a new one for each event that changes it. */
export interface RunState {
  readonly status: RunStatus;
  readonly responseId: string | undefined;
  readonly model: string | undefined;
  /** In the order of their output index. */
  readonly items: readonly RunItem[];
  readonly usage: Usage | undefined;
  readonly incompleteReason: string | undefined;
  readonly error: RunError | undefined;
  readonly unknownEvents: number;
  /** ms since the epoch of the last event of any kind. */
  readonly lastEventAt: number;
  readonly endedAt: number | undefined;
}

export const initialRun: RunState = {
  status: 'in_progress',
  responseId: undefined,
  model: undefined,
  items: [],
  usage: undefined,
  incompleteReason: undefined,
  error: undefined,
  unknownEvents: 0,
  lastEventAt: 0,
  endedAt: undefined,
};

/** Whether nothing more can happen in the run. */
export function hasEnded(state: RunState): boolean {
  return state.status !== 'queued' && state.status !== 'in_progress';
}

/**
 * The run after one more event.
 *
 * @param at when the event arrived, ms since the epoch
 * @returns the same object where the event changed nothing that is shown
 */
export function reduceRun(state: RunState, event: RunEvent, at: number): RunState {
  if (event.type === 'unknown') return { ...state, unknownEvents: state.unknownEvents + 1, lastEventAt: at };
  if (hasEnded(state)) {
    // Azure says how it failed only after saying that it failed (wire.md, section 2).
    if (event.type !== 'error' || state.status !== 'failed') return state;
    const error = moreTelling(state.error, errorFromWire(event.error));
    return error === state.error ? state : { ...state, error };
  }
  const next = applyEvent(state, event, at);
  return next === state ? state : { ...next, lastEventAt: at };
}

function applyEvent(state: RunState, event: Exclude<RunEvent, { type: 'unknown' }>, at: number): RunState {
  switch (event.type) {
    case 'response.code_interpreter_call_code.delta':
      return changeStep(state, event, at, (step) => ({ ...step, code: step.code + event.delta }));
    case 'response.code_interpreter_call_code.done':
      return changeStep(state, event, at, (step) =>
        step.code === event.code ? step : { ...step, code: event.code },
      );
    case 'response.code_interpreter_call.in_progress':
      return changeStep(state, event, at, (step) => step);
    case 'response.code_interpreter_call.interpreting':
      return changeStep(state, event, at, (step) => ({
        ...step,
        status: 'interpreting',
        interpretingAt: at,
      }));
    case 'response.code_interpreter_call.completed':
      return changeStep(state, event, at, (step) => endStep(step, 'completed', at));
    case 'response.output_text.delta':
    case 'response.refusal.delta':
      return changePart(state, event, (part) => ({
        ...part,
        text: part.text + event.delta,
        refusal: event.type === 'response.refusal.delta',
      }));
    case 'response.output_text.done':
    case 'response.refusal.done':
      return changePart(state, event, (part) =>
        part.text === event.text ? part : { ...part, text: event.text },
      );
    case 'response.output_text.annotation.added':
      return changePart(state, event, (part) =>
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
    case 'response.output_item.done':
      return placeItem(state, event.item, event, at);
    case 'response.created':
    case 'response.queued':
    case 'response.in_progress':
      return begin(state, event.response, event.type === 'response.queued' ? 'queued' : 'in_progress');
    case 'response.completed':
    case 'response.incomplete':
    case 'response.failed':
    case 'response.cancelled':
      return finish(state, event.response, STATUS_OF[event.type], at);
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
  for (const [position, item] of output.entries()) {
    next = placeItem(next, item, { outputIndex: indexInRun(state, output, position), itemId: undefined }, at);
  }
  const said = response.error && errorFromWire(response.error);
  return close(
    {
      ...next,
      usage: response.usage ?? next.usage,
      incompleteReason: response.incompleteReason ?? next.incompleteReason,
      error: status === 'failed' ? moreTelling(next.error, said) : undefined,
    },
    status,
    at,
  );
}

/**
 * Where the run already holds the terminal response's item at `position`. Servers that leave reasoning out of the
 * final list shift its positions, and some change item ids, so: the same id, else the same place, else the same
 * rank among items of its kind where the run has as many of them.
 */
function indexInRun(state: RunState, output: readonly OutputItem[], position: number): number {
  const item = output[position];
  if (item === undefined || item.type === 'other') return position;
  const kind = item.type === 'message' ? 'message' : 'code';
  const ours = state.items.filter((known) => known.kind === kind);
  const sameId = item.id === '' ? undefined : ours.find((known) => known.itemId === item.id);
  if (sameId) return sameId.outputIndex;
  if (ours.some((known) => known.outputIndex === position)) return position;
  const theirs = output.filter((other) => other.type === item.type);
  return (ours.length === theirs.length ? ours[theirs.indexOf(item)]?.outputIndex : undefined) ?? position;
}

function close(state: RunState, status: RunStatus, at: number): RunState {
  const left: ItemStatus = status === 'completed' ? 'completed' : 'incomplete';
  const items = state.items.map((item) => {
    if (item.status !== 'in_progress' && item.status !== 'interpreting') return item;
    return item.kind === 'code' ? endStep(item, left, at) : { ...item, status: left };
  });
  return { ...state, items, status, endedAt: at };
}

function endStep(step: CodeStep, status: ItemStatus, at: number): CodeStep {
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

function changeStep(
  state: RunState,
  where: AtItem,
  at: number,
  change: (step: CodeStep) => CodeStep,
): RunState {
  const place = find(state.items, where, 'code');
  const found = state.items[place];
  return put(state, place, change(found?.kind === 'code' ? found : newStep(state, where, at)));
}

function changePart(
  state: RunState,
  where: AtItem & { readonly contentIndex: number },
  change: (part: TextPart) => TextPart,
): RunState {
  const place = find(state.items, where, 'message');
  const found = state.items[place];
  const message = found?.kind === 'message' ? found : newMessage(state, where);
  // A content index beyond the next free one is a server's slip: the text still belongs to this message.
  const index = Math.min(where.contentIndex, message.parts.length);
  const part = message.parts[index] ?? { text: '', refusal: false, citations: [] };
  const changed = change(part);
  if (changed === part && found !== undefined && index < message.parts.length) return state;
  const parts = message.parts.slice();
  parts[index] = changed;
  return put(state, place, { ...message, parts });
}

function mergePart(part: TextPart, told: TextPart): TextPart {
  if (told.text === '') return part;
  return { ...told, citations: told.citations.length > 0 ? told.citations : part.citations };
}

function placeItem(state: RunState, item: OutputItem, where: AtItem, at: number): RunState {
  switch (item.type) {
    case 'other':
      return state;
    case 'code_interpreter_call': {
      const place = find(state.items, where, 'code');
      const found = state.items[place];
      const step = found?.kind === 'code' ? found : newStep(state, where, at);
      return put(state, place, mergeCall(step, item, at));
    }
    case 'message': {
      const place = find(state.items, where, 'message');
      const found = state.items[place];
      const message = found?.kind === 'message' ? found : newMessage(state, where);
      return put(state, place, mergeMessage(message, item));
    }
  }
}

function mergeCall(step: CodeStep, call: CodeInterpreterCall, at: number): CodeStep {
  // An empty code or list of outputs says "not yet" as often as "none": it never takes away what was seen.
  const merged: CodeStep = {
    ...step,
    itemId: call.id || step.itemId,
    code: call.code || step.code,
    containerId: call.containerId ?? step.containerId,
    outputs: call.outputs?.length ? call.outputs : (step.outputs ?? call.outputs),
  };
  switch (call.status) {
    case 'completed':
    case 'incomplete':
    case 'failed':
      return endStep(merged, call.status, at);
    default:
      return merged;
  }
}

function mergeMessage(message: AnswerMessage, item: OutputMessage): AnswerMessage {
  return {
    ...message,
    itemId: item.id || message.itemId,
    status: item.status ?? message.status,
    parts: item.parts.length > 0 ? item.parts : message.parts,
  };
}
