import type { ItemStatus, RunError, StepOutput, TextPart, Usage } from './events.ts';

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

/** A wait before the request is sent again. */
export interface RunWait {
  readonly error: RunError;
  /** Number of the try that comes next. */
  readonly attempt: number;
  /** When that begins, ms since the epoch. */
  readonly until: number;
}

export interface Interrupted {
  readonly place: number;
  readonly status: ItemStatus;
}

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
  /** Highest number that an event of the stream had: what resuming goes on after. */
  readonly lastSequence: number | undefined;
  /** Items that only the cut has closed, by their place in `items`, with the status they had: open again when the run is resumed. */
  readonly interrupted: readonly Interrupted[];
  /** Set while the client waits before it sends the request again. */
  readonly waiting: RunWait | undefined;
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
  lastSequence: undefined,
  interrupted: [],
  waiting: undefined,
  lastEventAt: 0,
  endedAt: undefined,
};

/** Whether nothing more can happen in the run. */
export function hasEnded(state: RunState): boolean {
  return state.status !== 'queued' && state.status !== 'in_progress';
}
