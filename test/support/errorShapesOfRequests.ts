import {
  AFTERWORD,
  created,
  type ErrorShapes,
  failed,
  litellm,
  openai,
  page,
  through,
} from './errorShapes.ts';

const PYDANTIC =
  "litellm.InternalServerError: InternalServerError: OpenAIException - 4 validation errors for ContainerObject\nid\n  Field required [type=missing, input_value={'error': {'message': \"Co...m': None, 'code': None}}, input_type=dict]";
/** What is refused for what is asked: containers, files, routes, contents. */
export const SHAPES_OF_REQUESTS: ErrorShapes = {
  container_expired: [
    { what: 'OpenAI', status: 400, body: openai('Container is expired.') },
    { what: 'OpenAI, its files', status: 400, request: 'files', body: openai('Container is expired.') },
    {
      what: 'through LiteLLM',
      status: 400,
      body: litellm(
        through('BadRequestError', openai('Container is expired.')),
        'invalid_request_error',
        '400',
      ),
    },
    {
      what: 'of a chain (pydantic-ai#7461)',
      status: 400,
      body: openai('Expected container_id: cntr_68e1a2b3c4d5'),
    },
    {
      what: 'in the stream, by an error without a type (LiteLLM, #40243)',
      events: [
        created,
        { error: { message: 'Container is expired.', type: null, param: null, code: '400' } },
      ],
    },
  ],
  answers_gone: [
    {
      what: 'OpenAI',
      status: 400,
      body: openai("Previous response with id 'resp_1' not found.", {
        param: 'previous_response_id',
        code: 'previous_response_not_found',
      }),
    },
    {
      what: 'an organization for which nothing is kept',
      status: 400,
      body: openai('Previous response cannot be used for this organization due to Zero Data Retention.'),
    },
    {
      what: 'items that were not kept (openai-agents-python#1603), through LiteLLM',
      status: 404,
      body: litellm(
        through(
          'NotFoundError',
          openai("Item with id 'ci_68' not found. Items are not persisted when `store` is set to false."),
        ),
        'invalid_request_error',
        '404',
      ),
    },
  ],
  not_found: [
    {
      what: 'a container',
      status: 404,
      request: 'files',
      body: openai("Container with id 'cntr_1' not found."),
    },
    { what: 'a file', status: 404, request: 'content', body: openai('File not found') },
    {
      what: 'a container, through LiteLLM',
      status: 404,
      request: 'files',
      body: litellm(
        `litellm.NotFoundError: NotFoundError: OpenAIException - Container with id 'cntr_1' not found.${AFTERWORD}`,
        'invalid_request_error',
        '404',
      ),
    },
    {
      what: 'a container, through LiteLLM before #39464',
      status: 500,
      request: 'files',
      body: litellm(PYDANTIC, null, '500'),
    },
    {
      what: 'a file, an error in its place (LiteLLM, #37737)',
      request: 'content',
      body: { error: { message: 'File not found', code: '404' } },
    },
  ],
  too_large: [
    { what: 'nginx', status: 413, type: 'text/html', body: page('413 Request Entity Too Large') },
    { what: 'OpenAI', status: 400, body: openai('string too long', { code: 'string_above_max_length' }) },
    {
      what: 'more than the model reads',
      status: 400,
      body: openai('too much', { code: 'context_length_exceeded' }),
    },
    {
      what: 'more than the model reads (LiteLLM)',
      status: 400,
      body: litellm(
        "litellm.ContextWindowExceededError: litellm.BadRequestError: This model's maximum context length is 8192 tokens.",
        null,
        '400',
      ),
    },
  ],
  route_missing: [
    { what: 'FastAPI', status: 404, body: { detail: 'Not Found' } },
    { what: 'another verb', status: 405, body: { detail: 'Method Not Allowed' } },
    { what: 'not made', status: 501, body: openai('not implemented') },
  ],
  no_code_interpreter: [
    {
      what: 'OpenAI',
      status: 400,
      body: openai("Hosted tool 'code_interpreter' is not supported with gpt-3.5-turbo.", { param: 'tools' }),
    },
    {
      what: 'a service that does not know it',
      status: 400,
      body: openai("Invalid value: 'code_interpreter'. Supported values are: 'function'.", {
        param: 'tools[0].type',
      }),
    },
    {
      what: 'containers at another provider (LiteLLM)',
      status: 500,
      request: 'containers',
      body: litellm('Container API not supported for provider: anthropic', 'None', '500'),
    },
  ],
  content_refused: [
    {
      what: 'Azure',
      status: 400,
      body: openai(
        "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
        { code: 'content_filter' },
      ),
    },
    {
      what: 'through LiteLLM',
      status: 400,
      body: litellm(
        `litellm.BadRequestError: litellm.ContentPolicyViolationError: ContentPolicyViolationError: OpenAIException - ${JSON.stringify(openai('Invalid prompt: your prompt was flagged as potentially violating our usage policy.', { code: 'invalid_prompt' }))}\nmodel=m. content_policy_fallback=None. fallbacks=None.`,
        'invalid_request_error',
        '400',
      ),
    },
    { what: 'in the stream', events: [created, failed({ code: 'invalid_prompt', message: 'flagged' })] },
  ],
  bad_request: [
    {
      what: 'OpenAI, recorded',
      status: 400,
      body: openai("Missing required parameter: 'input[1].arguments'.", {
        code: 'missing_required_parameter',
      }),
    },
    { what: 'FastAPI', status: 422, body: { detail: [{ loc: ['body', 'model'], msg: 'Field required' }] } },
    {
      what: 'a long container id (LiteLLM, #30781)',
      status: 400,
      body: openai('Invalid tools[0].container: string too long. Expected a string with maximum length 64'),
    },
  ],
};
