import { arrayField, field, isObject, type JsonObject, stringField } from '../../core/json.ts';
import { checkNetworkPolicy, parseFileIds, parseMemoryLimit } from '../containers/parameters.ts';
import {
  ApiError,
  invalidType,
  invalidValue,
  missingParameter,
  notHere,
  stringTooLong,
} from '../http/apiError.ts';
import { onlyKeys, optionalArray, optionalChoice } from '../http/fields.ts';

/** Where code shall run. */
export type ToolContainer =
  | { readonly type: 'auto'; readonly fileIds: readonly string[]; readonly memoryLimit: string }
  | { readonly type: 'explicit'; readonly id: string };

/** Whether code may, must or must not run. */
export type ToolUse = 'never' | 'may' | 'must';

const TOOL = 'code_interpreter';
const LONGEST_CONTAINER_ID = 64;

/** Tools that the hosted service takes (https://platform.openai.com/docs/api-reference/responses/create#responses-create-tools). */
const HOSTED_ONLY = new Set([
  'apply_patch',
  'computer',
  'computer_use',
  'computer_use_preview',
  'custom',
  'file_search',
  'function',
  'image_generation',
  'local_shell',
  'mcp',
  'namespace',
  'programmatic_tool_calling',
  'shell',
  'tool_search',
  'web_search',
  'web_search_2025_08_26',
  'web_search_preview',
  'web_search_preview_2025_03_11',
]);

/**
 * The container that `tools` names.
 *
 * @returns undefined where there is no code interpreter among the tools
 * @throws ApiError 400
 */
export function parseTools(body: JsonObject): ToolContainer | undefined {
  let container: ToolContainer | undefined;
  for (const [at, tool] of (optionalArray(body, 'tools', 'tools') ?? []).entries()) {
    const param = `tools[${at}]`;
    if (!isObject(tool)) throw invalidType(param, 'an object', tool);
    const type = stringField(tool, 'type');
    if (type === undefined) throw missingParameter(`${param}.type`);
    if (HOSTED_ONLY.has(type)) {
      throw notHere(
        `${param}.type`,
        `Tools of type '${type}' are not available in the local gateway: it has '${TOOL}' only.`,
      );
    }
    if (type !== TOOL) throw invalidValue(`${param}.type`, type, [TOOL]);
    onlyKeys(tool, new Set(['type', 'container', 'allowed_callers']), param);
    container = parseContainer(field(tool, 'container'), `${param}.container`);
  }
  return container;
}

function parseContainer(value: unknown, param: string): ToolContainer {
  if (value === undefined || value === null) throw missingParameter(param);
  if (typeof value === 'string') {
    // LiteLLM's rewritten ids end here with the hosted service too (BerriAI/litellm#30781).
    if (value.length <= LONGEST_CONTAINER_ID) return { type: 'explicit', id: value };
    throw stringTooLong(param, LONGEST_CONTAINER_ID, value.length);
  }
  if (!isObject(value)) throw invalidType(param, 'a container id or an object', value);
  const type = stringField(value, 'type');
  if (type === undefined) throw missingParameter(`${param}.type`);
  if (type !== 'auto') throw invalidValue(`${param}.type`, type, ['auto']);
  onlyKeys(value, new Set(['type', 'file_ids', 'memory_limit', 'network_policy']), param);
  checkNetworkPolicy(value, param);
  return {
    type: 'auto',
    fileIds: parseFileIds(value, param),
    memoryLimit: parseMemoryLimit(value, param),
  };
}

/**
 * What `tool_choice` says of the code interpreter.
 *
 * @param hasTool whether it is among the request's tools
 * @throws ApiError 400
 */
export function parseToolChoice(value: unknown, hasTool: boolean): ToolUse {
  const free = hasTool ? 'may' : 'never';
  if (value === undefined || value === null || value === 'auto') return free;
  if (value === 'none') return 'never';
  if (value === 'required') {
    if (hasTool) return 'must';
    throw choiceError("Tool choice 'required' must be specified with 'tools' parameter.");
  }
  if (typeof value === 'string') throw invalidValue('tool_choice', value, ['none', 'auto', 'required']);
  if (!isObject(value)) {
    throw invalidType('tool_choice', "one of an object or 'none', 'auto', or 'required'", value);
  }
  const type = stringField(value, 'type');
  if (type === undefined) throw missingParameter('tool_choice.type');
  if (type === 'allowed_tools') return allowedTools(value, hasTool);
  checkChosen(type, hasTool);
  return 'must';
}

function allowedTools(choice: JsonObject, hasTool: boolean): ToolUse {
  onlyKeys(choice, new Set(['type', 'mode', 'tools']), 'tool_choice');
  const mode = optionalChoice(choice, 'mode', ['auto', 'required'], 'tool_choice');
  if (mode === undefined) throw missingParameter('tool_choice.mode');
  const tools = arrayField(choice, 'tools');
  if (tools === undefined) throw missingParameter('tool_choice.tools');
  for (const tool of tools) checkChosen(stringField(tool, 'type') ?? '', hasTool);
  if (tools.length === 0) return 'never';
  return mode === 'required' ? 'must' : 'may';
}

function checkChosen(type: string, hasTool: boolean): void {
  if (type !== TOOL && !HOSTED_ONLY.has(type)) {
    throw invalidValue('tool_choice.type', type, [TOOL, 'allowed_tools']);
  }
  if (type !== TOOL || !hasTool) throw choiceError(`Tool choice '${type}' not found in 'tools' parameter.`);
}

function choiceError(message: string): ApiError {
  return new ApiError(400, message, { param: 'tool_choice' });
}
