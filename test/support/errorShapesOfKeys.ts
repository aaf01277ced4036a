import { created, type ErrorShapes, failed, litellm, openai, page, through } from './errorShapes.ts';

/** What is refused for who asks, or how often: keys, models, quotas, rates. */
export const SHAPES_OF_KEYS: ErrorShapes = {
  key_rejected: [
    {
      what: 'a wrong key (OpenAI, recorded)',
      status: 401,
      body: openai('Incorrect API key provided: not-a-re***ized.', { code: 'invalid_api_key' }),
    },
    {
      what: 'a wrong key, without a database (LiteLLM)',
      status: 400,
      body: litellm('No connected db.', 'no_db_connection', '400'),
    },
    {
      what: 'a wrong key (LiteLLM)',
      status: 401,
      body: litellm(
        'Authentication Error, Invalid proxy server token passed. Unable to find token in cache or `LiteLLM_VerificationTokenTable`',
        'token_not_found_in_db',
        '401',
      ),
    },
    {
      what: 'a key of another kind (LiteLLM)',
      status: 401,
      body: litellm('Authentication Error, LiteLLM Virtual Key expected.', 'auth_error', '401'),
    },
    {
      what: 'a key that has expired (LiteLLM)',
      status: 400,
      body: litellm('Authentication Error - Expired Key.', 'expired_key', '400'),
    },
    { what: 'a text', status: 401, body: 'Unauthorized' },
    { what: 'a page', status: 401, type: 'text/html', body: page('401 Authorization Required') },
    { what: 'a text as the error', status: 401, body: { error: 'Unauthorized' } },
  ],
  key_not_allowed: [
    { what: 'FastAPI', status: 403, body: { detail: 'Forbidden' } },
    { what: 'OpenAI', status: 403, body: openai('You have insufficient permissions.', { type: null }) },
    {
      what: 'a route that the key may not call (LiteLLM)',
      status: 403,
      body: litellm('Virtual key is not allowed to call this route.', 'auth_error', '403'),
    },
  ],
  admin_only: [
    {
      what: 'container routes of older LiteLLM (#19088)',
      status: 401,
      request: 'containers',
      body: litellm(
        'Authentication Error, Only proxy admin can be used to generate, delete, update info for new keys/users/teams. Route=/containers. Your role=unknown. Your user_id=unknown',
        'auth_error',
        '401',
      ),
    },
  ],
  provider_key: [
    {
      what: "the gateway's own key is refused by its provider (LiteLLM)",
      status: 401,
      body: litellm(
        through(
          'AuthenticationError: AuthenticationError',
          openai('Incorrect API key provided: sk-xx.', { code: 'invalid_api_key' }),
        ),
        'authentication_error',
        '401',
      ),
    },
  ],
  not_yours: [
    { what: 'files of another key (LiteLLM)', status: 403, request: 'files', body: { detail: 'Forbidden' } },
  ],
  model_unknown: [
    {
      what: 'OpenAI',
      status: 404,
      body: openai('The model `x` does not exist or you do not have access to it.', {
        code: 'model_not_found',
      }),
    },
    {
      what: 'Azure through LiteLLM',
      status: 404,
      body: litellm(
        through(
          'NotFoundError',
          openai('The API deployment for this resource was not found.', { code: 'DeploymentNotFound' }),
          'AzureException NotFoundError',
        ),
        'invalid_request_error',
        '404',
      ),
    },
    {
      what: 'LiteLLM',
      status: 400,
      body: litellm(
        '/responses: Invalid model name passed in model=x. Call `/v1/models` to view available models.',
        'invalid_request_error',
        '400',
      ),
    },
    {
      what: 'a key that may not use it (LiteLLM)',
      status: 403,
      body: litellm(
        'key not allowed to access model. This key can only access models=[]',
        'key_model_access_denied',
        '403',
      ),
    },
    {
      what: "LiteLLM's provider does not have it",
      status: 404,
      body: litellm(
        through('NotFoundError', openai('The model `m` does not exist', { code: 'model_not_found' })),
        'invalid_request_error',
        '404',
      ),
    },
    {
      what: 'Azure',
      status: 404,
      body: {
        error: {
          code: 'DeploymentNotFound',
          message: 'The API deployment for this resource does not exist.',
        },
      },
    },
  ],
  quota: [
    {
      what: 'OpenAI, recorded',
      status: 429,
      body: openai('You exceeded your current quota, please check your plan and billing details.', {
        type: 'insufficient_quota',
        code: 'insufficient_quota',
      }),
    },
    {
      what: 'in the stream, then failed (OpenAI, recorded)',
      events: [
        created,
        {
          type: 'error',
          error: {
            type: 'insufficient_quota',
            code: 'insufficient_quota',
            message: 'You exceeded your current quota',
            param: null,
          },
        },
        failed({ code: 'insufficient_quota', message: 'You exceeded your current quota' }),
      ],
    },
    {
      what: 'through LiteLLM, which calls it throttling',
      status: 429,
      body: litellm(
        through(
          'RateLimitError: RateLimitError',
          openai('You exceeded your current quota', { code: 'insufficient_quota' }),
        ),
        'throttling_error',
        '429',
      ),
    },
    {
      what: "LiteLLM's own budgets",
      status: 429,
      body: litellm('Budget has been exceeded! Current cost: 2.0, Max budget: 1.0', 'budget_exceeded', '429'),
    },
  ],
  rate_limited: [
    {
      what: 'OpenAI',
      status: 429,
      body: openai('Rate limit reached', { type: 'requests', code: 'rate_limit_exceeded' }),
    },
    {
      what: 'LiteLLM, all deployments resting',
      status: 429,
      headers: { 'retry-after': '5' },
      body: litellm(
        'No deployments available for selected model, Try again in 5 seconds.',
        'all_deployments_in_cooldown',
        '429',
      ),
    },
    { what: 'LiteLLM, by key', status: 429, body: { detail: { error: 'Rate limit exceeded for api_key' } } },
    { what: 'a page', status: 429, type: 'text/html', body: page('429 Too Many Requests') },
    {
      what: 'failed first and explained after (Azure)',
      events: [
        created,
        failed(null),
        { type: 'error', error: { code: 'rate_limit_exceeded', message: 'slow down' } },
      ],
    },
  ],
};
