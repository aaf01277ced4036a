import { after, before, describe } from 'node:test';
import { builtInAgent } from '../../src/local/builtIn/builtIn.ts';
import { startGateway } from '../../src/local/gateway.ts';
import { startPython } from '../../src/local/interpreter.ts';
import { clientJob } from '../support/clientJob.ts';
import { sandboxParts } from '../support/sandboxParts.ts';

describe('our client at the local gateway', () => {
  let gateway: Awaited<ReturnType<typeof startGateway>>;
  const key = 'key-of-the-client-tests';
  before(async () => {
    const parts = await sandboxParts();
    gateway = await startGateway({
      port: 0,
      key,
      agents: [builtInAgent(0)],
      startPython: () => startPython(parts),
      log: () => {},
    });
  });
  after(() => gateway?.close());

  clientJob(() => ({ url: gateway.url, key }));
});
