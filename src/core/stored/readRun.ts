import { isErrorKind } from '../errorText.ts';
import {
  type Citation,
  type ItemStatus,
  LONGEST_LIST,
  type RunError,
  type StepOutput,
  type TextPart,
  type Usage,
} from '../events.ts';
import type { ContainerFile } from '../files.ts';
import type {
  AnswerMessage,
  CodeStep,
  Interrupted,
  RunItem,
  RunState,
  RunStatus,
  RunWait,
} from '../runState.ts';
import {
  count,
  finite,
  flag,
  list,
  MISMATCH,
  maybe,
  object,
  optional,
  type Reader,
  text,
  union,
  word,
} from './shape.ts';

/** Reads the state of a run as it was stored. A property that is added to the state does not compile until it is read here. */

const itemStatus = word<ItemStatus>({
  in_progress: true,
  interpreting: true,
  completed: true,
  incomplete: true,
  failed: true,
});

const runStatus = word<RunStatus>({
  queued: true,
  in_progress: true,
  completed: true,
  incomplete: true,
  failed: true,
  cut: true,
  cancelled: true,
});

const errorKind: Reader<RunError['kind']> = (value) =>
  typeof value === 'string' && isErrorKind(value) ? value : MISMATCH;

const runError = object<RunError>({
  kind: errorKind,
  status: optional(finite),
  requestId: optional(text()),
  detail: optional(text()),
  retryAt: optional(finite),
});

const citation = object<Citation>({
  containerId: text(),
  fileId: text(),
  filename: text(),
  startIndex: finite,
  endIndex: finite,
});

const textPart = object<TextPart>({
  text: text(),
  refusal: flag,
  citations: list(citation, LONGEST_LIST),
});

const stepOutput = union<StepOutput>('type', {
  logs: object<Extract<StepOutput, { type: 'logs' }>>({ type: word({ logs: true }), logs: text() }),
  image: object<Extract<StepOutput, { type: 'image' }>>({ type: word({ image: true }), url: text() }),
});

const codeStep = object<CodeStep>({
  kind: word({ code: true }),
  outputIndex: count,
  itemId: text(),
  status: itemStatus,
  code: text(),
  containerId: maybe(text()),
  outputs: maybe(list(stepOutput, LONGEST_LIST)),
  startedAt: finite,
  interpretingAt: maybe(finite),
  endedAt: maybe(finite),
});

const answerMessage = object<AnswerMessage>({
  kind: word({ message: true }),
  outputIndex: count,
  itemId: text(),
  status: itemStatus,
  parts: list(textPart, LONGEST_LIST),
});

const usage = object<Usage>({
  inputTokens: maybe(finite),
  outputTokens: maybe(finite),
  totalTokens: maybe(finite),
  cost: maybe(finite),
});

export const runState = object<RunState>({
  status: runStatus,
  responseId: maybe(text()),
  model: maybe(text()),
  items: list(union<RunItem>('kind', { code: codeStep, message: answerMessage }), LONGEST_LIST),
  usage: maybe(usage),
  incompleteReason: maybe(text()),
  error: maybe(runError),
  unknownEvents: count,
  lastSequence: maybe(count),
  interrupted: list(object<Interrupted>({ place: count, status: itemStatus }), LONGEST_LIST),
  waiting: maybe(object<RunWait>({ error: runError, attempt: count, until: finite })),
  lastEventAt: finite,
  endedAt: maybe(finite),
});

export const containerFile = object<ContainerFile>({
  id: text(),
  containerId: text(),
  path: text(),
  bytes: maybe(finite),
  createdAt: maybe(finite),
  source: maybe(word({ user: true, assistant: true })),
});
