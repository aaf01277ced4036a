import { after, before, describe } from 'node:test';
import { clientJob } from '../support/clientJob.ts';
import { type Litellm, startLitellm } from '../support/litellm.ts';
import { type LocalGatewayProgram, startLocalGateway } from '../support/localGateway.ts';
import { litellmMissing, vsixFile } from '../support/tools.ts';

describe('our client through the real LiteLLM proxy', { skip: litellmMissing() }, () => {
  let upstream: LocalGatewayProgram;
  let litellm: Litellm;
  before(async () => {
    // The gateway is run from the built bundle.
    vsixFile();
    upstream = await startLocalGateway();
    litellm = await startLitellm(upstream);
  });
  after(async () => {
    await litellm?.close();
    await upstream?.close();
  });

  clientJob(() => litellm);
});
