import { field, isObject, type JsonObject, stringField } from '../../core/json.ts';
import type { Turn } from '../agent.ts';
import { ApiError, invalidType, invalidValue, missingParameter, notHere } from '../http/apiError.ts';
import { onlyKeys, optionalString } from '../http/fields.ts';
import { newId } from '../ids.ts';
import { checkedText, type InputFile, parsePart } from './inputParts.ts';

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
  /** The items as they are listed later, each with an id; without bytes of files. */
  readonly items: readonly InputItem[];
}

/** An item of the input. Messages have `content`: a list of parts. */
export type InputItem = JsonObject & { readonly id: string };

/** Items that clients send back from earlier answers, or that say nothing here. */
const PASSED_OVER = ['reasoning', 'item_reference', 'compaction'];
const UNDERSTOOD = ['message', 'code_interpreter_call', ...PASSED_OVER];

/** Items of the tools that only the hosted service has (its own list in its error for an unknown type). */
const HOSTED_ONLY =
  /^(?:additional_tools|agent_message|compaction_trigger|program)$|_(?:call|call_output|output|request|response|tools)$/;

const ROLES = ['assistant', 'system', 'developer', 'user'];

const MESSAGE_KEYS = new Set(['type', 'role', 'content', 'id', 'status']);
const ASSISTANT_KEYS = new Set([...MESSAGE_KEYS, 'phase']);
const CALL_KEYS = new Set(['type', 'id', 'status', 'code', 'container_id', 'outputs']);

/**
 * Reads `input`: a text, or items (https://platform.openai.com/docs/api-reference/responses/create#responses-create-input).
 *
 * @throws ApiError 400 where it is of another shape
 */
export function parseInput(value: unknown): Input {
  if (typeof value === 'string') {
    const text = checkedText(value, 'input');
    const item = {
      id: newId('msg_'),
      type: 'message',
      status: 'completed',
      role: 'user',
      content: [{ type: 'input_text', text }],
    };
    return { prompt: text, history: [], files: [], pictures: 0, containerId: undefined, items: [item] };
  }
  if (!Array.isArray(value)) throw invalidType('input', 'one of a string or array of input items', value);
  const gathered: Gathered = { turns: [], files: [], items: [], pictures: 0, containerId: undefined };
  for (const [at, item] of value.entries()) addItem(item, `input[${at}]`, gathered);
  const last = gathered.turns.findLastIndex((turn) => turn.role === 'user');
  return {
    prompt: gathered.turns[last]?.text ?? '',
    history: gathered.turns.filter((_, at) => at !== last),
    files: gathered.files,
    pictures: gathered.pictures,
    containerId: gathered.containerId,
    items: gathered.items,
  };
}

/** What the hosted service says of an input without anything in it. */
export function emptyInput(): ApiError {
  return new ApiError(
    400,
    'One of "input" or "previous_response_id" or \'prompt\' or \'conversation\' must be provided.',
    { code: 'missing_required_parameter' },
  );
}

interface Gathered {
  readonly turns: Turn[];
  readonly files: InputFile[];
  readonly items: InputItem[];
  pictures: number;
  containerId: string | undefined;
}

function addItem(item: unknown, param: string, gathered: Gathered): void {
  if (!isObject(item)) throw invalidType(param, 'an input item', item);
  const type = optionalString(item, 'type', param) ?? 'message';
  if (type === 'message') {
    addMessage(item, param, gathered);
  } else if (type === 'code_interpreter_call') {
    onlyKeys(item, CALL_KEYS, param);
    const code = checkedText(optionalString(item, 'code', param) ?? '', `${param}.code`);
    gathered.containerId = stringField(item, 'container_id') ?? gathered.containerId;
    gathered.turns.push({ role: 'code', text: code });
    gathered.items.push({ ...withId(item, 'ci_'), outputs: null });
  } else if (PASSED_OVER.includes(type)) {
    gathered.items.push({ id: withId(item, 'msg_').id, type });
  } else if (HOSTED_ONLY.test(type)) {
    throw notHere(
      param,
      `Input items of type '${type.slice(0, 100)}' are not available in the local gateway.`,
    );
  } else {
    throw invalidValue(param, type, UNDERSTOOD);
  }
}

function addMessage(item: JsonObject, param: string, gathered: Gathered): void {
  const role = stringField(item, 'role') ?? '';
  if (!ROLES.includes(role)) throw invalidValue(param, role, ROLES);
  const ours = role === 'assistant';
  onlyKeys(item, ours ? ASSISTANT_KEYS : MESSAGE_KEYS, param);
  const content = field(item, 'content');
  if (content === undefined || content === null) throw missingParameter(`${param}.content`);
  const parts = contentParts(content, `${param}.content`, ours);
  for (const { file, isPicture } of parts) {
    if (file) gathered.files.push(file);
    if (isPicture) gathered.pictures++;
  }
  const message = { ...withId(item, 'msg_'), type: 'message', status: 'completed', role };
  gathered.items.push({ ...message, content: parts.map(({ wire }) => wire) });
  // Words for the model (system, developer) are not what the person says.
  if (role !== 'user' && role !== 'assistant') return;
  const texts = parts.flatMap(({ text }) => text ?? []);
  // A message of files alone goes with the words before or after it.
  if (texts.length > 0 || ours) gathered.turns.push({ role, text: texts.join('\n') });
}

function contentParts(content: unknown, param: string, ours: boolean): ReturnType<typeof parsePart>[] {
  if (typeof content === 'string') {
    const text = checkedText(content, param);
    return [{ text, wire: { type: ours ? 'output_text' : 'input_text', text } }];
  }
  if (!Array.isArray(content)) {
    throw invalidType(param, 'one of an array of objects or string', content);
  }
  return content.map((part, at) => parsePart(part, `${param}[${at}]`, ours));
}

function withId(item: JsonObject, prefix: 'msg_' | 'ci_'): InputItem {
  const id = stringField(item, 'id')?.slice(0, 200);
  return { ...item, id: id || newId(prefix) };
}
