import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { assertRefused, type Case } from './refusals.ts';
import { at, KEY, TOOL, testGateway } from './testGateway.ts';

/** The sentences are the hosted service's own, as others measured them in August 2026, where it has one. */
suite('POST /v1/responses refuses', () => {
  const right = { model: 'built-in', input: 'x', tools: [TOOL] };
  const parameters: readonly Case[] = [
    ['no model', { model: undefined }, 400, 'model', /^Missing required parameter: 'model'\.$/],
    ['no input', { input: undefined }, 400, 'input', /^Missing required parameter: 'input'\.$/],
    ['no input, before others', { input: undefined, zzz: 1 }, 400, 'input', /^Missing required/],
    ['an unknown model', { model: 'gpt-9' }, 404, 'model', /`gpt-9` does not exist/],
    ['a model of another type', { model: 7 }, 400, 'model', /expected a string, but got an integer instead/],
    ['an unknown parameter', { zzz: 1 }, 400, 'zzz', /^Unknown parameter: 'zzz'\.$/],
    ['one of Chat Completions', { max_tokens: 16 }, 400, 'max_tokens', /^Unknown parameter: 'max_tokens'/],
    ['constructor', { constructor: 1 }, 400, 'constructor', /^Unknown parameter/],
    ['stream of another type', { stream: 'yes' }, 400, 'stream', /expected a boolean, but got a string/],
    ['instructions of another type', { instructions: [] }, 400, 'instructions', /but got an array instead/],
    [
      'temperature too high',
      { temperature: 3 },
      400,
      'temperature',
      /decimal above maximum value.*<= 2, but got 3/,
    ],
    ['top_p too low', { top_p: -1 }, 400, 'top_p', /decimal below minimum value.*>= 0, but got -1/],
    [
      'too few tokens',
      { max_output_tokens: 15 },
      400,
      'max_output_tokens',
      /Expected a value >= 16, but got 15/,
    ],
    [
      'half a token',
      { max_output_tokens: 16.5 },
      400,
      'max_output_tokens',
      /expected an integer, but got a decimal/,
    ],
    ['no tool call at all', { max_tool_calls: 0 }, 400, 'max_tool_calls', /Expected a value >= 1, but got 0/],
    [
      'truncation',
      { truncation: 'bogus' },
      400,
      'truncation',
      /^Invalid value: 'bogus'\. Supported values are: 'auto' and 'disabled'\.$/,
    ],
    [
      'service_tier',
      { service_tier: 'x' },
      400,
      'service_tier',
      /'auto', 'default', 'fast', 'flex', and 'priority'\.$/,
    ],
    ['reasoning', { reasoning: 'low' }, 400, 'reasoning', /expected an object, but got a string/],
    ['reasoning.effort', { reasoning: { effort: 'x' } }, 400, 'reasoning.effort', /'xhigh', and 'max'\.$/],
    ['text', { text: { zzz: 1 } }, 400, 'text.zzz', /^Unknown parameter: 'text\.zzz'/],
    [
      'a JSON schema',
      { text: { format: { type: 'json_schema' } } },
      400,
      'text.format.type',
      /answers in plain text/,
    ],
    [
      'stream_options',
      { stream_options: { include_usage: true } },
      400,
      'stream_options.include_usage',
      /^Unknown/,
    ],
    [
      'include',
      { include: ['bogus'] },
      400,
      'include[0]',
      /^Invalid value: 'bogus'\. .*'code_interpreter_call\.outputs'/,
    ],
    ['metadata', { metadata: 'x' }, 400, 'metadata', /expected a metadata object, but got a string/],
    [
      'metadata of numbers',
      { metadata: { k: 1 } },
      400,
      'metadata.k',
      /expected a string, but got an integer/,
    ],
    ['metadata too long', { metadata: { k: 'x'.repeat(513) } }, 400, 'metadata.k', /maximum length 512/],
    [
      '17 pairs',
      { metadata: Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`k${i}`, 'v'])) },
      400,
      'metadata',
      /at most 16 properties, but got an object with 17/,
    ],
    [
      'an unknown conversation',
      { conversation: 'conv_x' },
      404,
      null,
      /^Conversation with id 'conv_x' not found\.$/,
    ],
    ['an unknown prompt', { prompt: { id: 'pmpt_x' } }, 404, null, /^Prompt with id 'pmpt_x' not found\.$/],
    [
      'an unknown chain',
      { previous_response_id: 'resp_0' },
      400,
      'previous_response_id',
      /with id 'resp_0' not found/,
    ],
    [
      'background that is not stored',
      { background: true, store: false },
      400,
      'background',
      /requires store=true/,
    ],
  ];
  test('parameters', async () => await assertRefused('/v1/responses', parameters, right));
});

suite('POST /v1/containers refuses', () => {
  const life = (expires_after: unknown) => ({ expires_after });
  const cases: readonly Case[] = [
    ['no name', { name: undefined }, 400, 'name', /^Missing required parameter: 'name'\.$/],
    ['a name of another type', { name: 5 }, 400, 'name', /expected a string, but got an integer/],
    ['a name too long', { name: 'x'.repeat(257) }, 400, 'name', /maximum length 256/],
    ['an unknown parameter', { zzz: 1 }, 400, 'zzz', /^Unknown parameter: 'zzz'\.$/],
    ['a life of another type', life(20), 400, 'expires_after', /expected an object/],
    ['a life without an anchor', life({ minutes: 5 }), 400, 'expires_after.anchor', /^Missing/],
    ['another anchor', life({ anchor: 'now', minutes: 5 }), 400, 'expires_after.anchor', /'last_active_at'/],
    ['a life without minutes', life({ anchor: 'last_active_at' }), 400, 'expires_after.minutes', /^Missing/],
    ...(
      [
        [0, /Expected a value >= 1, but got 0/],
        [21, /integer above maximum value\. Expected a value <= 20, but got 21/],
        [1.5, /expected an integer, but got a decimal/],
        ['5', /expected an integer, but got a string/],
        [1e300, /Expected a value <= 20/],
      ] as const
    ).map(
      ([minutes, message]): Case => [
        `${minutes} minutes`,
        life({ anchor: 'last_active_at', minutes }),
        400,
        'expires_after.minutes',
        message,
      ],
    ),
    ['a memory limit', { memory_limit: '2g' }, 400, 'memory_limit', /'1g', '4g', '16g', and '64g'/],
    ['a network', { network_policy: { type: 'allowlist' } }, 400, 'network_policy', /has no network/],
    ['a network of no kind', { network_policy: {} }, 400, 'network_policy.type', /^Missing/],
    ['skills', { skills: [{ type: 'skill_reference' }] }, 400, 'skills', /has no skills/],
    ['files that are no list', { file_ids: 'file-0' }, 400, 'file_ids', /expected an array of strings/],
    ['an unknown file', { file_ids: ['file-0'] }, 404, 'id', /^No such File object: file-0$/],
  ];
  test('parameters', async () => await assertRefused('/v1/containers', cases, { name: 'x' }));
});

suite('lists refuse', () => {
  const cases: readonly (readonly [query: string, message: RegExp])[] = [
    ['limit=0', /Expected a value >= 1, but got 0/],
    ['limit=101', /Expected a value <= 100, but got 101/],
    ['limit=-1', /Expected a value >= 1, but got -1/],
    ['limit=1e400', /expected an integer, but got a string/],
    ['limit=ten', /expected an integer, but got a string/],
    ['limit=999999999999999999999', /expected an integer/],
    ['order=up', /Supported values are: 'asc' and 'desc'\./],
    ['after=cntr_0', /^No item with id 'cntr_0' in this list\.$/],
  ];
  for (const [query, message] of cases) {
    test(query, async () => {
      await using gateway = await testGateway();
      const { status, body } = await gateway.ask('GET', `/v1/containers?${query}`);
      assert.equal(status, 400);
      assert.match(String(at(body, 'error', 'message')), message);
    });
  }
});

suite('unknown things are not found', () => {
  const cases: readonly (readonly [method: string, path: string, message: RegExp])[] = [
    ['GET', '/v1/nothing', /^Invalid URL \(GET \/v1\/nothing\)$/],
    ['GET', '/v1/models/gpt-9', /`gpt-9` does not exist/],
    ['GET', '/v1/containers/cntr_0', /^Container with id 'cntr_0' not found\.$/],
    ['DELETE', '/v1/containers/cntr_0', /^Container with id 'cntr_0' not found\.$/],
    ['GET', '/v1/containers/cntr_0/files', /^Container with id 'cntr_0' not found\.$/],
    ['GET', '/v1/files/file-0', /^No such File object: file-0$/],
    ['GET', '/v1/files/file-0/content', /^No such File object: file-0$/],
    ['DELETE', '/v1/files/file-0', /^No such File object: file-0$/],
    ['GET', '/v1/responses/resp_0', /^Response with id 'resp_0' not found\.$/],
    ['GET', '/v1/responses/resp_0/input_items', /^Response with id 'resp_0' not found\.$/],
    ['DELETE', '/v1/responses/resp_0', /^Response with id 'resp_0' not found\.$/],
    ['POST', '/v1/responses/resp_0/cancel', /^Response with id 'resp_0' not found\.$/],
  ];
  for (const [method, path, message] of cases) {
    test(`${method} ${path}`, async () => {
      await using gateway = await testGateway();
      const { status, body } = await gateway.ask(method, path);
      assert.equal(status, 404);
      assert.match(String(at(body, 'error', 'message')), message);
    });
  }

  test('a file of a container', async () => {
    await using gateway = await testGateway();
    const { body: container } = await gateway.ask('POST', '/v1/containers', { name: 'x' });
    const { status, body } = await gateway.ask('GET', `/v1/containers/${container['id']}/files/cfile_0`);
    assert.equal(status, 404);
    assert.equal(
      at(body, 'error', 'message'),
      `File cfile_0 not found on container ${String(container['id'])}.`,
    );
  });

  test('a rejected stream answers with JSON, not with a stream', async () => {
    await using gateway = await testGateway();
    const answer = await fetch(`${gateway.url}/v1/responses`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'no', input: 'x', stream: true }),
    });
    assert.equal(answer.status, 404);
    assert.equal(answer.headers.get('content-type'), 'application/json');
  });
});
