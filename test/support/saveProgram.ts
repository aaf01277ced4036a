import { readdir } from 'node:fs/promises';
import { GatewayClient } from '../../src/gateway/client.ts';
import { saveContent } from '../../src/gateway/files/download.ts';
import { SaveError } from '../../src/gateway/files/saveError.ts';
import { Transport } from '../../src/gateway/network/transport.ts';

/**
 * Saves a file from a gateway into a folder, in a process of its own: its memory is that of saving alone, and its
 * folder may be a disk that only it sees. Prints what was saved, or the reason why not and
 * what is left in the folder, and its peak memory in MB.
 */
const [url = '', folder = ''] = process.argv.slice(2);
const transport = new Transport(() => ({ proxy: '', noProxy: [], strictTls: true, env: {} }));
const client = new GatewayClient({ baseUrl: url, key: 'test-key-0123456789abcdef' }, transport);
const file = { containerId: 'c', fileId: 'cfile_1', filename: 'big.bin' };

let outcome: object;
try {
  const { bytes, sha256 } = await saveContent(await client.fileContent(file), {
    folder,
    name: 'big.bin',
    replace: false,
  });
  outcome = { bytes, sha256 };
} catch (error) {
  if (!(error instanceof SaveError)) throw error;
  outcome = { reason: error.reason, left: await readdir(folder) };
}
await transport.close();
process.stdout.write(JSON.stringify({ ...outcome, peak: (process.resourceUsage().maxRSS * 1024) / 1e6 }));
