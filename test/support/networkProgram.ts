import { GatewayError } from '../../src/core/errors.ts';
import type { NetworkSettings } from '../../src/gateway/network/network.ts';
import { NetworkUnderTest } from './networkUnderTest.ts';

/* Sends one request in a process of its own, whose environment decides what Node trusts. Prints status or kind. */

const [url = '', settings = '{}'] = process.argv.slice(2);
await using network = new NetworkUnderTest(JSON.parse(settings) as Partial<NetworkSettings>);
const outcome = await network.get(url).then(
  ({ status }) => String(status),
  (error: unknown) => (error instanceof GatewayError ? error.kind : String(error)),
);
process.stdout.write(outcome);
