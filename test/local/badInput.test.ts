import { suite, test } from 'node:test';
import { PIXEL } from './fakePython.ts';
import { assertRefused, type Case } from './refusals.ts';
import { TOOL } from './testGateway.ts';

const RIGHT = { model: 'built-in', input: 'x', tools: [TOOL] };
const input = (...content: readonly object[]) => ({ input: [{ role: 'user', content }] });
const items = (...all: readonly unknown[]) => ({ input: all });
const tool = (change: object) => ({ tools: [{ ...TOOL, ...change }] });
const container = (change: object) => tool({ container: { type: 'auto', ...change } });
const pixel = `data:image/png;base64,${PIXEL.toString('base64')}`;

/** The sentences are the hosted service's own, as others measured them in August 2026, where it has one. */
suite('POST /v1/responses refuses', () => {
  const inputs: readonly Case[] = [
    [
      'a number',
      { input: 5 },
      400,
      'input',
      /expected one of a string or array of input items, but got an integer/,
    ],
    ['nothing in it', { input: '' }, 400, null, /^One of "input" or "previous_response_id"/],
    ['no items', { input: [] }, 400, null, /^One of "input" or "previous_response_id"/],
    [
      'too long',
      { input: 'x'.repeat(10_485_761) },
      400,
      'input',
      /maximum length 10485760, but got .* 10485761/,
    ],
    ['an item that is none', items(7), 400, 'input[0]', /expected an input item, but got an integer/],
    ['null', items(null), 400, 'input[0]', /expected an input item, but got null/],
    [
      'an empty item',
      items({}),
      400,
      'input[0]',
      /^Invalid value: ''\. .*'assistant', 'system', 'developer', and 'user'/,
    ],
    ['an unknown role', items({ role: 'bogus', content: 'x' }), 400, 'input[0]', /^Invalid value: 'bogus'/],
    ['an unknown type', items({ type: 'bogus_item' }), 400, 'input[0]', /^Invalid value: 'bogus_item'/],
    [
      'a function call',
      items({ type: 'function_call_output', call_id: 'x', output: '' }),
      400,
      'input[0]',
      /not available in the local gateway/,
    ],
    [
      'an unknown key',
      items({ role: 'user', content: 'x', bogus: 1 }),
      400,
      'input[0].bogus',
      /^Unknown parameter: 'input\[0\]\.bogus'/,
    ],
    ['no content', items({ role: 'user' }), 400, 'input[0].content', /^Missing required/],
    [
      'content of another type',
      items({ role: 'user', content: 5 }),
      400,
      'input[0].content',
      /^Invalid type/,
    ],
    ['a part that is none', input(5 as never), 400, 'input[0].content[0]', /expected an object/],
    ['a part without a type', input({}), 400, 'input[0].content[0].type', /^Missing required/],
    [
      'an unknown part',
      input({ type: 'bogus' }),
      400,
      'input[0].content[0].type',
      /'input_text', 'input_image', and 'input_file'\.$/,
    ],
    [
      'a part by its prototype',
      input({ type: 'constructor' }),
      400,
      'input[0].content[0].type',
      /^Invalid value: 'constructor'/,
    ],
    [
      'a part of the other side',
      input({ type: 'output_text', text: 'x' }),
      400,
      'input[0].content[0].type',
      /^Invalid value: 'output_text'/,
    ],
    [
      'a text without text',
      input({ type: 'input_text' }),
      400,
      'input[0].content[0].text',
      /^Missing required/,
    ],
    [
      'a picture without one',
      input({ type: 'input_image' }),
      400,
      'input[0].content[0].image_url',
      /^Missing required/,
    ],
    [
      'a picture elsewhere',
      input({ type: 'input_image', image_url: 'https://example.com/a.png' }),
      400,
      'input[0].content[0].image_url',
      /does not download pictures: send the bytes/,
    ],
    [
      'a picture that is none',
      input({ type: 'input_image', image_url: 'data:image/png;base64,aGVsbG8=' }),
      400,
      'input[0].content[0].image_url',
      /does not represent a valid image/,
    ],
    [
      'a picture that is no base64',
      input({ type: 'input_image', image_url: `${pixel}*` }),
      400,
      'input[0].content[0].image_url',
      /does not represent a valid image/,
    ],
    [
      'an unknown picture',
      input({ type: 'input_image', file_id: 'file-0' }),
      404,
      'id',
      /^No such File object: file-0$/,
    ],
    [
      'a file without one',
      input({ type: 'input_file' }),
      400,
      'input[0].content[0].file_data',
      /^Missing required/,
    ],
    [
      'a file elsewhere',
      input({ type: 'input_file', file_url: 'https://example.com/a.csv' }),
      400,
      'input[0].content[0].file_url',
      /does not download files/,
    ],
    [
      'a file that is no base64',
      input({ type: 'input_file', file_data: 'not base64!' }),
      400,
      'input[0].content[0].file_data',
      /Expected base64/,
    ],
    [
      'a file that is percent-encoded',
      input({ type: 'input_file', file_data: 'data:text/csv,a%2Cb' }),
      400,
      'input[0].content[0].file_data',
      /Expected base64/,
    ],
    [
      'an unknown file',
      input({ type: 'input_file', file_id: 'file-0' }),
      404,
      'id',
      /^No such File object: file-0$/,
    ],
  ];
  test('input', async () => await assertRefused('/v1/responses', inputs, RIGHT));

  const tools: readonly Case[] = [
    ['no list', { tools: 'x' }, 400, 'tools', /expected an array of tools, but got a string/],
    ['one without a type', { tools: [{}] }, 400, 'tools[0].type', /^Missing required/],
    [
      'one that nobody has',
      { tools: [{ type: 'bogus' }] },
      400,
      'tools[0].type',
      /Supported values are: 'code_interpreter'/,
    ],
    ...['function', 'web_search', 'mcp', 'image_generation', 'shell'].map(
      (type): Case => [
        type,
        { tools: [TOOL, { type }] },
        400,
        'tools[1].type',
        /not available in the local gateway/,
      ],
    ),
    ['no container', tool({ container: undefined }), 400, 'tools[0].container', /^Missing required/],
    ['an unknown key', tool({ zzz: 1 }), 400, 'tools[0].zzz', /^Unknown parameter/],
    [
      'an unknown container',
      tool({ container: 'cntr_0' }),
      404,
      null,
      /^Container with id 'cntr_0' not found\.$/,
    ],
    [
      'a container id too long',
      tool({ container: 'c'.repeat(237) }),
      400,
      'tools[0].container',
      /maximum length 64, but got a string with length 237/,
    ],
    [
      'a container of another type',
      tool({ container: { type: 'mine' } }),
      400,
      'tools[0].container.type',
      /'auto'\.$/,
    ],
    ['an unknown key of it', container({ zzz: 1 }), 400, 'tools[0].container.zzz', /^Unknown parameter/],
    ['an unknown file', container({ file_ids: ['file-0'] }), 404, 'id', /^No such File object: file-0$/],
    [
      'a file that is no id',
      container({ file_ids: [5] }),
      400,
      'tools[0].container.file_ids[0]',
      /expected a string/,
    ],
    [
      'an unknown memory limit',
      container({ memory_limit: '2g' }),
      400,
      'tools[0].container.memory_limit',
      /'1g', '4g', '16g', and '64g'\.$/,
    ],
    [
      'a network',
      container({ network_policy: { type: 'allowlist', allowed_domains: ['example.com'] } }),
      400,
      'tools[0].container.network_policy',
      /has no network/,
    ],
    [
      'an unknown choice',
      { tool_choice: 'maybe' },
      400,
      'tool_choice',
      /Supported values are: 'none', 'auto', and 'required'\.$/,
    ],
    [
      'a choice of another type',
      { tool_choice: 7 },
      400,
      'tool_choice',
      /expected one of an object or 'none', 'auto', or 'required', but got an integer/,
    ],
    ['a choice without a type', { tool_choice: {} }, 400, 'tool_choice.type', /^Missing required/],
    [
      'a choice that is not there',
      { tool_choice: { type: 'image_generation' } },
      400,
      'tool_choice',
      /^Tool choice 'image_generation' not found in 'tools' parameter\.$/,
    ],
    [
      'a function',
      { tool_choice: { type: 'function', name: 'f' } },
      400,
      'tool_choice',
      /^Tool choice 'function' not found/,
    ],
    [
      'a choice without tools',
      { tools: [], tool_choice: 'required' },
      400,
      'tool_choice',
      /^Tool choice 'required' must be specified with 'tools' parameter\.$/,
    ],
    [
      'the tool without it',
      { tools: [], tool_choice: { type: 'code_interpreter' } },
      400,
      'tool_choice',
      /'code_interpreter' not found/,
    ],
    [
      'allowed tools without a mode',
      { tool_choice: { type: 'allowed_tools', tools: [] } },
      400,
      'tool_choice.mode',
      /^Missing required/,
    ],
    [
      'allowed tools that are not there',
      { tool_choice: { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'mcp' }] } },
      400,
      'tool_choice',
      /'mcp' not found/,
    ],
  ];
  test('tools', async () => await assertRefused('/v1/responses', tools, RIGHT));
});
