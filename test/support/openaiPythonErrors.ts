import assert from 'node:assert/strict';
import { it } from 'node:test';
import { assertRefused, type Refusal } from './clientsTarget.ts';
import type { Seen } from './pythonClient.ts';

/** What it must raise: a part of `openaiPythonJob`. */
export function openaiErrors(get: () => Seen, litellm: boolean): void {
  it('raises for a wrong key', () => {
    // LiteLLM without a database knows only its master key, and says so in words of its own.
    const wrong: Refusal = litellm
      ? ['BadRequestError', 400, '400', /No connected db/]
      : ['AuthenticationError', 401, 'invalid_api_key', /Incorrect API key/];
    assertRefused(get().of('wrong_key'), { models: wrong, run: wrong, stream: wrong });
  });

  it('raises for wrong requests', () => {
    const code = (text: string | null, status: number) => (litellm ? String(status) : text);
    assertRefused(get().of('wrong_requests'), {
      // LiteLLM knows its models itself, and cannot tell whose response an id is that it did not make.
      model: litellm
        ? ['BadRequestError', 400, '400', /Invalid model name passed in model=gpt-9/]
        : ['NotFoundError', 404, 'model_not_found', /`gpt-9` does not exist/],
      retrieve: litellm
        ? ['BadRequestError', 400, '400', /no healthy deployments/]
        : ['NotFoundError', 404, null, /Response with id 'resp_none' not found/],
      previous: ['BadRequestError', 400, code('previous_response_not_found', 400), /resp_none/],
      tool: ['BadRequestError', 400, code('invalid_value', 400), /no_such_tool/],
      files: ['NotFoundError', 404, code(null, 404), /cntr_none/],
      limit: ['BadRequestError', 400, code('integer_above_max_value', 400), /got 1000/],
      life: ['BadRequestError', 400, code('invalid_value', 400), /created_at/],
    });
  });

  it('raises for a run in a container that is gone', () => {
    const { refused, after } = get().of('gone_container');
    assertRefused({ refused }, { refused: ['NotFoundError', 404, litellm ? '404' : null, /cntr_none/] });
    // One 404 of a run, and LiteLLM lets nobody use the model for 5 seconds.
    if (litellm)
      assertRefused({ after }, { after: ['RateLimitError', 429, '429', /Try again in 5 seconds/] });
    else assert.equal(after, '1\n');
  });

  it('raises for an expired container, and for a chain that needs it', () => {
    const { status, ...rest } = get().of('expired');
    assert.equal(status, 'expired');
    const refused: Refusal = ['BadRequestError', 400, litellm ? '400' : null, /Container is expired\./];
    assertRefused(rest, { files: refused, upload: refused, run: refused, chain: refused });
  });

  it('raises for an upload that is too large', () => {
    const code = litellm ? '413' : 'request_too_large';
    assertRefused(
      { it: get().of('too_large') },
      { it: ['APIStatusError', 413, code, /Maximum content size limit/] },
    );
  });

  it('raises when too many run, and runs again when they are cancelled', () => {
    const { refused, ...rest } = get().of('too_many');
    assertRefused(
      { refused },
      { refused: ['RateLimitError', 429, litellm ? '429' : 'rate_limit_exceeded', /Too many runs at once/] },
    );
    assert.deepEqual(rest, { cancelled: ['cancelled', 'cancelled'], after: '1\n' });
  });
}
