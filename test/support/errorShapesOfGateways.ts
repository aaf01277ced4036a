import { AFTERWORD, created, type ErrorShapes, failed, litellm, openai, page } from './errorShapes.ts';

const LOGIN = '<!DOCTYPE html><html><head><title>Sign in</title></head><body></body></html>';
/** What fails at the gateway or on the way to it. */
export const SHAPES_OF_GATEWAYS: ErrorShapes = {
  timeout: [
    { what: 'the server', status: 408, body: openai('timed out') },
    { what: 'something on the way', status: 504, type: 'text/html', body: page('504 Gateway Time-out') },
    { what: 'Cloudflare', status: 524, type: 'text/html', body: page('A timeout occurred') },
  ],
  redirected: [
    { what: 'a login elsewhere', status: 302, headers: { location: 'https://login.example.com/' } },
  ],
  not_an_api: [
    { what: 'a login page', type: 'text/html', body: LOGIN },
    { what: 'a page that begins with a remark', type: 'text/html', body: `<!-- SSO -->${LOGIN}` },
    {
      what: 'a page that begins with a remark, in place of a list',
      request: 'files',
      type: 'text/html',
      body: `<!-- SSO -->${LOGIN}`,
    },
    { what: 'a page that does not say that it is one', type: 'application/json', body: LOGIN },
    { what: 'a login page in place of a file', request: 'content', type: 'text/html', body: LOGIN },
    { what: 'a login page in place of a list', request: 'files', type: 'text/html', body: LOGIN },
    { what: 'a page for what is not there', status: 404, type: 'text/html', body: page('404 Not Found') },
    { what: 'a page that forbids', status: 403, type: 'text/html', body: page('403 Forbidden') },
  ],
  wrong_scheme: [
    {
      what: 'nginx spoken to in plain http',
      status: 400,
      type: 'text/html',
      body: page('400 The plain HTTP request was sent to HTTPS port'),
    },
    {
      what: 'Go spoken to in plain http',
      status: 400,
      body: 'Client sent an HTTP request to an HTTPS server.\n',
    },
  ],
  not_understood: [
    { what: 'no JSON', type: 'application/json', body: '{"id":' },
    { what: 'JSON of another form', request: 'files', body: { hello: 'world' } },
    { what: 'a list that is none', request: 'files', body: [] },
  ],
  server: [
    { what: 'OpenAI', status: 500, body: openai('The server had an error', { type: 'server_error' }) },
    {
      what: 'LiteLLM',
      status: 500,
      body: litellm(
        `litellm.InternalServerError: InternalServerError: OpenAIException - Server disconnected${AFTERWORD}`,
        'internal_server_error',
        '500',
      ),
    },
    { what: 'overloaded', status: 503, body: '' },
    { what: 'a page', status: 502, type: 'text/html', body: page('502 Bad Gateway') },
    {
      what: 'in the stream, flat',
      events: [created, { type: 'error', code: 'server_error', message: 'x', param: null }],
    },
    { what: 'in the stream, without a word', events: [created, failed(null)] },
    {
      what: 'in the stream (LiteLLM)',
      events: [{ error: { message: 'boom', type: null, param: null, code: '500' } }],
    },
  ],
  stream_cut: [
    { what: 'a stream without an end', events: [created] },
    { what: 'a stream of nothing', events: [] },
    {
      what: 'a stream that LiteLLM lost and calls failed',
      events: [
        created,
        failed({
          code: 'server_error',
          message:
            'litellm.APIConnectionError: openai closed the responses stream before any terminal event (response.completed, response.incomplete or response.failed)',
        }),
      ],
    },
  ],
};
