import type { AtItem, ResponseObject, ResponseStatus, StreamEvent, Usage, WireError } from './events.ts';
import { field, isObject, type JsonObject, numberField, stringField } from './json.ts';
import { index, listField, parseCitation, parseItem, parsePart, placeOf } from './parseItem.ts';

/**
 * The boundary of the wire: one decoded JSON value to one trusted event.
 *
 * @returns the event; `unknown` for types this program has no use for and for malformed ones of known
 *   types; undefined where the value is no event at all. Never throws.
 */
export function parseEvent(value: unknown): StreamEvent | undefined {
  if (!isObject(value)) return undefined;
  const { type } = value;
  if (typeof type !== 'string') {
    // Older LiteLLM builds fail in mid-stream with a bare `{"error": …}` frame (BerriAI/litellm#40243).
    return isObject(field(value, 'error'))
      ? { type: 'error', error: parseWireError(field(value, 'error')) ?? noWords }
      : undefined;
  }
  const sequence = placeOf(value['sequence_number'], Number.MAX_SAFE_INTEGER);
  const event = parseDelta(type, value, sequence) ??
    parseTyped(type, value) ?? { type: 'unknown', wireType: type, malformed: KNOWN.has(type) };
  return sequence === undefined || 'sequence' in event ? event : { ...event, sequence };
}

/**
 * There are thousands of deltas: read by names that are written out and made in one go, one takes a quarter of the
 * time. So are their types: a text that came over the wire is compared letter by letter wherever it is looked at.
 */
function parseDelta(type: string, value: JsonObject, sequence: number | undefined): StreamEvent | undefined {
  const { delta } = value;
  if (typeof delta !== 'string') return undefined;
  const outputIndex = placeOf(value['output_index']);
  const itemId = itemIdOf(value);
  const contentIndex = placeOf(value['content_index']) ?? 0;
  switch (type) {
    case 'response.code_interpreter_call_code.delta':
      return { type: 'response.code_interpreter_call_code.delta', outputIndex, itemId, delta, sequence };
    case 'response.output_text.delta':
      return { type: 'response.output_text.delta', outputIndex, itemId, contentIndex, delta, sequence };
    case 'response.refusal.delta':
      return { type: 'response.refusal.delta', outputIndex, itemId, contentIndex, delta, sequence };
    default:
      return undefined;
  }
}

/** The answer of a run without streaming, as the terminal event a stream would have ended with. */
export function parseResponse(value: unknown): StreamEvent | undefined {
  const response = parseResponseObject(value);
  switch (response?.status) {
    case 'completed':
    case 'incomplete':
    case 'failed':
    case 'cancelled':
      return { type: `response.${response.status}`, response };
    case 'queued':
    case 'in_progress':
      return { type: `response.${response.status}`, response };
    default: {
      // Some gateways answer without a status: what has output and no error is there in full.
      const whole = response?.output !== undefined && response.error === undefined;
      return whole ? { type: 'response.completed', response } : undefined;
    }
  }
}

function parseTyped(type: string, value: JsonObject): StreamEvent | undefined {
  switch (type) {
    case 'response.code_interpreter_call.in_progress':
    case 'response.code_interpreter_call.interpreting':
    case 'response.code_interpreter_call.completed':
      return { type, ...atItem(value) };
    case 'response.code_interpreter_call_code.done': {
      const code = stringField(value, 'code');
      return code === undefined ? undefined : { type, ...atItem(value), code };
    }
    case 'response.output_text.done':
    case 'response.refusal.done': {
      const text = stringField(value, type === 'response.output_text.done' ? 'text' : 'refusal');
      return text === undefined
        ? undefined
        : { type, ...atItem(value), contentIndex: contentIndex(value), text };
    }
    case 'response.output_text.annotation.added': {
      const citation = parseCitation(field(value, 'annotation'));
      return citation && { type, ...atItem(value), contentIndex: contentIndex(value), citation };
    }
    case 'response.content_part.added':
    case 'response.content_part.done': {
      const part = field(value, 'part');
      return isObject(part)
        ? { type, ...atItem(value), contentIndex: contentIndex(value), part: parsePart(part) }
        : undefined;
    }
    case 'response.output_item.added':
    case 'response.output_item.done': {
      const item = parseItem(field(value, 'item'));
      return item && { type, ...atItem(value), item };
    }
    case 'response.created':
    case 'response.queued':
    case 'response.in_progress':
    case 'response.completed':
    case 'response.incomplete':
    case 'response.failed':
    case 'response.cancelled': {
      const response = parseResponseObject(field(value, 'response'));
      return response && { type, response };
    }
    case 'error': {
      const nested = field(value, 'error');
      return { type, error: parseWireError(isObject(nested) ? nested : value) ?? noWords };
    }
    default:
      return undefined;
  }
}

const KNOWN: ReadonlySet<string> = new Set<StreamEvent['type']>([
  'response.code_interpreter_call_code.delta',
  'response.code_interpreter_call_code.done',
  'response.code_interpreter_call.in_progress',
  'response.code_interpreter_call.interpreting',
  'response.code_interpreter_call.completed',
  'response.output_text.delta',
  'response.output_text.done',
  'response.refusal.delta',
  'response.refusal.done',
  'response.output_text.annotation.added',
  'response.content_part.added',
  'response.content_part.done',
  'response.output_item.added',
  'response.output_item.done',
  'response.created',
  'response.queued',
  'response.in_progress',
  'response.completed',
  'response.incomplete',
  'response.failed',
  'response.cancelled',
]);

const noWords: WireError = { code: undefined, type: undefined, message: undefined };

function atItem(value: JsonObject): AtItem {
  return { outputIndex: outputIndexOf(value), itemId: itemIdOf(value) };
}

function outputIndexOf(value: JsonObject): number | undefined {
  return index(value, 'output_index');
}

function itemIdOf(value: JsonObject): string | undefined {
  const { item_id: id } = value;
  return typeof id === 'string' && id !== '' ? id : stringField(field(value, 'item'), 'id') || undefined;
}

function contentIndex(value: JsonObject): number {
  return index(value, 'content_index') ?? 0;
}

function parseResponseStatus(value: unknown): ResponseStatus | undefined {
  return RESPONSE_STATUSES.find((status) => status === stringField(value, 'status'));
}

const RESPONSE_STATUSES: readonly ResponseStatus[] = [
  'queued',
  'in_progress',
  'completed',
  'incomplete',
  'failed',
  'cancelled',
];

function parseResponseObject(value: unknown): ResponseObject | undefined {
  if (!isObject(value)) return undefined;
  return {
    id: stringField(value, 'id') || undefined,
    status: parseResponseStatus(value),
    model: stringField(value, 'model') || undefined,
    output: listField(value, 'output')?.map((item) => parseItem(item) ?? { type: 'other', wireType: '' }),
    usage: parseUsage(field(value, 'usage')),
    error: parseWireError(field(value, 'error')),
    incompleteReason: stringField(field(value, 'incomplete_details'), 'reason'),
  };
}

function parseUsage(value: unknown): Usage | undefined {
  if (!isObject(value)) return undefined;
  return {
    inputTokens: numberField(value, 'input_tokens'),
    outputTokens: numberField(value, 'output_tokens'),
    totalTokens: numberField(value, 'total_tokens'),
    cost: numberField(value, 'cost'),
  };
}

/** `{code, type, message}` of an error object; LiteLLM's `code` may be a number or a number in a string. */
export function parseWireError(value: unknown): WireError | undefined {
  if (!isObject(value)) return undefined;
  const code = field(value, 'code');
  return {
    code: typeof code === 'number' ? String(code) : typeof code === 'string' ? code : undefined,
    type: stringField(value, 'type'),
    message: stringField(value, 'message'),
  };
}
