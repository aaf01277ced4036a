import { memoryUsage } from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { builtInAgent } from '../../src/local/builtIn/builtIn.ts';
import { startGateway } from '../../src/local/gateway.ts';
import { fakePythons } from './fakePython.ts';
import { KEY } from './testGateway.ts';

/**
 * A gateway in a process of its own, to be forked: its memory is its own then. It sends its address, and how many
 * bytes it holds after a clean-up whenever it gets a message. Ends with its parent.
 */
const gateway = await startGateway({
  port: 0,
  key: KEY,
  agents: [builtInAgent(0)],
  startPython: fakePythons().start,
  log: () => {},
});
process.on('message', async () => {
  for (let round = 0; round < 3; round++) {
    globalThis.gc?.();
    await wait(50);
  }
  process.send?.(memoryUsage().rss);
});
process.on('disconnect', () => process.exit());
process.send?.(gateway.url);
