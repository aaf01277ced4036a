import { arrayField, field, isObject, stringField } from '../../core/json.ts';
import type { Turn } from '../agent.ts';
import { ApiError, invalidType, invalidValue, missingParameter } from '../http/apiError.ts';

/** A file that the input brings along: by its id, or with its bytes. */
export type InputFile = { readonly fileId: string } | { readonly name: string; readonly bytes: Buffer };

/** What `input` says, as far as anything here has a use for it. */
export interface Input {
  /** The last message of the user. */
  readonly prompt: string;
  /** What comes before it. */
  readonly history: readonly Turn[];
  readonly files: readonly InputFile[];
  readonly pictures: number;
  /** The container of the last code call among the items: auto mode goes on in it. */
  readonly containerId: string | undefined;
}

/** Items that clients send back from earlier answers, or that say nothing here. */
const PASSED_OVER = new Set(['reasoning', 'item_reference', 'compaction']);

/**
 * Reads `input`: a text, or items (https://platform.openai.com/docs/api-reference/responses/create#responses-create-input).
 *
 * @throws ApiError 400 where it is missing or of another shape
 */
export function parseInput(value: unknown): Input {
  if (value === undefined || value === null) throw missingParameter('input');
  if (typeof value === 'string') {
    return { prompt: value, history: [], files: [], pictures: 0, containerId: undefined };
  }
  if (!Array.isArray(value)) throw invalidType('input', 'one of a string or array of input items', value);
  const gathered: Gathered = { turns: [], files: [], pictures: 0, containerId: undefined };
  for (const [at, item] of value.entries()) addItem(item, `input[${at}]`, gathered);
  const last = gathered.turns.findLastIndex((turn) => turn.role === 'user');
  return {
    prompt: gathered.turns[last]?.text ?? '',
    history: gathered.turns.filter((_, at) => at !== last),
    files: gathered.files,
    pictures: gathered.pictures,
    containerId: gathered.containerId,
  };
}

interface Gathered {
  readonly turns: Turn[];
  readonly files: InputFile[];
  pictures: number;
  containerId: string | undefined;
}

function addItem(item: unknown, param: string, gathered: Gathered): void {
  if (!isObject(item)) throw invalidType(param, 'an input item', item);
  const type = stringField(item, 'type') ?? 'message';
  if (type === 'message') {
    addMessage(item, param, gathered);
  } else if (type === 'code_interpreter_call') {
    gathered.containerId = stringField(item, 'container_id') ?? gathered.containerId;
    gathered.turns.push({ role: 'code', text: stringField(item, 'code') ?? '' });
  } else if (!PASSED_OVER.has(type)) {
    throw invalidValue(`${param}.type`, type, ['message', 'code_interpreter_call', ...PASSED_OVER]);
  }
}

function addMessage(item: unknown, param: string, gathered: Gathered): void {
  const role = stringField(item, 'role');
  if (role === undefined) throw missingParameter(`${param}.role`);
  const content = field(item, 'content');
  if (content === undefined) throw missingParameter(`${param}.content`);
  const texts: string[] = [];
  if (typeof content === 'string') texts.push(content);
  else if (!Array.isArray(content)) throw invalidType(`${param}.content`, 'a string or an array', content);
  for (const [at, part] of (arrayField(item, 'content') ?? []).entries()) {
    const text = addPart(part, `${param}.content[${at}]`, gathered);
    if (text !== undefined) texts.push(text);
  }
  // Words for the model (system, developer) are not what the person says.
  if (role !== 'user' && role !== 'assistant') return;
  // A message of files alone goes with the words before or after it.
  if (texts.length > 0 || role === 'assistant') gathered.turns.push({ role, text: texts.join('\n') });
}

function addPart(part: unknown, param: string, gathered: Gathered): string | undefined {
  if (!isObject(part)) throw invalidType(param, 'an object', part);
  const type = stringField(part, 'type');
  switch (type) {
    case 'input_text':
    case 'output_text':
    case 'text':
      return stringField(part, 'text') ?? '';
    case 'refusal':
      return stringField(part, 'refusal') ?? '';
    case 'input_image':
      gathered.pictures++;
      return undefined;
    case 'input_file':
      gathered.files.push(inputFile(part, param));
      return undefined;
    case undefined:
      throw missingParameter(`${param}.type`);
    default:
      throw invalidValue(`${param}.type`, type, ['input_text', 'input_image', 'input_file', 'output_text']);
  }
}

function inputFile(part: unknown, param: string): InputFile {
  const fileId = stringField(part, 'file_id');
  if (fileId) return { fileId };
  const data = stringField(part, 'file_data');
  if (data === undefined) {
    if (stringField(part, 'file_url') === undefined) throw missingParameter(`${param}.file_data`);
    throw new ApiError(400, 'The local gateway does not download files: send the bytes in file_data.', {
      param: `${param}.file_url`,
      code: 'unsupported_value',
    });
  }
  // A data URL, as the official examples send it, or the bare base64.
  const base64 = data.startsWith('data:') ? data.slice(data.indexOf(',') + 1) : data;
  return { name: stringField(part, 'filename') ?? 'file', bytes: Buffer.from(base64, 'base64') };
}
