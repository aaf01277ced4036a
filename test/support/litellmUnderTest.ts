import assert from 'node:assert/strict';
import { GatewayError } from '../../src/core/errors.ts';
import type { ErrorKind, RunEvent } from '../../src/core/events.ts';
import { reduceRun } from '../../src/core/run.ts';
import { type CodeStep, initialRun, type RunState } from '../../src/core/runState.ts';
import type { GatewayClient } from '../../src/gateway/client.ts';
import type { RunRequest } from '../../src/gateway/runs/runs.ts';
import type { LitellmSetup } from './litellm.ts';
import type { ProviderFront } from './providerFront.ts';

/** A provider as LiteLLM knows it, and how the provider's own URLs begin and end. */
export interface Provider {
  readonly name: string;
  readonly model: string;
  /** A second model of the same kind, for a test after which LiteLLM pauses it. */
  readonly aside: string;
  /** The URL of a run, as the provider is asked. */
  readonly runs: string;
  /** The URL of what is below the containers; `query` as the gateway was asked, with its `?`. */
  readonly containers: (path: string, query?: string) => string;
}

export const OPENAI: Provider = {
  name: 'openai',
  model: 'built-in',
  aside: 'aside',
  runs: '/v1/responses',
  containers: (path, query = '') => `/v1/containers${path}${query}`,
};

/** Without an `api_version`: the layout of `v1`, with two different words for the version. */
export const AZURE: Provider = {
  name: 'azure',
  model: 'azure-built-in',
  aside: 'azure-aside',
  runs: '/openai/v1/responses?api-version=preview',
  containers: (path, query = '') =>
    `/openai/v1/containers${path}${query === '' ? '?' : `${query}&`}api-version=v1`,
};

/** With a dated `api_version`: Azure's older layout. */
export const AZURE_DATED: Provider = {
  name: 'azure, dated',
  model: 'azure-dated',
  aside: 'azure-dated',
  runs: '/openai/responses?api-version=2025-04-01-preview',
  containers: (path, query = '') =>
    `/openai/containers${path}${query === '' ? '?' : `${query}&`}api-version=2025-04-01-preview`,
};

/** LiteLLM's list of models for these providers, all at one place. */
export function modelList(front: ProviderFront): LitellmSetup['models'] {
  // LiteLLM takes models for one deployment, and pauses them together, where nothing in their settings differs.
  const apart = { rpm: 1_000 };
  const { url, key } = front;
  const openai = { model: 'openai/built-in', api_base: `${url}/v1`, api_key: key };
  const azure = { model: 'azure/built-in', api_base: url, api_key: key };
  return [
    { model_name: OPENAI.model, litellm_params: openai },
    { model_name: OPENAI.aside, litellm_params: { ...openai, ...apart } },
    { model_name: AZURE.model, litellm_params: azure },
    { model_name: AZURE.aside, litellm_params: { ...azure, ...apart } },
    { model_name: AZURE_DATED.model, litellm_params: { ...azure, api_version: '2025-04-01-preview' } },
  ];
}

export const python = (...lines: readonly string[]): string => `\`\`\`python\n${lines.join('\n')}\n\`\`\``;

/** A run as the panel begins it. */
export function runRequest(input: string, more: Partial<RunRequest> & Pick<RunRequest, 'model'>): RunRequest {
  return { input, containerId: undefined, previousResponseId: undefined, stream: true, ...more };
}

/**
 * The state that a run, or what was resumed of it, comes to.
 *
 * @param seen is told each event
 */
export async function stateOf(
  batches: AsyncIterable<readonly RunEvent[]>,
  seen: (event: RunEvent, state: RunState) => void = () => {},
  from = initialRun,
): Promise<RunState> {
  let state = from;
  for await (const batch of batches) {
    for (const event of batch) {
      state = reduceRun(state, event, Date.now());
      seen(event, state);
    }
  }
  return state;
}

/** A run to its end. */
export function ran(client: GatewayClient, request: RunRequest): Promise<RunState> {
  return stateOf(client.run(request, new AbortController().signal));
}

export function stepIn(state: RunState): CodeStep {
  const step = state.items.find((item) => item.kind === 'code');
  assert.ok(step?.kind === 'code', JSON.stringify(state));
  return step;
}

export function containerIn(state: RunState): string {
  const { containerId } = stepIn(state);
  assert.match(containerId ?? '', /^cntr_[0-9a-f]{40}$/, 'the native id');
  return containerId ?? '';
}

export function logsIn(state: RunState): string {
  const outputs = stepIn(state).outputs ?? [];
  return outputs.map((output) => (output.type === 'logs' ? output.logs : '')).join('');
}

/** Checks an error's kind, its HTTP status and words of the server that it carries. */
export function refused(kind: ErrorKind, status: number, words: RegExp) {
  return (error: unknown): true => {
    assert.ok(error instanceof GatewayError, String(error));
    assert.deepEqual([error.kind, error.status], [kind, status], error.detail);
    assert.match(error.detail ?? '', words);
    return true;
  };
}
