import { after, before, describe } from 'node:test';
import type { TestGateway } from '../local/testGateway.ts';
import { clientsGateway, clientsTarget } from '../support/clientsGateway.ts';
import type { ClientsTarget } from '../support/clientsTarget.ts';
import { curlJob, curlMissing } from '../support/curlJob.ts';
import { litellmSdkJob } from '../support/litellmSdkJob.ts';
import { openaiNpmJob } from '../support/openaiNpmJob.ts';
import { openaiPythonJob } from '../support/openaiPythonJob.ts';
import { litellmMissing } from '../support/tools.ts';

let upstream: TestGateway;
let target: ClientsTarget;
const missing = litellmMissing();
before(async () => {
  upstream = await clientsGateway();
  target = await clientsTarget(upstream);
});
after(async () => {
  await upstream?.[Symbol.asyncDispose]();
});

describe('openai of PyPI straight at the local gateway', { skip: missing }, () => {
  openaiPythonJob(() => target, 'straight');
});

describe("LiteLLM's SDK straight at the local gateway", { skip: missing }, () => {
  litellmSdkJob(() => target, 'straight');
});

describe('openai of npm straight at the local gateway', () => {
  openaiNpmJob(() => target, 'straight');
});

describe('curl straight at the local gateway', { skip: curlMissing() }, () => {
  curlJob(() => target, 'straight');
});
