import { field, type JsonObject } from '../../core/json.ts';
import { ApiError, invalidValue, missingParameter } from '../http/apiError.ts';
import { onlyKeys, optionalArray, optionalFlag, optionalString } from '../http/fields.ts';
import { emptyInput, type Input, parseInput } from './input.ts';
import { checkedText } from './inputParts.ts';
import { PARAMETERS, type RepeatedParameters, repeatedParameters } from './parameters.ts';
import { parseToolChoice, parseTools, type ToolContainer, type ToolUse } from './tools.ts';

/** A request to POST /v1/responses that has been checked. */
export interface RunRequest {
  readonly model: string;
  readonly input: Input;
  readonly instructions: string | undefined;
  /** Undefined: the request has no code interpreter. */
  readonly container: ToolContainer | undefined;
  readonly tool: ToolUse;
  /** Whether `include` asks for the outputs of code calls. */
  readonly withOutputs: boolean;
  readonly stream: boolean;
  readonly background: boolean;
  readonly store: boolean;
  readonly previousId: string | undefined;
  readonly repeated: RepeatedParameters;
}

/** What `include` may name. */
export const INCLUDE_OUTPUTS = 'code_interpreter_call.outputs';
export const INCLUDE_IMAGES = 'message.input_image.image_url';
const INCLUDABLE = [
  'file_search_call.results',
  'web_search_call.results',
  'web_search_call.action.sources',
  INCLUDE_IMAGES,
  'computer_call_output.output.image_url',
  INCLUDE_OUTPUTS,
  'reasoning.encrypted_content',
  'message.output_text.logprobs',
];

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
  const sent = field(body, 'input');
  if (sent === undefined || sent === null) throw missingParameter('input');
  onlyKeys(body, PARAMETERS, '');
  const input = parseInput(sent);
  const withOutputs = parseInclude(body);
  const container = parseTools(body);
  const tool = parseToolChoice(field(body, 'tool_choice'), container !== undefined);
  const background = optionalFlag(body, 'background') ?? false;
  const store = optionalFlag(body, 'store') ?? true;
  const stream = optionalFlag(body, 'stream') ?? false;
  const instructions = optionalString(body, 'instructions');
  const previousId = optionalString(body, 'previous_response_id');
  const repeated = repeatedParameters(body);
  if (background && !store) {
    throw new ApiError(400, 'Background mode requires store=true.', {
      param: 'background',
      code: 'unsupported_parameter',
    });
  }
  if (sent === '' || (Array.isArray(sent) && sent.length === 0)) {
    if (previousId === undefined) throw emptyInput();
  }
  if (!models.includes(model)) throw unknownModel(model);
  return {
    model,
    input,
    instructions: instructions === undefined ? undefined : checkedText(instructions, 'instructions'),
    container,
    tool,
    withOutputs,
    stream,
    background,
    store,
    previousId,
    repeated,
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

/** @returns whether the outputs of code calls are asked for */
function parseInclude(body: JsonObject): boolean {
  const include = optionalArray(body, 'include', 'strings') ?? [];
  for (const [at, name] of include.entries()) {
    if (typeof name === 'string' && INCLUDABLE.includes(name)) continue;
    throw invalidValue(`include[${at}]`, String(name), INCLUDABLE);
  }
  return include.includes(INCLUDE_OUTPUTS);
}
