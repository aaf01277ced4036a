import {
  type Citation,
  type CodeInterpreterCall,
  type ItemStatus,
  LONGEST_LIST,
  type OutputItem,
  type StepOutput,
  type TextPart,
} from './events.ts';
import { arrayField, field, parseJson, stringField } from './json.ts';

/** Indices above this are nonsense; a server that sends one must not make us allocate for it. */
const LARGEST_INDEX = 1_000_000;

/** As much of a list as has a use: a server that sends a million entries must not make us hold them. */
export function listField(value: unknown, key: string): readonly unknown[] | undefined {
  return arrayField(value, key)?.slice(0, LONGEST_LIST);
}

/** A position in a list; undefined where it is none. */
export function index(value: unknown, key: string): number | undefined {
  return placeOf(field(value, key));
}

/** A number as a position in a list; undefined where it is none. */
export function placeOf(value: unknown, largest = LARGEST_INDEX): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= largest
    ? value
    : undefined;
}

/** One item of a response's output; undefined where it is none. */
export function parseItem(value: unknown): OutputItem | undefined {
  const type = stringField(value, 'type');
  switch (type) {
    case undefined:
      return undefined;
    case 'code_interpreter_call':
      return parseCall(value);
    case 'message':
      return {
        type,
        id: stringField(value, 'id') ?? '',
        status: parseItemStatus(value),
        parts: (listField(value, 'content') ?? []).map(parsePart),
      };
    default:
      return { type: 'other', wireType: type };
  }
}

function parseCall(value: unknown): CodeInterpreterCall {
  return {
    type: 'code_interpreter_call',
    id: stringField(value, 'id') ?? '',
    status: parseItemStatus(value),
    // xAI names its call `code_execution` and puts the code into a JSON string of arguments (wire.md, section 2).
    code: stringField(value, 'code') ?? stringField(parseJson(stringField(value, 'arguments') ?? ''), 'code'),
    containerId: stringField(value, 'container_id') || undefined,
    outputs: listField(value, 'outputs')?.flatMap(parseOutput),
  };
}

function parseOutput(value: unknown): StepOutput[] {
  const logs = stringField(value, 'logs');
  const url = stringField(value, 'url');
  switch (stringField(value, 'type')) {
    case 'logs':
      return logs === undefined ? [] : [{ type: 'logs', logs }];
    case 'image':
      return url === undefined ? [] : [{ type: 'image', url }];
    default:
      return [];
  }
}

/** One part of a message. */
export function parsePart(value: unknown): TextPart {
  const refusal = stringField(value, 'refusal');
  const annotations = listField(value, 'annotations') ?? [];
  return {
    text: refusal ?? stringField(value, 'text') ?? '',
    refusal: refusal !== undefined,
    citations: annotations.flatMap((annotation) => parseCitation(annotation) ?? []),
  };
}

/** Where an answer refers to a file; undefined for references of other kinds. */
export function parseCitation(value: unknown): Citation | undefined {
  if (stringField(value, 'type') !== 'container_file_citation') return undefined;
  const fileId = stringField(value, 'file_id');
  if (!fileId) return undefined;
  return {
    containerId: stringField(value, 'container_id') ?? '',
    fileId,
    filename: stringField(value, 'filename') ?? fileId,
    startIndex: index(value, 'start_index') ?? 0,
    endIndex: index(value, 'end_index') ?? 0,
  };
}

function parseItemStatus(value: unknown): ItemStatus | undefined {
  return ITEM_STATUSES.find((status) => status === stringField(value, 'status'));
}

const ITEM_STATUSES: readonly ItemStatus[] = [
  'in_progress',
  'interpreting',
  'completed',
  'incomplete',
  'failed',
];
