import { arrayField, field, isObject, type JsonObject, stringField } from '../../core/json.ts';
import { ApiError, invalidType, invalidValue, missingParameter } from '../http/apiError.ts';
import { type Input, parseInput } from './input.ts';

/** Where code shall run. */
export type ToolContainer =
  | { readonly type: 'auto'; readonly fileIds: readonly string[]; readonly memoryLimit: string }
  | { readonly type: 'explicit'; readonly id: string };

/** A request to POST /v1/responses that has been checked. */
export interface RunRequest {
  readonly model: string;
  readonly input: Input;
  readonly instructions: string | undefined;
  /** Undefined: the request has no code interpreter. */
  readonly container: ToolContainer | undefined;
  readonly tool: 'never' | 'may' | 'must';
  /** Whether `include` asks for the outputs of code calls. */
  readonly withOutputs: boolean;
  readonly stream: boolean;
  readonly background: boolean;
  readonly store: boolean;
  readonly previousId: string | undefined;
  /** As sent but for its input, for the fields of the answer that repeat the request. */
  readonly body: JsonObject;
}

export const OUTPUTS = 'code_interpreter_call.outputs';
const MEMORY_LIMITS = ['1g', '4g', '16g', '64g'];
const LONGEST_CONTAINER_ID = 64;

/**
 * Checks a request's body.
 *
 * @param body as parsed from JSON
 * @param models the names of the models there are
 * @throws ApiError 400, or 404 for an unknown model, worded as the hosted service does
 */
export function parseRequest(body: JsonObject, models: readonly string[]): RunRequest {
  const model = optionalString(body, 'model');
  if (model === undefined) throw missingParameter('model');
  if (!models.includes(model)) throw unknownModel(model);
  const background = flag(body, 'background') ?? false;
  const store = flag(body, 'store') ?? true;
  if (background && !store) {
    throw new ApiError(400, 'Background mode requires store=true.', { param: 'background' });
  }
  const container = parseTools(body);
  const { input: _, ...repeated } = body;
  return {
    model,
    input: parseInput(body['input']),
    instructions: optionalString(body, 'instructions'),
    container,
    tool: parseToolChoice(field(body, 'tool_choice'), container !== undefined),
    withOutputs: parseInclude(field(body, 'include')),
    stream: flag(body, 'stream') ?? false,
    background,
    store,
    previousId: optionalString(body, 'previous_response_id'),
    body: repeated,
  };
}

/** @returns the error that names a model nobody has here */
export function unknownModel(model: string): ApiError {
  return new ApiError(
    404,
    `The model \`${model.slice(0, 100)}\` does not exist or you do not have access to it.`,
    { code: 'model_not_found', param: 'model' },
  );
}

function optionalString(body: JsonObject, name: string): string | undefined {
  const value = field(body, name);
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  throw invalidType(name, 'a string', value);
}

function flag(body: JsonObject, name: string): boolean | undefined {
  const value = field(body, name);
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'boolean') return value;
  throw invalidType(name, 'a boolean', value);
}

function parseInclude(value: unknown): boolean {
  if (value === undefined || value === null) return false;
  if (Array.isArray(value)) return value.includes(OUTPUTS);
  throw invalidType('include', 'an array of strings', value);
}

function parseTools(body: JsonObject): ToolContainer | undefined {
  const tools = field(body, 'tools');
  if (tools === undefined || tools === null) return undefined;
  if (!Array.isArray(tools)) throw invalidType('tools', 'an array of objects', tools);
  let container: ToolContainer | undefined;
  for (const [at, tool] of tools.entries()) {
    const param = `tools[${at}]`;
    if (!isObject(tool)) throw invalidType(param, 'an object', tool);
    const type = stringField(tool, 'type');
    if (type === undefined) throw missingParameter(`${param}.type`);
    if (type !== 'code_interpreter') throw invalidValue(`${param}.type`, type, ['code_interpreter']);
    container = parseContainer(field(tool, 'container'), `${param}.container`);
  }
  return container;
}

function parseContainer(value: unknown, param: string): ToolContainer {
  if (value === undefined || value === null) throw missingParameter(param);
  if (typeof value === 'string') {
    // LiteLLM's rewritten ids end here with the hosted service too (BerriAI/litellm#30781).
    if (value.length <= LONGEST_CONTAINER_ID) return { type: 'explicit', id: value };
    throw new ApiError(
      400,
      `Invalid '${param}': string too long. Expected a string with maximum length ${LONGEST_CONTAINER_ID}, but got a string with length ${value.length} instead.`,
      { param, code: 'string_above_max_length' },
    );
  }
  if (!isObject(value)) throw invalidType(param, 'a container id or an object', value);
  const type = stringField(value, 'type');
  if (type === undefined) throw missingParameter(`${param}.type`);
  if (type !== 'auto') throw invalidValue(`${param}.type`, type, ['auto']);
  return {
    type: 'auto',
    fileIds: parseFileIds(value, `${param}.file_ids`),
    memoryLimit: parseMemoryLimit(value, `${param}.memory_limit`),
  };
}

/** @returns the ids under `file_ids`; none where it is absent */
export function parseFileIds(value: JsonObject, param = 'file_ids'): readonly string[] {
  const ids = field(value, 'file_ids');
  if (ids === undefined || ids === null) return [];
  const found = arrayField(value, 'file_ids');
  if (found?.every((id) => typeof id === 'string')) return found as readonly string[];
  throw invalidType(param, 'an array of strings', ids);
}

/** @returns the value of `memory_limit`, the hosted service's default where it is absent */
export function parseMemoryLimit(value: JsonObject, param = 'memory_limit'): string {
  const limit = field(value, 'memory_limit');
  if (limit === undefined || limit === null) return '1g';
  if (typeof limit !== 'string') throw invalidType(param, 'a string', limit);
  if (MEMORY_LIMITS.includes(limit)) return limit;
  throw invalidValue(param, limit, MEMORY_LIMITS);
}

function parseToolChoice(value: unknown, hasTool: boolean): RunRequest['tool'] {
  if (value === undefined || value === null || value === 'auto') return hasTool ? 'may' : 'never';
  if (value === 'none') return 'never';
  const forced = value === 'required' || stringField(value, 'type') === 'code_interpreter';
  if (forced && hasTool) return 'must';
  if (forced) {
    throw new ApiError(400, "Tool choice 'code_interpreter' not found in 'tools' parameter.", {
      param: 'tool_choice',
    });
  }
  if (stringField(value, 'type') === 'allowed_tools') {
    return hasTool ? (stringField(value, 'mode') === 'required' ? 'must' : 'may') : 'never';
  }
  const got = typeof value === 'string' ? value : (stringField(value, 'type') ?? 'object');
  throw invalidValue('tool_choice', got, ['none', 'auto', 'required', 'code_interpreter']);
}
