import { after, before, describe } from 'node:test';
import { KEY, type TestGateway } from '../local/testGateway.ts';
import { clientsGateway, clientsTarget } from '../support/clientsGateway.ts';
import { ASIDE, type ClientsTarget } from '../support/clientsTarget.ts';
import { curlJob, curlMissing } from '../support/curlJob.ts';
import { type Litellm, startLitellm } from '../support/litellm.ts';
import { litellmSdkJob } from '../support/litellmSdkJob.ts';
import { openaiNpmJob } from '../support/openaiNpmJob.ts';
import { openaiPythonJob } from '../support/openaiPythonJob.ts';
import { litellmMissing } from '../support/tools.ts';

let upstream: TestGateway;
let litellm: Litellm;
let target: ClientsTarget;
const missing = litellmMissing();
before(async () => {
  if (missing) return;
  upstream = await clientsGateway();
  const models = ['built-in', ...Object.values(ASIDE)];
  litellm = await startLitellm({ url: upstream.url, key: KEY }, models);
  target = await clientsTarget(upstream, litellm, models);
});
after(async () => {
  await litellm?.close();
  await upstream?.[Symbol.asyncDispose]();
});

describe('openai of PyPI through the real LiteLLM proxy', { skip: missing }, () => {
  openaiPythonJob(() => target, 'through LiteLLM');
});

describe("LiteLLM's SDK through the real LiteLLM proxy", { skip: missing }, () => {
  litellmSdkJob(() => target, 'through LiteLLM');
});

describe('openai of npm through the real LiteLLM proxy', { skip: missing }, () => {
  openaiNpmJob(() => target, 'through LiteLLM');
});

describe('curl through the real LiteLLM proxy', { skip: missing || curlMissing() }, () => {
  curlJob(() => target, 'through LiteLLM');
});
