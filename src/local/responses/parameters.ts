import { field, type JsonObject, stringField } from '../../core/json.ts';
import { ApiError, invalidType, notFound, notHere, stringTooLong } from '../http/apiError.ts';
import {
  onlyKeys,
  optionalArray,
  optionalChoice,
  optionalDecimal,
  optionalFlag,
  optionalInteger,
  optionalObject,
  optionalString,
} from '../http/fields.ts';

/** Every parameter of the hosted service (https://platform.openai.com/docs/api-reference/responses/create; openai on npm 7.57). */
export const PARAMETERS = new Set([
  'access_programs',
  'background',
  'context_management',
  'conversation',
  'frequency_penalty',
  'image',
  'include',
  'input',
  'instructions',
  'max_output_tokens',
  'max_tool_calls',
  'metadata',
  'model',
  'moderation',
  'parallel_tool_calls',
  'presence_penalty',
  'previous_response_id',
  'prompt',
  'prompt_cache_key',
  'prompt_cache_options',
  'prompt_cache_retention',
  'reasoning',
  'safety_identifier',
  'service_tier',
  'store',
  'stream',
  'stream_options',
  'temperature',
  'text',
  'tool_choice',
  'tools',
  'top_logprobs',
  'top_p',
  'truncation',
  'user',
]);

const EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];
const SUMMARIES = ['concise', 'detailed', 'auto'];
const TIERS = ['auto', 'default', 'fast', 'flex', 'priority'];
const PENALTY = { least: -2, most: 2 };
const LONGEST_NAME = 512;
const MOST = Number.MAX_SAFE_INTEGER;

/** The fields of the answer that repeat the request. */
export interface RepeatedParameters {
  readonly frequency_penalty: number;
  readonly max_output_tokens: number | null;
  readonly max_tool_calls: number | null;
  readonly metadata: JsonObject;
  readonly parallel_tool_calls: boolean;
  readonly presence_penalty: number;
  readonly prompt_cache_key: string | null;
  readonly prompt_cache_retention: string | null;
  readonly reasoning: JsonObject;
  readonly safety_identifier: string | null;
  readonly temperature: number;
  readonly text: JsonObject;
  readonly tool_choice: unknown;
  readonly tools: unknown;
  readonly top_logprobs: number;
  readonly top_p: number;
  readonly truncation: string;
  readonly user: string | null;
}

/**
 * Checks the parameters that change nothing here, but come back in the answer.
 *
 * @returns the fields of the answer that repeat them, the hosted service's defaults (as recorded) where they are absent
 * @throws ApiError 400, in the hosted service's words; 404 for what only it can hold
 */
export function repeatedParameters(body: JsonObject): RepeatedParameters {
  checkHostedState(body);
  optionalObject(body, 'moderation');
  optionalObject(body, 'image');
  optionalObject(body, 'access_programs');
  optionalObject(body, 'prompt_cache_options');
  optionalArray(body, 'context_management', 'objects');
  checkStreamOptions(body);
  optionalChoice(body, 'service_tier', TIERS);
  return {
    frequency_penalty: optionalDecimal(body, 'frequency_penalty', PENALTY) ?? 0,
    max_output_tokens: optionalInteger(body, 'max_output_tokens', { least: 16, most: MOST }) ?? null,
    max_tool_calls: optionalInteger(body, 'max_tool_calls', { least: 1, most: MOST }) ?? null,
    metadata: parseMetadata(body),
    parallel_tool_calls: optionalFlag(body, 'parallel_tool_calls') ?? true,
    presence_penalty: optionalDecimal(body, 'presence_penalty', PENALTY) ?? 0,
    prompt_cache_key: optionalString(body, 'prompt_cache_key', '', LONGEST_NAME) ?? null,
    prompt_cache_retention: optionalChoice(body, 'prompt_cache_retention', ['in_memory', '24h']) ?? null,
    reasoning: parseReasoning(body),
    safety_identifier: optionalString(body, 'safety_identifier', '', LONGEST_NAME) ?? null,
    temperature: optionalDecimal(body, 'temperature', { least: 0, most: 2 }) ?? 1,
    text: parseText(body),
    tool_choice: field(body, 'tool_choice') ?? 'auto',
    tools: field(body, 'tools') ?? [],
    top_logprobs: optionalInteger(body, 'top_logprobs', { least: 0, most: 20 }) ?? 0,
    top_p: optionalDecimal(body, 'top_p', { least: 0, most: 1 }) ?? 1,
    truncation: optionalChoice(body, 'truncation', ['auto', 'disabled']) ?? 'disabled',
    user: optionalString(body, 'user', '', LONGEST_NAME) ?? null,
  };
}

/** Conversations and prompts are kept by the hosted service: here there are none. */
function checkHostedState(body: JsonObject): void {
  const conversation = field(body, 'conversation');
  if (conversation !== undefined && conversation !== null) {
    const id = typeof conversation === 'string' ? conversation : stringField(conversation, 'id');
    if (id === undefined) throw invalidType('conversation', 'a conversation id or an object', conversation);
    throw notFound(`Conversation with id '${id.slice(0, 100)}' not found.`);
  }
  const prompt = optionalObject(body, 'prompt');
  if (prompt === undefined) return;
  throw notFound(`Prompt with id '${stringField(prompt, 'id')?.slice(0, 100) ?? ''}' not found.`);
}

function checkStreamOptions(body: JsonObject): void {
  const options = optionalObject(body, 'stream_options');
  if (options === undefined) return;
  onlyKeys(options, new Set(['include_obfuscation']), 'stream_options');
  optionalFlag(options, 'include_obfuscation', 'stream_options');
}

function parseReasoning(body: JsonObject): JsonObject {
  const reasoning = optionalObject(body, 'reasoning') ?? {};
  onlyKeys(reasoning, new Set(['effort', 'summary', 'generate_summary', 'context', 'mode']), 'reasoning');
  return {
    effort: optionalChoice(reasoning, 'effort', EFFORTS, 'reasoning') ?? null,
    summary: optionalChoice(reasoning, 'summary', SUMMARIES, 'reasoning') ?? null,
  };
}

function parseText(body: JsonObject): JsonObject {
  const text = optionalObject(body, 'text') ?? {};
  onlyKeys(text, new Set(['format', 'verbosity']), 'text');
  const format = optionalObject(text, 'format', 'text') ?? {};
  const type =
    optionalChoice(format, 'type', ['json_object', 'text', 'json_schema'], 'text.format') ?? 'text';
  if (type !== 'text') {
    throw notHere(
      'text.format.type',
      "The local gateway answers in plain text. Leave out text.format, or set its type to 'text'.",
    );
  }
  const verbosity = optionalChoice(text, 'verbosity', ['low', 'medium', 'high'], 'text') ?? 'medium';
  return { format: { type }, verbosity };
}

/** 16 pairs; keys of 64 and values of 512 characters. */
function parseMetadata(body: JsonObject): JsonObject {
  const metadata = field(body, 'metadata');
  if (metadata === undefined || metadata === null) return {};
  const object = typeof metadata === 'object' ? optionalObject(body, 'metadata') : undefined;
  if (object === undefined) throw invalidType('metadata', 'a metadata object', metadata);
  const names = Object.keys(object);
  if (names.length > 16) {
    throw new ApiError(
      400,
      `Invalid 'metadata': too many properties. Expected an object with at most 16 properties, but got an object with ${names.length} properties instead.`,
      { param: 'metadata', code: 'object_above_max_properties' },
    );
  }
  for (const name of names) {
    const param = `metadata.${name.slice(0, 100)}`;
    if (name.length > 64) throw stringTooLong(param, 64, name.length);
    const value = field(object, name);
    if (typeof value !== 'string') throw invalidType(param, 'a string', value);
    if (value.length > 512) throw stringTooLong(param, 512, value.length);
  }
  return object;
}
