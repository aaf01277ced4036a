import { argv, stdout } from 'node:process';
import { GatewayClient } from '../../src/gateway/client.ts';
import { saveContent } from '../../src/gateway/files/download.ts';
import { Transport } from '../../src/gateway/network/transport.ts';
import { timed } from './bench.ts';

/* Saves a file in a process of its own, after a smaller one: what is loaded and compiled once does not count. Prints ms, and MB of memory beyond those before. */

const [baseUrl = '', folder = '', first = '', big = ''] = argv.slice(2);
const transport = new Transport(() => ({ proxy: '', noProxy: [], strictTls: true, env: {} }));
const gateway = new GatewayClient({ baseUrl, key: undefined }, transport);

async function save(fileId: string): Promise<void> {
  const content = await gateway.fileContent({ containerId: 'cntr_1', fileId, filename: 'big.bin' });
  await saveContent(content, { folder, name: 'big.bin', replace: true });
}

await save(first);
const before = process.memoryUsage.rss();
let most = before;
const watch = setInterval(() => {
  most = Math.max(most, process.memoryUsage.rss());
}, 50);
const ms = await timed(() => save(big));
clearInterval(watch);
await transport.close();
stdout.write(JSON.stringify({ ms, growth: (most - before) / 1e6 }));
